// Owns how transient trouble is waited out: the next pause, and when patience ends.

const firstPauseMs = 500;
const longestPauseMs = 60_000; // a minute: an outage that ended is noticed within it
/** Pauses up to this long stay inside the activity; longer ones are timers of the workflow, visible and cancellable. */
export const inlinePauseMs = 10_000;

/** One stretch of trouble without progress. `attempt` counts from 1. */
export interface Trouble {
  /** Milliseconds of patience that are used up; a length and no time of day, so that nobody's clock matters. */
  readonly spentMs: number;
  readonly attempt: number;
}

/**
 * The pause before the next try in milliseconds, or null when patience is over. What the other side asked for
 * (`askedMs`, Retry-After) is honoured when it fits into the patience; jitter is 0..1 and spreads syncs that fail together.
 */
export function nextPause(
  trouble: Trouble,
  patienceMs: number,
  jitter: number,
  askedMs?: number,
): number | null {
  const left = patienceMs - trouble.spentMs;
  if (left <= 0) return null;
  const backoff = Math.min(longestPauseMs, firstPauseMs * 2 ** (trouble.attempt - 1)) * (0.5 + jitter / 2);
  const wanted = Math.max(askedMs ?? 0, backoff);
  if (wanted <= left) return wanted;
  // An answer asked for later than we may wait is not coming in time: no use in waiting.
  return askedMs !== undefined && askedMs > left ? null : left;
}
