// Owns the word for what holds a run up in the middle of a phase: something to wait out, not yet a failure of the run.
import type { Failure } from './failure';
import { nextPause, type Trouble } from './patience';

/** Trouble that waiting may cure, or want of room with us, and how long to wait. */
export interface Setback {
  /** What is waited for, in words; of trouble it is the failure that it would become. */
  readonly failure: Pick<Failure, 'message'>;
  /** Milliseconds until the next try. */
  readonly pauseMs: number;
  /** The stretch of trouble this belongs to, to be handed to the next try. */
  readonly trouble: Trouble;
}

// As before a first setback: a stretch in which nothing was tried yet.
const noTrouble: Trouble = { spentMs: 0, attempt: 0 };

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
  /** Milliseconds of the try in which it did not work: a query that ran and a plan that was made are left out. */
  readonly troubledMs: number;
}

/**
 * The setback that follows, or null when patience is over. `jitter`: 0..1.
 *
 * Patience counts trouble, not work: what a stretch has used up are its pauses and what its tries lost to trouble. A query
 * that breaks after an hour has achieved nothing, for it begins again; but that hour was no waiting. A try that was lost
 * with its worker costs nothing either. Work ends no stretch: a source that breaks off at the first row each time must not
 * be asked for ever, nor each time after half a second.
 */
export function setbackAfter(met: Met, stretch: Stretch, jitter: number): Setback | null {
  const before = met.progressed || stretch.trouble?.attempt === noTrouble.attempt ? null : stretch.trouble;
  const trouble = {
    // Runs that waited when a deploy came may hand over a stretch that was counted otherwise: they get their patience anew.
    spentMs: before ? (before.spentMs ?? 0) + met.troubledMs : 0,
    attempt: (before?.attempt ?? 0) + 1,
  };
  const pauseMs = nextPause(trouble, stretch.patienceMs, jitter, met.askedMs ?? undefined);
  if (pauseMs === null) return null;
  return { failure: met.failure, pauseMs, trouble: { ...trouble, spentMs: trouble.spentMs + pauseMs } };
}

/** A pause because the worker has no room for the run: no trouble, so that it costs no patience and ends no stretch. */
export function setbackForRoom(reason: string, pauseMs: number, { trouble }: Stretch): Setback {
  return { failure: { message: reason }, pauseMs, trouble: trouble ?? noTrouble };
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
