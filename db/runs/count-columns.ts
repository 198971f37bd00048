// Owns how the counters of a run stand in the table runs: which columns, and what each is called in the domain.
import type { RunCounts } from '../../domain/counts';

/** Columns of runs that hold a counter, and the counter each holds. */
const counterOf = {
  rows_processed: 'processed',
  rows_unchanged: 'unchanged',
  rows_skipped: 'skipped',
  rows_created: 'created',
  rows_updated: 'updated',
  rows_deleted: 'deleted',
  rows_failed: 'failed',
  rows_not_attempted: 'notAttempted',
  rows_unknown: 'unknown',
  planned_deletes: 'plannedDeletes',
} as const satisfies Record<string, keyof RunCounts>;

export type CountRow = Record<keyof typeof counterOf, number>;

export const countColumns = Object.keys(counterOf) as (keyof CountRow)[];

/** The counters of a row of runs. */
export function mapCounts(row: CountRow): RunCounts {
  const entries = countColumns.map((column) => [counterOf[column], row[column]]);
  return Object.fromEntries(entries) as Record<keyof RunCounts, number>;
}

/** The counters as columns of runs. */
export function countRow(counts: RunCounts): CountRow {
  const entries = countColumns.map((column) => [column, counts[counterOf[column]]]);
  return Object.fromEntries(entries) as CountRow;
}
