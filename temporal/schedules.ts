// Owns a sync's schedule in Temporal: putting it there whole, looking at it, removing it. Decides nothing.
import {
  type Client,
  isGrpcServiceError,
  type ScheduleOptions,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import {
  type AppliedSchedule,
  type ScheduleDefinition,
  type ScheduleParts,
  schedulePrefix,
} from '../domain/schedule';
import { type SyncRunInput, taskQueue as ourQueue, workflowNames } from '../workflows/messages';
import { queuedRunAttributes } from './run-attributes';
import { scheduleSpecOf } from './schedule-spec';
import { staticSummaryOf } from './static-details';

/** A workflow that a schedule started. */
export interface StartedSlot {
  /** `sync/<sync id>-<nominal time>`. */
  readonly workflowId: string;
  /** When Temporal started it. */
  readonly takenAt: Date;
}

/** A schedule as Temporal has it now. */
export interface ScheduleLook {
  readonly parts: ScheduleParts;
  /** Null: it fires. */
  readonly paused: { readonly note: string } | null;
  /** The next times it would fire at if it is not paused, jitter included. */
  readonly next: readonly Date[];
  /** The last few, oldest first. */
  readonly recent: readonly StartedSlot[];
  /** Slots it came to too late, since it was made. */
  readonly missed: number;
}

export interface ListedSchedule {
  readonly syncId: string;
  readonly workspaceId: string;
}

/** The schedules in Temporal. Everything throws when Temporal is away. */
export interface Schedules {
  /** Makes the schedule what the definition says, wholly, whatever it was before. */
  apply(definition: ScheduleDefinition): Promise<AppliedSchedule>;
  /** Null: there is none. */
  look(syncId: string): Promise<ScheduleLook | null>;
  /** Removing what is not there is no error. */
  remove(syncId: string): Promise<void>;
  /** All of them, a page at a time; a change of the last seconds may be missing. */
  list(): AsyncIterable<readonly ListedSchedule[]>;
  /** What Temporal says of a workflow: `RUNNING`, `CANCELLED` …, or null when it does not know it. */
  slotStatus(workflowId: string): Promise<string | null>;
}

/** The schedule's id in Temporal; its workflows are named after it, with the slot's time behind. */
export function scheduleIdOf(syncId: string): string {
  return `${schedulePrefix}${syncId}`;
}

/** The nominal time in the id of a slot's workflow; null when it has none. */
export function slotTimeOf(workflowId: string): Date | null {
  const time = /-(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/.exec(workflowId)?.[1];
  return time ? new Date(time) : null;
}

// Five seconds a call: each takes 20 ms, and whoever waits may hold the schedule's row.
const deadlineMs = 5_000;
// Now and then the server lets one look hang for 5 s, right after a change; asked once more, it answers.
const lookDeadlineMs = 3_000;
const looks = 3;
// As many as one answer may carry; 2,000 schedules are two answers.
const pageSize = 1_000;
const notFoundCode = 5;
const deadlineExceededCode = 4;

/** Schedules over Temporal; nothing is connected until the first call. */
export function temporalSchedules(client: Client, taskQueue = ourQueue): Schedules {
  const inTime = <Result>(call: () => Promise<Result>): Promise<Result> =>
    client.withDeadline(Date.now() + deadlineMs, call);

  async function look(syncId: string): Promise<ScheduleLook | null> {
    const raw = await unlessMissing(describe(client, syncId));
    if (!raw?.schedule) return null;
    const { schedule, info } = raw;
    // The header alone is left out: an update keeps whatever is there.
    const { header: _, ...action } = { ...plain(schedule.action?.startWorkflow) };
    const { limitedActions = false, remainingActions = '0', paused, notes } = { ...plain(schedule.state) };
    return {
      parts: {
        spec: plain(schedule.spec),
        policies: plain(schedule.policies),
        action,
        limits: { limitedActions, remainingActions },
      },
      paused: paused ? { note: typeof notes === 'string' ? notes : '' } : null,
      next: (info?.futureActionTimes ?? []).map(dateOf),
      recent: (info?.recentActions ?? []).flatMap(({ actualTime, startWorkflowResult }) =>
        startWorkflowResult?.workflowId && actualTime
          ? [{ workflowId: startWorkflowResult.workflowId, takenAt: dateOf(actualTime) }]
          : [],
      ),
      missed: Number(info?.missedCatchupWindow ?? 0),
    };
  }

  return {
    look,

    async apply(definition) {
      const created = await inTime(() => put(client, definition, taskQueue));
      const found = await look(definition.syncId);
      if (!found) throw new Error(`the schedule of ${definition.syncId} is gone again`);
      return { parts: found.parts, created };
    },

    async remove(syncId) {
      await inTime(() => unlessMissing(client.schedule.getHandle(scheduleIdOf(syncId)).delete()));
    },

    async *list() {
      let nextPageToken: Uint8Array | undefined;
      do {
        const page = await inTime(() =>
          // Raw, as the SDK refuses to read a whole page in which one schedule was edited into nonsense.
          client.workflowService.listSchedules({
            namespace: client.options.namespace,
            maximumPageSize: pageSize,
            ...(nextPageToken ? { nextPageToken } : {}),
          }),
        );
        yield page.schedules.flatMap(({ scheduleId, memo }) => {
          const workspaceId = textIn(memo?.fields?.['workspaceId']?.data);
          if (!scheduleId?.startsWith(schedulePrefix) || workspaceId === null) return [];
          return [{ syncId: scheduleId.slice(schedulePrefix.length), workspaceId }];
        });
        nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
      } while (nextPageToken);
    },

    async slotStatus(workflowId) {
      try {
        const { status } = await inTime(() => client.workflow.getHandle(workflowId).describe());
        return status.name;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    },
  };
}

// Raw, as the SDK refuses to read what was edited into something it does not know.
async function describe(client: Client, syncId: string) {
  for (let look = 1; ; look += 1) {
    try {
      return await client.withDeadline(Date.now() + lookDeadlineMs, () =>
        client.workflowService.describeSchedule({
          namespace: client.options.namespace,
          scheduleId: scheduleIdOf(syncId),
        }),
      );
    } catch (error) {
      const isLate = isGrpcServiceError(error) && (error.code as number) === deadlineExceededCode;
      if (!isLate || look === looks) throw error;
    }
  }
}

/** Makes or overwrites the schedule; returns whether it was made. */
async function put(client: Client, definition: ScheduleDefinition, taskQueue: string): Promise<boolean> {
  const options = optionsOf(definition, taskQueue);
  const handle = client.schedule.getHandle(options.scheduleId);
  try {
    await handle.update(() => options);
    return false;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning || isGrpcServiceError(causeOf(error))) throw error;
    // Edited into something the SDK cannot read, it can only be made anew.
    if (!(error instanceof ScheduleNotFoundError)) await unlessMissing(handle.delete());
  }
  await client.schedule.create(options);
  return true;
}

function optionsOf(definition: ScheduleDefinition, taskQueue: string) {
  const { workspaceId, syncId, schedule, paused, summary } = definition;
  const input: SyncRunInput = { workspaceId, syncId, trigger: 'schedule', kind: 'normal' };
  const scheduleId = scheduleIdOf(syncId);
  return {
    scheduleId,
    spec: scheduleSpecOf(schedule),
    action: {
      type: 'startWorkflow',
      workflowType: workflowNames.syncRun,
      workflowId: scheduleId,
      taskQueue,
      args: [input],
      staticSummary: staticSummaryOf(summary),
      typedSearchAttributes: queuedRunAttributes(input),
    },
    policies: {
      // Every slot starts its workflow, and our queue decides: what Temporal buffers nobody can see or cancel.
      overlap: ScheduleOverlapPolicy.ALLOW_ALL,
      catchupWindow: schedule.catchUpSeconds * 1_000,
    },
    memo: { workspaceId },
    state: paused ? { paused: true, note: paused.note } : { paused: false },
  } satisfies ScheduleOptions;
}

/** Null when Temporal knows no such schedule. */
async function unlessMissing<Answer>(call: Promise<Answer>): Promise<Answer | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    if (isGrpcServiceError(error) && (error.code as number) === notFoundCode) return null;
    throw error;
  }
}

function causeOf(error: unknown): unknown {
  return isGrpcServiceError(error) ? error : (error as Error).cause;
}

/** A message of the wire as JSON: durations as text, enums as words, payloads in base64. */
function plain(message: object | null | undefined): Record<string, unknown> {
  return (pruned(JSON.parse(JSON.stringify(message ?? {}))) ?? {}) as Record<string, unknown>;
}

// Another client writes an empty message where ours writes none; both mean the same.
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, part]) => [key, pruned(part)] as const)
    .filter(([, part]) => part !== undefined && part !== null);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

function dateOf(time: { seconds?: { toString(): string } | null; nanos?: number | null }): Date {
  return new Date(Number(time.seconds ?? 0) * 1_000 + Math.floor((time.nanos ?? 0) / 1_000_000));
}

function textIn(json: Uint8Array | null | undefined): string | null {
  if (!json) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(json).toString());
    return typeof value === 'string' ? value : null;
  } catch {
    // Somebody else's schedule, encoded in their way.
    return null;
  }
}
