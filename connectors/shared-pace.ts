// Owns the interface of one destination's pace as all runs and workers share it. Who keeps it is the composition's choice.
import type { FailureCode } from '../domain/failure';

/** Calls are to be withheld: the destination said so, with this failure. */
export interface Hold {
  readonly code: FailureCode;
  readonly forMs: number;
}

export interface SharedPace {
  /**
   * Sets `ms` of the destination's time aside, after all that others have set aside and after a hold. Gives the
   * milliseconds until that time begins, and the hold, if any.
   */
  reserve(ms: number): Promise<{ readonly startInMs: number; readonly hold: Hold | null }>;
  /** Tells the others of a hold; the longest one counts. */
  hold(hold: Hold): Promise<void>;
  /** The hold that is on, null when there is none. */
  held(): Promise<Hold | null>;
}

/** A pace that nobody shares, for a destination opened on its own. */
export function ownPace(): SharedPace {
  let freeAtMs = 0;
  return {
    async reserve(ms) {
      const nowMs = performance.now();
      const startMs = Math.max(nowMs, freeAtMs);
      freeAtMs = startMs + ms;
      return { startInMs: startMs - nowMs, hold: null };
    },
    // Its only caller knows of its own holds.
    hold: async () => undefined,
    held: async () => null,
  };
}
