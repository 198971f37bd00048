// Owns the word for transient trouble in the middle of a phase: something to wait out, not yet a failure of the run.
import type { Failure } from './failure';
import { nextPause, type Trouble } from './patience';

/** Trouble that waiting may cure, and how long to wait. */
export interface Setback {
  readonly failure: Failure;
  /** Milliseconds until the next try. */
  readonly pauseMs: number;
  /** The stretch of trouble this belongs to, to be handed to the next try. */
  readonly trouble: Trouble;
}

/** What a try knows of the trouble before it. */
export interface Stretch {
  /** Null when nothing is being waited out. */
  readonly trouble: Trouble | null;
  /** Longest time one stretch of trouble is waited out, milliseconds. */
  readonly patienceMs: number;
}

/** One more trouble, as the try met it. */
export interface Met {
  readonly failure: Failure;
  /** Milliseconds the other side asked us to wait; null when it did not. */
  readonly askedMs: number | null;
  /** Whether anything was achieved since the try began: patience then starts anew. */
  readonly progressed: boolean;
  /** Milliseconds of the try in which all went well: a query that ran, a plan that was made. */
  readonly workedMs: number;
}

/**
 * The setback that follows, or null when patience is over. `jitter`: 0..1.
 *
 * Patience counts trouble, not work: a stretch moves on by the time its try worked. A query that breaks after an hour has
 * achieved nothing, for it begins again; but that hour was no waiting, and must not use up the patience for the break.
 * It ends no stretch either: a source that breaks off at the first row each time must not be asked for ever, nor each
 * time after half a second.
 */
export function setbackAfter(met: Met, stretch: Stretch, nowMs: number, jitter: number): Setback | null {
  const before = met.progressed ? null : stretch.trouble;
  const trouble = {
    sinceMs: before ? before.sinceMs + met.workedMs : nowMs,
    attempt: (before?.attempt ?? 0) + 1,
  };
  const pauseMs = nextPause(trouble, nowMs, stretch.patienceMs, jitter, met.askedMs ?? undefined);
  return pauseMs === null ? null : { failure: met.failure, pauseMs, trouble };
}

/** What the trouble is for the run when it is not waited out: an other side that asked for too much is quoted. */
export function outlasted({ failure, askedMs }: Met, { patienceMs }: Stretch): Failure {
  if (askedMs === null || askedMs <= patienceMs) return failure;
  const [asked, most] = [askedMs, patienceMs].map((ms) => Math.ceil(ms / 1000));
  return {
    ...failure,
    message: `${failure.message}; asked to wait ${asked} s, and this sync waits ${most} s at most`,
  };
}
