// Owns one attempt at an activity: its heartbeats, its cancellation, and the translation of what it throws.
import { Context } from '@temporalio/activity';
import { ConnectorFailure } from '../connectors/connector-failure';
import { writeEvent, type RunEventPlace } from '../db/runs/run-events';
import { noteWaiting } from '../db/runs/run-phases';
import type { Setback } from '../domain/setback';
import { asApplicationFailure } from './as-application-failure';
import type { ActivityDeps } from './deps';

/** What the attempt tells while it works; shown in Temporal and as the run's progress. Counts only. */
export type Progress = Record<string, number | string>;

export interface Attempt {
  /** Aborted by a cancel, by the worker's shutdown, or when Temporal gave this attempt up. */
  readonly signal: AbortSignal;
  /** Whether an earlier attempt at the same activity failed. */
  readonly retried: boolean;
  readonly progress: Progress;
}

// Half of the worker's throttle: a cancel is noticed within about a second, a dead worker within heartbeatTimeout.
const heartbeatMs = 500;

/** Runs `work` as an attempt of the current activity. `for_ever`: an error nobody knows is never taken for final. */
export async function inAttempt<Result>(
  work: (attempt: Attempt) => Promise<Result>,
  tries: 'some' | 'for_ever' = 'some',
): Promise<Result> {
  const context = Context.current();
  const progress: Progress = {};
  const beat = setInterval(() => context.heartbeat(progress), heartbeatMs);
  try {
    return await work({ signal: context.cancellationSignal, retried: context.info.attempt > 1, progress });
  } catch (error) {
    // The reason is the CancelledFailure that Temporal has to see, whatever the abort looked like inside.
    if (context.cancellationSignal.aborted) throw context.cancellationSignal.reason;
    throw asApplicationFailure(error, tries === 'some' ? context.info.attempt : 1);
  } finally {
    clearInterval(beat);
  }
}

/** Turns trouble that waiting may cure into a setback the workflow waits out, told as an event of the run. */
export async function orSetback<Result>(
  deps: ActivityDeps,
  place: () => RunEventPlace | null,
  progressed: () => boolean,
  work: () => Promise<Result>,
): Promise<Result | { setback: Setback }> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConnectorFailure) || !error.retryable) throw error;
    const told = place();
    if (told) {
      const { code, message } = error.failure;
      await writeEvent(deps.knex, told, 'waiting', {
        code,
        reason: message,
        asked_ms: error.retryAfterMs ?? null,
      });
      await noteWaiting(deps.knex, told.runId);
    }
    return {
      setback: { failure: error.failure, askedMs: error.retryAfterMs ?? null, progressed: progressed() },
    };
  }
}
