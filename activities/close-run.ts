// Owns the activity that ends a run: closed in order while that may still work, then in the way that always does.
import { isDatabaseTrouble } from '../db/database-error';
import { type ClosedRun, closeAsInternal, closeRun, type RunEnding } from '../db/runs/close-run';
import { RunNotFoundError } from '../db/runs/lease';
import { inAttempt } from './attempt/attempt';
import type { ActivityDeps } from './deps';

export interface CloseRunInput extends Pick<RunEnding, 'kind' | 'failure'> {
  readonly runId: string;
  /** Temporal's id of the execution this one goes on from, its history having grown too long; null: none. */
  readonly continuedFrom: string | null;
}

// By then some seconds have passed: a mistake that still stands will stand for ever, and the sync's queue must not wait.
const mistakesInOrder = 5;

export function closeRunActivity(deps: ActivityDeps) {
  return ({ runId, kind, failure, continuedFrom }: CloseRunInput): Promise<ClosedRun> =>
    inAttempt(deps, { tries: 'for_ever' }, async (attempt) => {
      try {
        const execution = { runId: attempt.executionRunId, continuedFrom };
        return await closeRun(deps.knex, runId, { kind, failure, execution });
      } catch (error) {
        // A database that is away is waited for, however long.
        if (
          error instanceof RunNotFoundError ||
          isDatabaseTrouble(error) ||
          attempt.mistakes + 1 < mistakesInOrder
        )
          throw error;
        deps.log.warn({ run_id: runId, error: String(error) }, 'a run could not be closed in order');
        return closeAsInternal(deps.knex, runId, String(error));
      }
    });
}
