// Owns the activity that gives a run its row (when a schedule started it) and its place in the queue.
import { Context } from '@temporalio/activity';
import { enqueueSlot } from '../db/runs/enqueue-slot';
import { type ClaimedRun, claimRun } from '../db/runs/run-queue';
import { writeEventOfRun } from '../db/runs/run-events';
import type { SkippedSlot } from '../domain/slot';
import { executionRunId, inAttempt } from './attempt/attempt';
import type { ActivityDeps } from './deps';

export interface QueueRunInput {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly runId?: string;
  readonly firstExecutionRunId: string;
  /** The nominal time of the slot, milliseconds since 1970; null when no schedule started the workflow. */
  readonly slotAtMs: number | null;
}

export interface QueuedRun extends ClaimedRun {
  readonly runId: string;
}

export function queueRunActivity(deps: ActivityDeps) {
  return (input: QueueRunInput): Promise<QueuedRun | SkippedSlot> =>
    inAttempt(deps, { tries: 'for_ever' }, async () => {
      const queued = input.runId === undefined ? await enqueue(deps, input) : { runId: input.runId };
      if ('skipped' in queued) return queued;
      const { runId } = queued;
      const execution = { runId: executionRunId(), firstRunId: input.firstExecutionRunId };
      const claimed = await claimRun(deps.knex, runId, execution);
      if (claimed.closed) await writeEventOfRun(deps.knex, runId, 'run_already_closed');
      return { runId, ...claimed };
      // Given up, the run's row would stay in the queue with nobody to close it: hence for ever.
    });
}

/** A workflow without a run is a schedule's slot. */
function enqueue(deps: ActivityDeps, input: QueueRunInput): Promise<{ runId: string } | SkippedSlot> {
  const { workspaceId, syncId, slotAtMs } = input;
  const { workflowId } = Context.current().info.workflowExecution ?? {};
  if (!workflowId) throw new Error('queue-run runs only inside a workflow');
  return enqueueSlot(deps.knex, {
    workspaceId,
    syncId,
    workflowId,
    slotAt: slotAtMs === null ? null : new Date(slotAtMs),
  });
}
