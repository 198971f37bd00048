// Owns the one error that connectors throw: a run failure in our words. Foreign errors are translated at the edge.
import { type Failure, failureTable } from '../domain/failure';

/** Aborts the whole run (row errors are data and never thrown). */
export class ConnectorFailure extends Error {
  override readonly name = 'ConnectorFailure';

  constructor(
    readonly failure: Failure,
    /** Milliseconds the other side asked us to wait (Retry-After); undefined when it did not. */
    readonly retryAfterMs?: number,
    /**
     * True when the destination has certainly applied nothing of the batch and has finished with it (refused
     * connection, 401, 429): the batch may be sent again at once, and counts as not attempted if it is not.
     */
    readonly nothingApplied: boolean = false,
  ) {
    super(failure.message);
  }

  /** Whether waiting may help. */
  get retryable(): boolean {
    return failureTable[this.failure.code].retryable;
  }
}
