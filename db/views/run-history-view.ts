// Owns lists of runs, of one sync or across all: filtered and ordered, by numbered pages or as a walk from run to run.
import type { Knex } from 'knex';
import { offsetOf, type Page, type PageRequest, type Stretch, stretchOf, type WalkPlace } from '../page';
import { narrow, type RunFilter } from './run-list/run-filter';
import { type OrderSql, orderSql, type RunMark, type RunOrder } from './run-list/run-order';
import { toldTotal } from './run-list/run-total';
import { mapRunView, type RunView, type RunViewRow, runViewSelection } from './run-view';

/** Which runs, in which order. */
export interface RunList {
  readonly workspaceId: string;
  /** The sync whose history it is; null: across all syncs of the workspace. */
  readonly syncId: string | null;
  readonly filter: RunFilter;
  readonly order: RunOrder;
}

interface ListedRow extends RunViewRow {
  sort_value: number;
  sort_run: number | string;
}

/** One numbered page, and how many runs match in all. Rows that come meanwhile move what later pages show. */
export async function runsOnPage(knex: Knex, list: RunList, page: PageRequest): Promise<Page<RunView>> {
  const order = orderOf(list);
  const told = await toldTotal(knex, list);
  // What would look through all runs to find none is not asked.
  if (told !== null && offsetOf(page) >= told) return { rows: [], total: told };
  const shown = matchingRuns(knex, list)
    .select(order.locator)
    .orderByRaw(order.orderBy('after'))
    .limit(page.perPage)
    .offset(offsetOf(page));
  const [rows, total] = await Promise.all([
    readRuns(knex, list, order, shown, 'after'),
    told ?? countedTotal(knex, list),
  ]);
  return { rows: rows.map(mapRunView), total };
}

async function countedTotal(knex: Knex, list: RunList): Promise<number> {
  const [counted] = await matchingRuns(knex, list).count<{ total: number }[]>({ total: '*' });
  return counted?.total ?? 0;
}

/**
 * Up to `most` runs from a place on. Whoever goes on from stretch to stretch sees every run that was there throughout
 * exactly once, whatever comes and goes; runs that have not ended can move in orders other than the queue's.
 */
export async function runsFrom(
  knex: Knex,
  list: RunList,
  place: WalkPlace<RunMark>,
  most: number,
): Promise<Stretch<RunView, RunMark>> {
  const order = orderOf(list);
  const matching = matchingRuns(knex, list);
  order.goOnFrom(matching, place);
  const shown = matching
    .select(order.locator)
    .orderByRaw(order.orderBy(place.way))
    .limit(most + 1);
  const found = await readRuns(knex, list, order, shown, place.way);
  const { rows, ...stretch } = stretchOf(found, most, place.way, markOf);
  return { ...stretch, rows: rows.map(mapRunView) };
}

/** The sync's newest run, or null when it never ran. */
export async function lastRun(knex: Knex, workspaceId: string, syncId: string): Promise<RunView | null> {
  const page = await knex('runs')
    .where({ workspace_id: workspaceId, sync_id: syncId })
    .orderBy('queue_no', 'desc')
    .first<RunViewRow | undefined>(runViewSelection(knex));
  return page ? mapRunView(page) : null;
}

function orderOf({ order, syncId }: RunList): OrderSql {
  return orderSql(order, syncId !== null);
}

function scopeOf({ workspaceId, syncId }: RunList): Record<string, string> {
  return { workspace_id: workspaceId, ...(syncId === null ? {} : { sync_id: syncId }) };
}

function matchingRuns(knex: Knex, list: RunList): Knex.QueryBuilder {
  const matching = knex('runs').where(scopeOf(list));
  narrow(matching, list.filter);
  return matching;
}

/** Which runs are shown is told by an index alone (0016-run-lists); a row is read of none that is not. */
async function readRuns(
  knex: Knex,
  list: RunList,
  { locator, markColumns, orderBy }: OrderSql,
  shown: Knex.QueryBuilder,
  way: WalkPlace<RunMark>['way'],
): Promise<ListedRow[]> {
  return knex('runs')
    .where(scopeOf(list))
    .whereIn(locator, shown)
    .select<ListedRow[]>([...runViewSelection(knex), knex.raw(markColumns)])
    .orderByRaw(orderBy(way));
}

function markOf(row: ListedRow): RunMark {
  return [row.sort_value, row.sort_run];
}
