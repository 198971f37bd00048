// Owns the comparison of two books: runs in Postgres, workflows in Temporal. Each run has one workflow, and no more.
import type { ChaosPlace } from '../place/chaos-place';
import { waitFor } from '../place/wait-for';

/** Runs and workflows that do not fit each other. */
export interface Misfits {
  readonly runs: number;
  readonly open: number;
  /** Runs that no workflow serves. */
  readonly orphanRuns: number;
  /** Workflows that no run knows. */
  readonly orphanWorkflows: number;
  /** Runs with more than one execution, or started more than once. */
  readonly startedTwice: number;
}

interface RunOfBooks {
  workflow_id: string;
  sync_id: string;
  open: boolean;
  starts: number;
}

// Visibility is written a moment after the fact.
const settleMs = 15_000;

/** Compares what there is of these syncs, once Temporal lists as many workflows as there are runs. */
export async function misfits(
  place: ChaosPlace,
  syncs: readonly { readonly id: string }[],
): Promise<Misfits> {
  const client = await place.temporalClient();
  const all = await place.ask<RunOfBooks>(
    `SELECT workflow_id, sync_id, completed_at IS NULL AS open,
       (SELECT count(*)::int FROM run_events e WHERE e.run_id = runs.id AND e.type = 'run_started') AS starts
     FROM runs`,
  );
  const known = new Set(all.map(({ workflow_id }) => workflow_id));
  const runs = all.filter(({ sync_id }) => syncs.some(({ id }) => id === sync_id));
  let executions = new Map<string, Set<string>>();
  await waitFor('the workflows of all runs', settleMs, async () => {
    executions = new Map();
    for await (const { workflowId, runId, type } of client.workflow.list())
      if (type === 'syncRun')
        executions.set(workflowId, (executions.get(workflowId) ?? new Set()).add(runId));
    return executions.size >= all.length ? true : null;
    // Those that are missing then are told one by one.
  }).catch(() => null);
  return {
    runs: runs.length,
    open: runs.filter(({ open }) => open).length,
    orphanRuns: runs.filter(({ workflow_id }) => !executions.has(workflow_id)).length,
    orphanWorkflows: [...executions.keys()].filter((id) => !known.has(id)).length,
    startedTwice: runs.filter(
      ({ workflow_id, starts }) => starts > 1 || (executions.get(workflow_id)?.size ?? 0) > 1,
    ).length,
  };
}

/** The facts every scenario with triggers ends with. */
export function misfitFacts(found: Misfits): { text: string; holds: boolean }[] {
  return [
    { text: `${found.open} of ${found.runs} runs without end`, holds: found.open === 0 },
    {
      text: `${found.orphanRuns} runs without workflow, ${found.orphanWorkflows} workflows without run`,
      holds: found.orphanRuns === 0 && found.orphanWorkflows === 0,
    },
    { text: `${found.startedTwice} started twice`, holds: found.startedTwice === 0 },
  ];
}
