// Owns ending workflows that go on though their run has ended, or is not there. Closes no run.
import { noteReconciled } from '../../db/runs/reconcile/reconcile-acts';
import { type Overdue, overdueWorkflows } from '../../db/runs/reconcile/reconcile-ended';
import type { RunReconcilerDeps } from './reconcile-run';

export interface SweepLimits {
  /** A workflow may go on so long after its run has ended, milliseconds. */
  readonly graceMs: number;
  /** A workflow that a cancel has not ended by then is terminated. */
  readonly terminateMs: number;
}

const sweepLimits: SweepLimits = {
  graceMs: 60_000, // the last signal and the workflow's own end follow the close within milliseconds
  terminateMs: 600_000, // ten minutes: a worker that could obey has done so; the record stands whatever happens
};

/** What was done about one workflow. */
export interface EndedWorkflow {
  readonly workflowId: string;
  readonly act: 'cancel' | 'terminate';
}

/** Compares the workflows that Temporal has open with Postgres; throws the first trouble once all were tried. */
export async function reconcileOpenWorkflows(
  deps: Pick<RunReconcilerDeps, 'knex' | 'launcher' | 'states'>,
  limits: SweepLimits = sweepLimits,
): Promise<EndedWorkflow[]> {
  const overdue = await overdueWorkflows(deps.knex, await deps.states.open(), limits.graceMs);
  const ended: EndedWorkflow[] = [];
  const troubles: unknown[] = [];
  for (const workflow of overdue) {
    try {
      const act = await endWorkflow(deps, workflow, limits);
      if (act) ended.push({ workflowId: workflow.workflowId, act });
    } catch (error) {
      troubles.push(error);
    }
  }
  if (troubles.length > 0) throw troubles[0];
  return ended;
}

async function endWorkflow(
  { knex, launcher, states }: Pick<RunReconcilerDeps, 'knex' | 'launcher' | 'states'>,
  { workflowId, runId, forMs }: Overdue,
  { terminateMs }: SweepLimits,
): Promise<EndedWorkflow['act'] | null> {
  const found = runId === null ? 'open_without_run' : 'open_after_end';
  const look = await states.look(workflowId);
  if (look.state !== 'open') return null;
  if (!look.cancelRequested) {
    if ((await launcher.cancel(workflowId)) !== 'asked') return null;
    if (runId !== null) await noteReconciled(knex, runId, { found, did: 'cancel' });
    return 'cancel';
  }
  if (forMs < terminateMs) return null;
  const reason = runId === null ? 'no such run' : 'the run has ended, and a cancel did not end its workflow';
  if (!(await states.terminate(workflowId, reason))) return null;
  if (runId !== null) await noteReconciled(knex, runId, { found, did: 'terminate' });
  return 'terminate';
}
