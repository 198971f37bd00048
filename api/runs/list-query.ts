// Owns what a query for runs asks of the database, and its one canonical form for links and cursors.
import type { RunFilter } from '../../db/views/run-list/run-filter';
import type { RunOrder, RunSortKey } from '../../db/views/run-list/run-order';
import { defaultRunSort, type RunSort, type RunsQuery } from './schema';

export function filterOf(query: RunsQuery): RunFilter {
  return {
    syncIds: query.sync_id,
    statuses: query.status,
    outcomes: query.outcome,
    triggers: query.trigger,
    kinds: query.kind,
    hasErrors: query.has_errors,
    minErrorRate: query.min_error_rate,
    minDurationSeconds: query.min_duration,
    startedAfter: query.started_after,
    startedBefore: query.started_before,
  };
}

export function orderOf(sort: RunSort): RunOrder {
  const descending = sort.startsWith('-');
  return { by: (descending ? sort.slice(1) : sort) as RunSortKey, descending };
}

/** Filters and order as query parameters: equal for queries that mean the same, whatever order and repeats they have. */
export function canonicalQuery(query: RunsQuery): [name: string, value: string][] {
  const { page: _page, per_page: _perPage, cursor: _cursor, sort, ...filters } = query;
  const given = Object.entries({ ...filters, sort: sort === defaultRunSort ? undefined : sort });
  return given.flatMap(([name, value]) => (value === undefined ? [] : [[name, textOf(value)]]));
}

function textOf(value: readonly string[] | Date | string | number | boolean): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? [...new Set(value)].toSorted().join() : String(value);
}
