// Owns the activity that moves a run from queued to running, when it is its turn.
import { startRun, type StartedRun } from '../db/runs/start-run';
import { executionRunId, inAttempt } from './attempt/attempt';
import type { ActivityDeps } from './deps';

/** `admitted` false: the run does not hold its sync's lease; somebody signalled it without cause. */
export type RunStart = { readonly admitted: false } | RunAdmitted;
export type RunAdmitted = { readonly admitted: true } & StartedRun;

export interface StartRunInput {
  readonly runId: string;
  /** Temporal's id of the execution this one goes on from, its history having grown too long; null: none. */
  readonly continuedFrom: string | null;
}

export function startRunActivity(deps: ActivityDeps) {
  return ({ runId, continuedFrom }: StartRunInput): Promise<RunStart> =>
    inAttempt(deps, { runId }, async () => {
      const execution = { runId: executionRunId(), continuedFrom };
      const started = await startRun(deps.knex, runId, execution);
      return started ? { admitted: true, ...started } : { admitted: false };
    });
}
