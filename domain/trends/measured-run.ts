// Owns what trends look at of a run, and which runs of a sync may be compared with each other.
import type { RunKind, RunStatus } from '../run';

/** A run as trends see it. */
export interface MeasuredRun {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** From its start to its end. */
  readonly durationMs: number;
  readonly rowsProcessed: number;
  readonly rowsFailed: number;
}

/**
 * Whether a run says what is usual for its sync. One that failed or was cancelled stopped somewhere, a retry is about the
 * rows of another run, a full resync sends every row, and a dry run none.
 */
export function isComparable(run: {
  readonly status: RunStatus;
  readonly kind: RunKind;
  readonly retryOf: string | null;
}): boolean {
  return run.status === 'completed' && run.kind === 'normal' && run.retryOf === null;
}

/** Share of the rows processed that failed, 0 to 1; null when none were processed. */
export function errorRate(rowsFailed: number, rowsProcessed: number): number | null {
  // Refused deletes are rows that were not read: a run of many of them would fail more rows than it has.
  return rowsProcessed === 0 ? null : Math.min(1, rowsFailed / rowsProcessed);
}
