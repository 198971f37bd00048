// Owns the word for transient trouble in the middle of a phase: something to wait out, not yet a failure of the run.
import type { Failure } from './failure';

/** Trouble that waiting may cure. It becomes the run's failure when patience is over. */
export interface Setback {
  readonly failure: Failure;
  /** Milliseconds the other side asked us to wait; null when it did not. */
  readonly askedMs: number | null;
  /** Whether anything was achieved since the attempt began: patience then starts anew. */
  readonly progressed: boolean;
}
