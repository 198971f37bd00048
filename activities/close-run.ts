// Owns the activity that ends a run; the database function does the work, whoever calls it.
import { type ClosedRun, closeRun, type RunEnding } from '../db/runs/close-run';
import { inAttempt } from './attempt';
import type { ActivityDeps } from './deps';

export interface CloseRunInput extends RunEnding {
  readonly runId: string;
}

export function closeRunActivity(deps: ActivityDeps) {
  return ({ runId, kind, failure }: CloseRunInput): Promise<ClosedRun> =>
    inAttempt(() => closeRun(deps.knex, runId, { kind, failure }));
}
