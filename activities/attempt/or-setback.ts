// Owns turning trouble that waiting may cure into a setback the workflow waits out, told as an event of the run.
import { ConnectorFailure } from '../../connectors/connector-failure';
import type { Fence } from '../../db/runs/lease';
import { tellWaiting } from '../../db/runs/run-phases';
import { outlasted, type Setback, setbackAfter, type Stretch } from '../../domain/setback';
import type { ActivityDeps } from '../deps';

/** What is known of the try when its trouble is judged. */
export interface Tried {
  readonly place: Fence;
  readonly stretch: Stretch;
  /** Aborted: the try was taken away, and its trouble is no matter any more. */
  readonly signal: AbortSignal;
  /** Whether anything was achieved since the try began. */
  progressed(): boolean;
  /** Milliseconds of the try in which all went well. */
  workedMs(): number;
}

/** What `work` gives, or the setback it met. Trouble that lasts longer than patience is thrown: it is the run's failure. */
export async function orSetback<Result>(
  { knex }: ActivityDeps,
  { place, stretch, signal, progressed, workedMs }: Tried,
  work: () => Promise<Result>,
): Promise<Result | { setback: Setback }> {
  const startedMs = performance.now();
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConnectorFailure) || !error.retryable || signal.aborted) throw error;
    const { failure, retryAfterMs = null } = error;
    const troubledMs = Math.max(0, Math.round(performance.now() - startedMs - workedMs()));
    const met = { failure, askedMs: retryAfterMs, progressed: progressed(), troubledMs };
    const setback = setbackAfter(met, stretch, Math.random());
    if (!setback) throw new ConnectorFailure(outlasted(met, stretch));
    await tellWaiting(knex, place, {
      code: failure.code,
      reason: failure.message,
      forMs: setback.pauseMs,
      askedMs: retryAfterMs,
      try: setback.trouble.attempt,
    });
    return { setback };
  }
}
