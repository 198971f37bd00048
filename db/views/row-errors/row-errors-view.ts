// Owns reading the row errors of one run, filtered, in the order the rows were read: by numbered pages, or as a walk.
import type { Knex } from 'knex';
import type { RowErrorOperation, RowErrorOrigin } from '../../../domain/row-error';
import { offsetOf, type Page, type PageRequest, type Stretch, type WalkPlace } from '../../page';
import { type ErrorRun, reliableGroups } from './error-run';
import { conditionsOf, type GroupMatches, matchGroups, type RowErrorFilter } from './row-error-filter';

export interface RowErrorView {
  /** Its place among all row errors of the run. */
  readonly rowNo: number;
  readonly rowId: string | null;
  readonly field: string | null;
  readonly message: string;
  readonly rawValue: string | null;
  readonly code: string;
  readonly origin: RowErrorOrigin;
  readonly operation: RowErrorOperation;
}

// A list of a thousand of them shall fit in memory, and a value may have megabytes. The export has all of it.
const longestShown = 4_000;
const shown = (column: string): string =>
  `CASE WHEN octet_length(${column}) > ${4 * longestShown} THEN left(${column}, ${longestShown}) || '…' ELSE ${column} END`;

/** Columns of a row error; `isWhole` leaves long texts as they are. */
export function rowErrorColumns(isWhole: boolean): string {
  const [message, rawValue] = isWhole ? ['message', 'raw_value'] : [shown('message'), shown('raw_value')];
  return `row_no AS "rowNo", row_id AS "rowId", field, ${message} AS message, ${rawValue} AS "rawValue", code, origin, operation`;
}

/** A page of a run's row errors. The total is exact. */
export async function errorsOnPage(
  knex: Knex,
  run: ErrorRun,
  filter: RowErrorFilter,
  page: PageRequest,
): Promise<Page<RowErrorView>> {
  const matches = await matchesIn(knex, run, filter);
  const [rows, total] = await Promise.all([
    findErrors(knex, run.id, filter, matches, { ...fromTheFirst, limit: page.perPage, offset: offsetOf(page) }),
    totalOf(knex, run.id, filter, matches),
  ]);
  return { rows, total };
}

/** A stretch of a walk through a run's row errors; marks are their row numbers. */
export async function errorsFrom(
  knex: Knex,
  run: ErrorRun,
  filter: RowErrorFilter,
  { way, mark }: WalkPlace<number>,
  perPage: number,
): Promise<Stretch<RowErrorView, number>> {
  const matches = await matchesIn(knex, run, filter);
  // One more than is shown tells whether there are more.
  const from = { ...(way === 'after' ? fromTheFirst : fromTheLast), limit: perPage + 1, offset: 0 };
  const found = await findErrors(knex, run.id, filter, matches, { ...from, edge: mark ?? from.edge });
  const rows = found.slice(0, perPage);
  if (way === 'before') rows.reverse();
  return {
    rows,
    first: rows[0]?.rowNo ?? null,
    last: rows.at(-1)?.rowNo ?? null,
    hasMore: found.length > perPage,
  };
}

/** How many row errors of the run match, exactly. */
export async function countErrors(knex: Knex, run: ErrorRun, filter: RowErrorFilter): Promise<number> {
  return totalOf(knex, run.id, filter, await matchesIn(knex, run, filter));
}

/** Null where the row errors have to be looked at one by one. */
async function matchesIn(knex: Knex, run: ErrorRun, filter: RowErrorFilter): Promise<GroupMatches | null> {
  const groups = await reliableGroups(knex, run);
  return groups && matchGroups(groups, filter);
}

async function totalOf(
  knex: Knex,
  runId: string,
  filter: RowErrorFilter,
  matches: GroupMatches | null,
): Promise<number> {
  if (matches && matches.openIds.length === 0) return matches.known;
  const { sql, bindings } = conditionsOf(runId, filter);
  const ofGroups = matches ? 'AND group_id = ANY (:openIds::bigint[])' : '';
  const { rows } = await knex.raw<{ rows: { total: number }[] }>(
    `SELECT count(*) AS total FROM row_errors WHERE ${sql} ${ofGroups}`,
    { ...bindings, ...(matches && { openIds: [...matches.openIds] }) },
  );
  return (matches?.known ?? 0) + (rows[0]?.total ?? 0);
}

/** Row errors past `edge`, which is not among them, in the order of the walk. */
interface Search {
  readonly edge: number;
  readonly isPast: '>' | '<';
  readonly order: 'ASC' | 'DESC';
  readonly limit: number;
  readonly offset: number;
}

// Row numbers begin at 0, and are whole numbers in JavaScript too.
const fromTheFirst = { edge: -1, isPast: '>', order: 'ASC' } as const;
const fromTheLast = { edge: Number.MAX_SAFE_INTEGER, isPast: '<', order: 'DESC' } as const;

async function findErrors(
  knex: Knex,
  runId: string,
  filter: RowErrorFilter,
  matches: GroupMatches | null,
  { edge, isPast, order, limit, offset }: Search,
): Promise<RowErrorView[]> {
  const { sql, bindings } = conditionsOf(runId, filter);
  const isPastEdge = `row_no ${isPast} :edge`;
  const inOrder = `ORDER BY row_no ${order} LIMIT :limit OFFSET :offset`;
  const byGroups = matches && Object.values(filter).some((value) => value !== undefined);
  // The first of each group, and of these the first: to read the run in order until enough rows match would take as long as
  // the run is where they are few. The index has every group in one piece.
  const ofGroups = (ids: string, condition: string): string =>
    `SELECT one.row_no FROM unnest(${ids}::bigint[]) AS g (id) CROSS JOIN LATERAL (
       SELECT row_no FROM row_errors WHERE group_id = g.id AND ${condition} ORDER BY row_no ${order} LIMIT :reach) one`;
  const found = byGroups
    ? `run_id = :runId AND group_id = ANY (:allIds::bigint[]) AND row_no = ANY (ARRAY(
         SELECT row_no FROM (
           ${ofGroups(':wholeIds', isPastEdge)} UNION ALL ${ofGroups(':partlyIds', `${sql} AND ${isPastEdge}`)}) AS first
         ${inOrder}))
       ORDER BY row_no ${order}`
    : `${sql} AND ${isPastEdge} ${inOrder}`;
  const groups = byGroups && {
    allIds: [...matches.wholeIds, ...matches.partlyIds],
    wholeIds: [...matches.wholeIds],
    partlyIds: [...matches.partlyIds],
    reach: limit + offset,
  };
  const { rows } = await knex.raw<{ rows: RowErrorView[] }>(
    `SELECT ${rowErrorColumns(false)} FROM row_errors WHERE ${found}`,
    { ...bindings, ...groups, edge, limit, offset },
  );
  return rows;
}
