// Owns the counters of a run and the identity that is checked when it closes.

/** Rows by what became of them. Integers below 2^53; 64 bit in Postgres. */
export interface RunCounts {
  /** Rows read from the model. */
  processed: number;
  /** Same as in the snapshot. */
  unchanged: number;
  /** Deliberately not sent, or answered with "nothing to do". */
  skipped: number;
  created: number;
  updated: number;
  deleted: number;
  /** Refused by the destination or before it; each has a row error. */
  failed: number;
  /** Planned, never sent. */
  notAttempted: number;
  /** Sent, no answer. */
  unknown: number;
  /** Deletes the plan holds beside the rows read, held ones included. */
  plannedDeletes: number;
}

export const zeroCounts: Readonly<RunCounts> = {
  processed: 0,
  unchanged: 0,
  skipped: 0,
  created: 0,
  updated: 0,
  deleted: 0,
  failed: 0,
  notAttempted: 0,
  unknown: 0,
  plannedDeletes: 0,
};

/** Sum of two sets of counters, place by place. */
export function addCounts(one: RunCounts, other: Partial<RunCounts>): RunCounts {
  const sum = { ...one };
  for (const name of Object.keys(zeroCounts) as (keyof RunCounts)[]) {
    sum[name] += other[name] ?? 0;
  }
  return sum;
}

/**
 * 0 when every row read and every planned delete ended in exactly one place; else how many are unaccounted for
 * (positive) or counted twice (negative). Stored with the run and alerted as `counter_mismatch`.
 */
export function counterMismatch(counts: RunCounts): number {
  const taken = counts.processed + counts.plannedDeletes;
  const placed =
    counts.unchanged +
    counts.skipped +
    counts.created +
    counts.updated +
    counts.deleted +
    counts.failed +
    counts.notAttempted +
    counts.unknown;
  return taken - placed;
}
