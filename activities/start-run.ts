// Owns the activity that moves a run from queued to running.
import { startRun, type StartedRun } from '../db/runs/start-run';
import { inAttempt } from './attempt';
import type { ActivityDeps } from './deps';

export function startRunActivity(deps: ActivityDeps) {
  return ({ runId }: { readonly runId: string }): Promise<StartedRun> =>
    inAttempt(() => startRun(deps.knex, runId));
}
