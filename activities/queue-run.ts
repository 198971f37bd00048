// Owns the activity that gives a run its row (when a schedule started it) and its place in the queue.
import { Context } from '@temporalio/activity';
import { claimRun, enqueueRun } from '../db/runs/run-queue';
import type { RunKind, RunTrigger } from '../domain/run';
import { inAttempt } from './attempt';
import type { ActivityDeps } from './deps';

export interface QueueRunInput {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly runId?: string;
  readonly trigger: RunTrigger;
  readonly kind: RunKind;
  readonly firstExecutionRunId: string;
}

export interface QueuedRun {
  readonly runId: string;
  /** Whether the run holds its sync's lease; else it waits for the hand-off signal. */
  readonly admitted: boolean;
  /** The run has ended already: another execution or an operator closed it. */
  readonly closed: boolean;
}

export function queueRunActivity(deps: ActivityDeps) {
  return (input: QueueRunInput): Promise<QueuedRun> =>
    inAttempt(async () => {
      const { workflowId } = Context.current().info.workflowExecution ?? {};
      if (!workflowId) throw new Error('queue-run runs only inside a workflow');
      const runId = input.runId ?? (await enqueue(deps, input, workflowId));
      return { runId, ...(await claimRun(deps.knex, runId, input.firstExecutionRunId)) };
      // Given up, the run's row would stay in the queue with nobody to close it.
    }, 'for_ever');
}

async function enqueue(deps: ActivityDeps, input: QueueRunInput, workflowId: string): Promise<string> {
  const { workspaceId, syncId, trigger, kind } = input;
  const queued = await enqueueRun(deps.knex, {
    workspaceId,
    syncId,
    trigger,
    kind,
    triggeredBy: null,
    note: null,
    allowDeletes: false,
    workflowId,
  });
  return queued.runId;
}
