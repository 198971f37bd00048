// Owns what Temporal says of runs: whether a workflow is open, how it closed, which ones are open. Changes nothing.
import {
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { taskQueue as ourQueue, workflowNames } from '../workflows/messages';

/** How a workflow can have ended. */
const closedStatuses = ['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT'] as const;
export type ClosedStatus = (typeof closedStatuses)[number];

/** An activity that an operator has paused and that no worker is at. */
export interface PausedActivity {
  readonly activity: string;
  /** When it was paused; tells one pause from the next. */
  readonly pausedAt: Date;
  /** The operator's own words. */
  readonly note: string | null;
}

/** A workflow that goes on. */
export interface OpenLook {
  readonly state: 'open';
  /** Whether Temporal has been asked to cancel it. A reset may drop that. */
  readonly cancelRequested: boolean;
  /** Whether it waits and nothing is on its way to it: no activity, no workflow task. */
  readonly isIdle: boolean;
  readonly paused: readonly PausedActivity[];
}

/** A workflow that has ended; `because` is what Temporal knows of why, null when it says nothing. */
export interface ClosedLook {
  readonly state: 'closed';
  readonly status: ClosedStatus;
  readonly because: string | null;
}

export type WorkflowLook = OpenLook | ClosedLook | { readonly state: 'not_found' };

/** An open workflow as Temporal lists it; the list may lag behind by a second or two. */
export interface OpenWorkflow {
  readonly workflowId: string;
  readonly startedAt: Date;
}

/** An execution that has ended; a workflow has several when it was reset. */
export interface ClosedExecution {
  readonly workflowId: string;
  /** Temporal's id of the execution. */
  readonly executionRunId: string;
  readonly startedAt: Date;
}

/** Looks at the workflows of runs. Throws when Temporal is away. */
export interface RunStates {
  /** The present execution of the workflow, whichever a reset or continue-as-new has made. */
  look(workflowId: string): Promise<WorkflowLook>;
  /** All open workflows of runs on our queue. */
  open(): Promise<OpenWorkflow[]>;
  /** All executions of runs on our queue that have ended since. */
  closedSince(time: Date): Promise<ClosedExecution[]>;
  /** Ends a workflow that a cancel does not end; nothing of it runs any more. False when it is not open. */
  terminate(workflowId: string, reason: string): Promise<boolean>;
}

// Five seconds: a look takes 5 ms; a round must not hang on an outage, the next one asks again.
const lookDeadlineMs = 5_000;
// A page of a thousand takes 50 ms: twenty seconds list hundreds of thousands.
const listDeadlineMs = 20_000;
const listPage = 1_000;

/** Over Temporal; nothing is connected until the first call. */
export function temporalRunStates(client: Client, taskQueue = ourQueue): RunStates {
  const inTime = <Result>(call: () => Promise<Result>): Promise<Result> =>
    client.withDeadline(Date.now() + lookDeadlineMs, call);
  const list = <Shown>(which: string, shown: (info: WorkflowExecutionInfo) => Shown): Promise<Shown[]> => {
    const query = `${which} AND WorkflowType='${workflowNames.syncRun}' AND TaskQueue='${taskQueue}'`;
    return client.withDeadline(Date.now() + listDeadlineMs, async () => {
      const found: Shown[] = [];
      for await (const info of client.workflow.list({ query, pageSize: listPage })) found.push(shown(info));
      return found;
    });
  };
  return {
    async look(workflowId) {
      try {
        const found = await inTime(() => client.workflow.getHandle(workflowId).describe());
        if (!isClosed(found.status.name)) return openLook(found);
        const because = await inTime(() => whyClosed(client, workflowId, found.runId));
        return { state: 'closed', status: found.status.name, because };
      } catch (error) {
        // A namespace that is not there (yet) is another error, and no word on the workflow.
        if (error instanceof WorkflowNotFoundError) return { state: 'not_found' };
        throw error;
      }
    },
    async open() {
      return list(`ExecutionStatus='Running'`, ({ workflowId, startTime }) => ({
        workflowId,
        startedAt: startTime,
      }));
    },
    async closedSince(time) {
      return list(`CloseTime > '${time.toISOString()}'`, ({ workflowId, runId, startTime }) => ({
        workflowId,
        executionRunId: runId,
        startedAt: startTime,
      }));
    },
    async terminate(workflowId, reason) {
      try {
        await inTime(() => client.workflow.getHandle(workflowId).terminate(reason));
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
  };
}

/** Everything else is open: running, paused as a whole, or between two executions. */
export function isClosed(status: string): status is ClosedStatus {
  return closedStatuses.some((closed) => closed === status);
}

// temporal.api.enums.v1.PendingActivityState: paused, and no worker at it. One that is tells of the pause itself.
const stateOfPaused = 4;

function openLook({ raw }: WorkflowExecutionDescription): OpenLook {
  const pending = raw.pendingActivities ?? [];
  return {
    state: 'open',
    cancelRequested: raw.workflowExtendedInfo?.cancelRequested ?? false,
    isIdle: pending.length === 0 && !raw.pendingWorkflowTask,
    paused: pending.flatMap((activity) =>
      Number(activity.state) === stateOfPaused
        ? [
            {
              activity: activity.activityType?.name ?? 'unknown',
              pausedAt: dateOf(activity.pauseInfo?.pauseTime),
              note: activity.pauseInfo?.manual?.reason || null,
            },
          ]
        : [],
    ),
  };
}

/** The close event in words: an operator's reason, a failure's message. */
async function whyClosed(client: Client, workflowId: string, runId: string): Promise<string | null> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const last = history?.events?.[0];
  const terminated = last?.workflowExecutionTerminatedEventAttributes;
  if (terminated) return [terminated.identity, terminated.reason].filter(Boolean).join(': ') || null;
  return last?.workflowExecutionFailedEventAttributes?.failure?.message || null;
}

type Time = NonNullable<
  NonNullable<
    NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number]['pauseInfo']
  >['pauseTime']
>;

function dateOf(time: Time | null | undefined): Date {
  // Milliseconds are exact enough to tell two pauses apart.
  return new Date((time?.seconds?.toNumber() ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1_000_000));
}
