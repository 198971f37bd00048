// Owns lists of alerts, newest first: filtered, by numbered pages or as a walk from alert to alert.
import type { Knex } from 'knex';
import type { AlertState } from '../../../domain/alerts/alert';
import type { AlertKind, Severity } from '../../../domain/alerts/rules';
import { offsetOf, type Page, type PageRequest, type Stretch, stretchOf, type WalkPlace } from '../../page';
import { type AlertView, type AlertViewRow, alertViewSelection, mapAlertView } from './alert-view';

/** Every filter given must hold; within a list one word must. */
export interface AlertFilter {
  readonly states?: readonly AlertState[] | undefined;
  readonly kinds?: readonly AlertKind[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  readonly syncIds?: readonly string[] | undefined;
  /** Exclusive. */
  readonly openedAfter?: Date | undefined;
  readonly openedBefore?: Date | undefined;
}

export interface AlertList {
  readonly workspaceId: string;
  readonly filter: AlertFilter;
}

/** An alert's place: when it was opened, in microseconds, and what tells it from others of that moment. */
export type AlertMark = readonly [openedAt: number, id: string];

type ListedRow = AlertViewRow & { mark: number };

/** One numbered page, and how many alerts match in all. */
export async function alertsOnPage(knex: Knex, list: AlertList, page: PageRequest): Promise<Page<AlertView>> {
  const [rows, counted] = await Promise.all([
    readAlerts(knex, newestFirst(matching(knex, list)).limit(page.perPage).offset(offsetOf(page)), 'after'),
    matching(knex, list).count<{ total: number }[]>({ total: '*' }),
  ]);
  return { rows: rows.map(mapAlertView), total: counted[0]?.total ?? 0 };
}

/** Up to `most` alerts from a place on: their order never changes, so that a walk sees each one once. */
export async function alertsFrom(
  knex: Knex,
  list: AlertList,
  { way, mark }: WalkPlace<AlertMark>,
  most: number,
): Promise<Stretch<AlertView, AlertMark>> {
  const going = matching(knex, list);
  if (mark) {
    // Compared as one value, which is what lets an index begin right at the place.
    const sign = way === 'after' ? '<' : '>';
    void going.whereRaw(
      `(opened_at, id) ${sign} ('epoch'::timestamptz + ?::bigint * interval '1 microsecond', ?)`,
      [...mark],
    );
  }
  const shown = (way === 'after' ? newestFirst(going) : going.orderBy(['opened_at', 'id'])).limit(most + 1);
  const found = await readAlerts(knex, shown, way);
  const { rows, ...stretch } = stretchOf(found, most, way, ({ mark: at, id }): AlertMark => [at, id]);
  return { ...stretch, rows: rows.map(mapAlertView) };
}

function newestFirst(query: Knex.QueryBuilder): Knex.QueryBuilder {
  return query.orderBy([
    { column: 'opened_at', order: 'desc' },
    { column: 'id', order: 'desc' },
  ]);
}

function matching(knex: Knex, { workspaceId, filter }: AlertList): Knex.QueryBuilder {
  const query = knex('alerts').where({ workspace_id: workspaceId });
  if (filter.states) narrowByState(query, new Set(filter.states));
  const lists = { kind: filter.kinds, severity: filter.severities, sync_id: filter.syncIds };
  for (const [column, words] of Object.entries(lists)) {
    if (words) void query.whereIn(column, [...words]);
  }
  if (filter.openedAfter) void query.where('opened_at', '>', filter.openedAfter);
  if (filter.openedBefore) void query.where('opened_at', '<', filter.openedBefore);
  return query;
}

// Without the resolved ones it is a condition that an index of its own has (alerts_of_workspace_open).
function narrowByState(query: Knex.QueryBuilder, states: ReadonlySet<AlertState>): void {
  if (!states.has('resolved')) void query.whereNull('resolved_at');
  void query.where((either) => {
    if (states.has('resolved')) void either.orWhereNotNull('resolved_at');
    for (const state of ['open', 'acknowledged'] as const) {
      if (!states.has(state)) continue;
      const acknowledged = `acknowledged_at IS ${state === 'open' ? '' : 'NOT '}NULL`;
      void either.orWhereRaw(`(resolved_at IS NULL AND ${acknowledged})`);
    }
  });
}

/** The alerts that `shown` selects, with what only they need. */
async function readAlerts(
  knex: Knex,
  shown: Knex.QueryBuilder,
  way: WalkPlace<AlertMark>['way'],
): Promise<ListedRow[]> {
  const order = way === 'after' ? 'desc' : 'asc';
  return knex
    .from(shown.as('a'))
    .join('syncs as s', 's.id', 'a.sync_id')
    .select<ListedRow[]>([
      ...alertViewSelection(knex),
      knex.raw('(extract(epoch FROM a.opened_at) * 1000000)::bigint AS mark'),
    ])
    .orderBy([
      { column: 'a.opened_at', order },
      { column: 'a.id', order },
    ]);
}
