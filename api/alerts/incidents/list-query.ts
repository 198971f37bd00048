// Owns what a query for alerts asks of the database, and its one canonical form for links and cursors.
import type { AlertFilter } from '../../../db/views/alerts/alert-list-view';
import type { AlertsQuery } from './schema';

export function filterOf(query: AlertsQuery): AlertFilter {
  return {
    states: query.state,
    kinds: query.kind,
    severities: query.severity,
    syncIds: query.sync_id,
    openedAfter: query.opened_after,
    openedBefore: query.opened_before,
  };
}

/** Filters as query parameters: equal for queries that mean the same, whatever order and repeats they have. */
export function canonicalQuery(query: AlertsQuery): [name: string, value: string][] {
  const { page: _page, per_page: _perPage, cursor: _cursor, ...filters } = query;
  return Object.entries(filters).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [[name, value instanceof Date ? value.toISOString() : [...new Set(value)].toSorted().join()]];
  });
}
