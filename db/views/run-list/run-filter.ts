// Owns what lists of runs can be narrowed by, as conditions of a statement over runs.
import type { Knex } from 'knex';
import type { RunKind, RunOutcome, RunStatus, RunTrigger } from '../../../domain/run';

/** Every filter given must hold; within a list one word must. */
export interface RunFilter {
  readonly syncIds?: readonly string[] | undefined;
  readonly statuses?: readonly RunStatus[] | undefined;
  readonly outcomes?: readonly RunOutcome[] | undefined;
  readonly triggers?: readonly RunTrigger[] | undefined;
  readonly kinds?: readonly RunKind[] | undefined;
  /** Whether any row was refused. */
  readonly hasErrors?: boolean | undefined;
  /** Least share of the rows processed that was refused, 0 to 1; above 0 a run without refused rows has too few. */
  readonly minErrorRate?: number | undefined;
  /** Whole seconds; a run that has not started and ended has no duration and is left out. */
  readonly minDurationSeconds?: number | undefined;
  /** Exclusive; a run that has not started is neither after nor before. */
  readonly startedAfter?: Date | undefined;
  readonly startedBefore?: Date | undefined;
}

/** When a run started, or was queued as long as it has not: never null, so that an index can be in its order. */
export const startOrder = 'coalesce(started_at, queued_at)';

/** Whether nothing but words narrows: what runs are counted by. */
export function isByWords({
  minErrorRate = 0,
  minDurationSeconds,
  startedAfter,
  startedBefore,
}: RunFilter): boolean {
  return minErrorRate <= 0 && !(minDurationSeconds !== undefined || startedAfter || startedBefore);
}

/** Adds the conditions on what stands in a column as it is asked for. */
export function narrowByWords(matching: Knex.QueryBuilder, filter: RunFilter): void {
  const lists = {
    sync_id: filter.syncIds,
    status: filter.statuses,
    outcome: filter.outcomes,
    trigger: filter.triggers,
    kind: filter.kinds,
  };
  for (const [column, words] of Object.entries(lists)) {
    if (words) void matching.whereIn(column, [...words]);
  }
}

/** Adds all of the filter's conditions. */
export function narrow(matching: Knex.QueryBuilder, filter: RunFilter): void {
  narrowByWords(matching, filter);
  if (filter.hasErrors !== undefined) void matching.where('rows_failed', filter.hasErrors ? '>' : '=', 0);
  if (filter.minErrorRate !== undefined && filter.minErrorRate > 0) {
    // Multiplied, as a run that processed nothing divides by zero; numeric, so that 0.07 of 100 rows are 7.
    void matching
      .where('rows_failed', '>', 0)
      .whereRaw('rows_failed >= ?::numeric * rows_processed', [filter.minErrorRate]);
  }
  if (filter.minDurationSeconds !== undefined) {
    void matching.whereRaw(`completed_at - started_at >= ? * interval '1 second'`, [
      filter.minDurationSeconds,
    ]);
  }
  // Asked of what the index is in the order of; of a run that has started it is its start.
  const { startedAfter, startedBefore } = filter;
  if (startedAfter || startedBefore) void matching.whereNotNull('started_at');
  if (startedAfter) void matching.whereRaw(`${startOrder} > ?`, [startedAfter]);
  if (startedBefore) void matching.whereRaw(`${startOrder} < ?`, [startedBefore]);
}
