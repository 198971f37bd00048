// Owns a sync's schedule in Temporal: putting it there whole, looking at it, removing it. Decides nothing.
import {
  type Client,
  isGrpcServiceError,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import {
  type AppliedSchedule,
  type FoundSchedule,
  type ScheduleDefinition,
  schedulePrefix,
} from '../domain/schedule';
import {
  type SyncRunInput,
  taskQueue as ourQueue,
  workflowNames,
  workflowTaskTimeoutMs,
} from '../workflows/messages';
import { queuedRunAttributes } from './run-attributes';
import { formField, formMemo, formOf, jsonIn, plain } from './schedule-form';
import { encodedSchedule } from './encoded-schedule';
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
export interface ScheduleLook extends FoundSchedule {
  /** The next times it would fire at if it is not paused, jitter included. */
  readonly next: readonly Date[];
  /** The last few, oldest first. */
  readonly recent: readonly StartedSlot[];
  /** Since when those are all there are; null: ever since it was made. */
  readonly recentFrom: Date | null;
  /** Slots it came to too late, since it was made. */
  readonly missed: number;
}

export interface ListedSchedule {
  readonly syncId: string;
  /** Null: it does not say, as one that was made by hand. */
  readonly workspaceId: string | null;
}

/** The schedules in Temporal. Everything throws when Temporal is away. */
export interface Schedules {
  /** Makes the schedule what the definition says, wholly, if it is as it was found; null: it is not, look again. */
  apply(definition: ScheduleDefinition, found: FoundSchedule | null): Promise<AppliedSchedule | null>;
  /** Null: there is none. */
  look(syncId: string): Promise<ScheduleLook | null>;
  /** Whatever is there goes; false: there was nothing. */
  remove(syncId: string): Promise<boolean>;
  /** All of them, a page at a time; a change of the last seconds may be missing. */
  list(): AsyncIterable<readonly ListedSchedule[]>;
  /** What Temporal says of a workflow: `RUNNING`, `CANCELLED` …, or null when it does not know it. */
  slotStatus(workflowId: string): Promise<string | null>;
  /** The schedule's workflows that were started from `from` on and before `until` and have closed; the last seconds may be missing. */
  closedSlots(syncId: string, from: Date, until: Date): Promise<StartedSlot[]>;
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

// Five seconds a call: each takes 20 ms.
const deadlineMs = 5_000;
// Now and then the server lets one look hang for 5 s, right after a change; asked once more, it answers.
const lookDeadlineMs = 3_000;
const looks = 3;
// As many as one answer may carry; 2,000 schedules are two answers.
const pageSize = 1_000;
// Twenty seconds list hundreds of thousands of workflows, more than a schedule starts in a week.
const listDeadlineMs = 20_000;
// Nobody but the deadline cancels a call of ours: CANCELLED is how a server says so that was busy with it.
const lateCodes = [4, 1];
const notFoundCode = 5;
// Not found, there already, or (of servers that tell) changed since its token: somebody came in between.
const overtakenCodes = [notFoundCode, 6, 9];

/** Schedules over Temporal; nothing is connected until the first call. */
export function temporalSchedules(client: Client, taskQueue = ourQueue): Schedules {
  const inTime = <Result>(call: () => Promise<Result>): Promise<Result> =>
    client.withDeadline(Date.now() + deadlineMs, call);

  async function look(syncId: string): Promise<ScheduleLook | null> {
    const raw = await unlessMissing(describe(client, syncId));
    if (!raw?.schedule) return null;
    const { schedule, info } = raw;
    // The header alone is left out: an update keeps whatever is there.
    const { header: _, memo, ...action } = { ...plain(schedule.action?.startWorkflow) };
    const { form, otherMemo } = formOf(memo);
    const { limitedActions = false, remainingActions = '0', paused, notes } = { ...plain(schedule.state) };
    const note = typeof notes === 'string' ? notes : '';
    const taken = info?.recentActions ?? [];
    const isCut = Number(info?.actionCount ?? 0) > taken.length;
    return {
      parts: {
        spec: plain(schedule.spec),
        policies: plain(schedule.policies),
        action: { ...action, ...otherMemo },
        limits: { limitedActions, remainingActions },
      },
      form,
      paused: paused ? { note } : null,
      note,
      token: Buffer.from(raw.conflictToken).toString('base64'),
      next: (info?.futureActionTimes ?? []).map(dateOf),
      recent: taken.flatMap(({ actualTime, startWorkflowResult }) =>
        startWorkflowResult?.workflowId && actualTime
          ? [{ workflowId: startWorkflowResult.workflowId, takenAt: dateOf(actualTime) }]
          : [],
      ),
      recentFrom: isCut && taken[0]?.actualTime ? dateOf(taken[0].actualTime) : null,
      missed: Number(info?.missedCatchupWindow ?? 0),
    };
  }

  return {
    look,

    async apply(definition, before) {
      if (!(await inTime(() => put(client, definition, before, taskQueue)))) return null;
      // An update by an old token is answered like any other and does nothing: only a look tells.
      const now = await look(definition.syncId);
      if (now?.form?.revision !== definition.revision) return null;
      return { parts: now.parts, created: before === null };
    },

    async remove(syncId) {
      const { namespace, identity } = client.options;
      const scheduleId = scheduleIdOf(syncId);
      const answer = await inTime(() =>
        unlessMissing(client.workflowService.deleteSchedule({ namespace, identity, scheduleId })),
      );
      return answer !== null;
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
          const workspaceId = jsonIn(memo?.fields?.['workspaceId']?.data);
          if (!scheduleId?.startsWith(schedulePrefix)) return [];
          const syncId = scheduleId.slice(schedulePrefix.length);
          return [{ syncId, workspaceId: typeof workspaceId === 'string' ? workspaceId : null }];
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

    async closedSlots(syncId, from, until) {
      const times = `StartTime>='${from.toISOString()}' AND StartTime<'${until.toISOString()}'`;
      const query = `SyncId='${syncId}' AND ${times} AND ExecutionStatus!='Running'`;
      return client.withDeadline(Date.now() + listDeadlineMs, async () => {
        const found: StartedSlot[] = [];
        for await (const { workflowId, startTime } of client.workflow.list({ query, pageSize }))
          if (workflowId.startsWith(`${scheduleIdOf(syncId)}-`))
            found.push({ workflowId, takenAt: startTime });
        return found;
      });
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
      const isLate = isGrpcServiceError(error) && lateCodes.includes(error.code);
      if (!isLate || look === looks) throw error;
    }
  }
}

/** Makes the schedule, or overwrites what was found; false: what is there now is something else. */
async function put(
  client: Client,
  definition: ScheduleDefinition,
  before: FoundSchedule | null,
  taskQueue: string,
): Promise<boolean> {
  const request = await encodedSchedule(client, optionsOf(definition, taskQueue));
  try {
    if (before) {
      const { memo: _, initialPatch: __, ...whole } = request;
      const conflictToken = Buffer.from(before.token, 'base64');
      await client.workflowService.updateSchedule({ ...whole, conflictToken });
    } else {
      await client.workflowService.createSchedule(request);
    }
    return true;
  } catch (error) {
    if (isGrpcServiceError(error) && overtakenCodes.includes(error.code)) return false;
    throw error;
  }
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
      workflowTaskTimeout: workflowTaskTimeoutMs,
      staticSummary: staticSummaryOf(summary),
      typedSearchAttributes: queuedRunAttributes(input),
      memo: { [formField]: formMemo(definition) },
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
    if (isGrpcServiceError(error) && (error.code as number) === notFoundCode) return null;
    throw error;
  }
}

function dateOf(time: { seconds?: { toString(): string } | null; nanos?: number | null }): Date {
  return new Date(Number(time.seconds ?? 0) * 1_000 + Math.floor((time.nanos ?? 0) / 1_000_000));
}
