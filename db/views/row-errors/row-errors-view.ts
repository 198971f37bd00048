// Owns reading the row errors of one run, filtered, in the order the rows were read: by numbered pages, or as a walk.
import type { Knex } from 'knex';
import type { RowErrorOperation, RowErrorOrigin } from '../../../domain/row-error';
import { offsetOf, type Page, type PageRequest, type Stretch, stretchOf, type WalkPlace } from '../../page';
import type { ErrorRun } from './error-run';
import { type GroupMatches, matchGroups } from './group-matches';
import { conditionsOf, type RowErrorFilter } from './row-error-filter';
import { shownRowId } from './shown-row-id';

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
  const [rowId, message, rawValue] = isWhole
    ? ['row_id', 'message', 'raw_value']
    : [shownRowId, shown('message'), shown('raw_value')];
  return `row_no AS "rowNo", ${rowId} AS "rowId", field, ${message} AS message, ${rawValue} AS "rawValue", code, origin, operation`;
}

/** A page of a run's row errors. The total is exact. */
export async function errorsOnPage(
  knex: Knex,
  run: ErrorRun,
  filter: RowErrorFilter,
  page: PageRequest,
): Promise<Page<RowErrorView>> {
  const matches = await matchGroups(knex, run, filter);
  const place = { ...fromTheFirst, limit: page.perPage, offset: offsetOf(page) };
  const [rows, total] = await Promise.all([
    findErrors(knex, run.id, filter, matches, place),
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
  const edge = way === 'after' ? fromTheFirst : fromTheLast;
  const place = { ...edge, edge: mark ?? edge.edge, limit: perPage + 1, offset: 0 };
  const found = await findErrors(knex, run.id, filter, await matchGroups(knex, run, filter), place);
  return stretchOf(found, perPage, way, ({ rowNo }) => rowNo);
}

/**
 * How many row errors of the run match, exactly; null where that takes looking at so many of them that whoever reads them
 * all had better not wait for it.
 */
export async function totalAtHand(knex: Knex, run: ErrorRun, filter: RowErrorFilter): Promise<number | null> {
  const matches = await matchGroups(knex, run, filter);
  const isAtHand = matches ? matches.openRows <= mostOpenRows : isByIndex(filter);
  return isAtHand ? totalOf(knex, run.id, filter, matches) : null;
}

/** Whether an index tells which row errors match. */
function isByIndex({ rowId, ...others }: RowErrorFilter): boolean {
  return rowId !== undefined || Object.values(others).every((value) => value === undefined);
}

async function totalOf(
  knex: Knex,
  runId: string,
  filter: RowErrorFilter,
  matches: GroupMatches | null,
): Promise<number> {
  const { sql, bindings } = conditionsOf(runId, filter);
  const counts = matches
    ? [
        ...(matches.openIds.length > 0
          ? [
              `SELECT 1 FROM row_errors WHERE run_id = :runId AND group_id = ANY (:openIds::bigint[]) AND ${sql}`,
            ]
          : []),
        ...(matches.stretches.firsts.length > 0 ? [inStretches('SELECT 1', sql, 'OFFSET 0')] : []),
      ]
    : [`SELECT 1 FROM row_errors WHERE run_id = :runId AND ${sql}`];
  if (counts.length === 0) return matches?.known ?? 0;
  const { rows } = await knex.raw<{ rows: { total: number }[] }>(
    `SELECT count(*) AS total FROM (${counts.join(' UNION ALL ')}) AS matching`,
    { runId, ...bindings, ...(matches && listsOf(matches)) },
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

// So many are looked at in some milliseconds. With more of them the run is read in order: what stands in that many messages
// is soon met, and what stands in none takes no longer than group by group.
const mostOpenRows = 20_000;

async function findErrors(
  knex: Knex,
  runId: string,
  filter: RowErrorFilter,
  matches: GroupMatches | null,
  { edge, isPast, order, limit, offset }: Search,
): Promise<RowErrorView[]> {
  const { sql, bindings } = conditionsOf(runId, filter);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const isPastEdge = `row_no ${isPast} :edge`;
  const inOrder = `ORDER BY row_no ${order} LIMIT :limit OFFSET :offset`;
  const byRowNo = (rowNos: string): string =>
    `run_id = :runId AND row_no = ANY (ARRAY(${rowNos})) ORDER BY row_no ${order}`;
  // The first of each group, and of these the first: the run read in order until enough rows match would be read whole where
  // they are few. The index has every group in one piece, and no other column: the run is not named.
  const firstOf = `ORDER BY row_no ${order} LIMIT :reach`;
  const ofGroups = [
    inGroups(':wholeIds', isPastEdge, firstOf),
    inGroups(':lookedIds', `${isPastEdge} AND ${sql}`, firstOf),
    inStretches('SELECT row_no', `${isPastEdge} AND ${sql}`, firstOf),
  ].join(' UNION ALL ');
  const ofRun = `run_id = :runId AND ${isPastEdge}`;
  const found = !isFiltered
    ? // The index alone tells which rows are on a page, however far back.
      byRowNo(`SELECT row_no FROM row_errors WHERE ${ofRun} ${inOrder}`)
    : filter.rowId !== undefined
      ? // First those of the row, then their order: of a row that fails in every run the planner expects so many that it
        // would read the run in order.
        byRowNo(`SELECT row_no FROM (
          SELECT row_no FROM row_errors WHERE run_id = :runId AND ${sql} OFFSET 0) AS of_row WHERE ${isPastEdge} ${inOrder}`)
      : matches && matches.openRows <= mostOpenRows
        ? byRowNo(`SELECT row_no FROM (${ofGroups}) AS of_groups ${inOrder}`)
        : `${ofRun} AND ${sql} ${inOrder}`;
  const { rows } = await knex.raw<{ rows: RowErrorView[] }>(
    `SELECT ${rowErrorColumns(false)} FROM row_errors WHERE ${found}`,
    { runId, ...bindings, ...(matches && listsOf(matches)), edge, limit, offset, reach: limit + offset },
  );
  return rows;
}

function inGroups(ids: string, condition: string, firstOf: string): string {
  return `SELECT one.row_no FROM unnest(${ids}::bigint[]) AS g (id) CROSS JOIN LATERAL (
    SELECT row_no FROM row_errors WHERE group_id = g.id AND ${condition} ${firstOf}) one`;
}

// With a LIMIT or OFFSET of its own each stretch is read by the index; without, the planner joins with all there are.
function inStretches(select: string, condition: string, firstOf: string): string {
  return `SELECT one.* FROM unnest(:groupIds::bigint[], :firsts::bigint[], :lasts::bigint[]) AS s (id, first, last)
    CROSS JOIN LATERAL (
      ${select} FROM row_errors
      WHERE group_id = s.id AND row_no BETWEEN s.first AND s.last AND ${condition} ${firstOf}) one`;
}

function listsOf({ wholeIds, countedIds, openIds, stretches }: GroupMatches): Record<string, number[]> {
  return {
    wholeIds: [...wholeIds],
    lookedIds: [...countedIds, ...openIds],
    openIds: [...openIds],
    groupIds: [...stretches.groupIds],
    firsts: [...stretches.firsts],
    lasts: [...stretches.lasts],
  };
}
