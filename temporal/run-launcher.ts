// Owns telling Temporal about runs: start, cancel, hand over the lease. The run's row is written before, by others.
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import {
  handOffSignalName,
  type SyncRunInput,
  taskQueue as ourQueue,
  workflowNames,
  workflowTaskTimeoutMs,
} from '../workflows/messages';
import { queuedRunAttributes } from './run-attributes';
import { isClosed } from './run-state';
import { type ShownRun, staticDetailsOf, staticSummaryOf } from './static-details';

/** A run whose row is committed. */
export interface LaunchedRun extends ShownRun {
  readonly workspaceId: string;
  readonly workflowId: string;
  /** One line for the Temporal Web UI: `Users → CRM (api)`. */
  readonly summary: string;
}

/** What became of a cancel: Temporal has it, knows no such workflow, or the workflow had already closed. */
export type CancelAnswer = 'asked' | 'not_found' | 'closed';

/** Starts, cancels and hands over runs; each twice is the same as once. Throws when Temporal is away. */
export interface RunLauncher {
  start(run: LaunchedRun): Promise<void>;
  /** Asks the workflow to cancel, whichever of its executions is the present one. Does not wait for its end. */
  cancel(workflowId: string): Promise<CancelAnswer>;
  /** Tells a queued run that it holds its sync's lease; false when its workflow is not there any more. */
  handOff(workflowId: string): Promise<boolean>;
}

// Five seconds: a call takes 20 ms; a caller should not wait for an outage, what he asked is in Postgres anyway.
const deadlineMs = 5_000;

/** A launcher over Temporal; nothing is connected until the first call. */
export function temporalRunLauncher(client: Client, taskQueue = ourQueue): RunLauncher {
  const inTime = <Result>(call: () => Promise<Result>): Promise<Result> =>
    client.withDeadline(Date.now() + deadlineMs, call);

  return {
    async start(run) {
      try {
        await inTime(() => startWorkflow(client, taskQueue, run));
      } catch (error) {
        // Somebody else was faster: the run has its workflow, which is all that was wanted.
        if (error instanceof WorkflowExecutionAlreadyStartedError) return;
        throw error;
      }
    },

    async cancel(workflowId) {
      // No execution's id: continue-as-new and a reset go on under a new one.
      const handle = client.workflow.getHandle(workflowId);
      const look = (): Promise<WorkflowExecutionDescription | null> =>
        inTime(() => unlessGone(handle.describe()));
      // Looked at first: Temporal takes the cancel of a closed workflow without a word, and does nothing.
      const found = await look();
      if (!found) return 'not_found';
      if (isClosed(found.status.name)) return 'closed';
      if (!(await inTime(() => unlessGone(handle.cancel())))) return 'not_found';
      // And again: it may have closed in between. Whether it was asked before it closed, Temporal remembers.
      // A cancel that was taken stays asked, whatever becomes of the question after it.
      const now = await look().catch(() => found);
      if (!now) return 'not_found';
      const isTooLate = isClosed(now.status.name) && !now.raw.workflowExtendedInfo?.cancelRequested;
      return isTooLate ? 'closed' : 'asked';
    },

    async handOff(workflowId) {
      const handle = client.workflow.getHandle(workflowId);
      const told = await inTime(() => unlessGone(handle.signal(handOffSignalName).then(() => true)));
      return told ?? false;
    },
  };
}

async function startWorkflow(client: Client, taskQueue: string, run: LaunchedRun): Promise<void> {
  const { workspaceId, syncId, runId, workflowId, trigger, kind } = run;
  const input: SyncRunInput = { workspaceId, syncId, runId, trigger, kind };
  await client.workflow.start(workflowNames.syncRun, {
    taskQueue,
    workflowId,
    args: [input],
    workflowTaskTimeout: workflowTaskTimeoutMs,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
    // A conflict policy alone would restart an id whose workflow has closed.
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    staticSummary: staticSummaryOf(run.summary),
    staticDetails: staticDetailsOf(run),
    typedSearchAttributes: queuedRunAttributes(run),
  });
}

/** The call's answer; null when the workflow is not there (any more). */
async function unlessGone<Answer>(call: Promise<Answer>): Promise<Answer | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
