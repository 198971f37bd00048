// Owns reading all row errors of a run that match, page after page, with little in memory at any time.
import type { Knex } from 'knex';
import { conditionsOf, type RowErrorFilter } from './row-error-filter';
import { rowErrorColumns, type RowErrorView } from './row-errors-view';

// A page is a millisecond or two of the database's time. Of five thousand rows, and no faster, so many were alive at each
// collection that an export of a million added 130 MB to the process; of a thousand it is 40.
const pageRows = 1_000;
// A value may have 16 MiB: a page ends with the row that is past so many bytes.
const pageBytes = 4 * 1024 * 1024;
// Where few rows match, a page would be looked for in a million of them by one statement. So many are looked through in some
// tens of milliseconds, whatever is asked of them.
const lookedRows = 50_000;

interface FoundRow extends RowErrorView {
  /** Rows found for the page, and how many of them it holds. */
  foundRows: number;
}

/**
 * In order, each page by a statement of its own: a transaction over all of them would last as long as its slowest reader, and
 * row errors of an ended run do not change. Those of a run that goes on may be missed. A page may be empty: then nothing was
 * found yet, and there may be more.
 */
export async function* rowErrorPages(
  knex: Knex,
  runId: string,
  filter: RowErrorFilter,
): AsyncGenerator<RowErrorView[]> {
  const { sql, bindings } = conditionsOf(runId, filter);
  for (let after = -1; ;) {
    const until = await endOfLook(knex, runId, after);
    if (until === null) return;
    const { rows } = await knex.raw<{ rows: FoundRow[] }>(
      `SELECT ${rowErrorColumns(true)}, found AS "foundRows" FROM (
         SELECT *, count(*) OVER () AS found, sum(bytes) OVER (ORDER BY row_no) - bytes AS bytes_before FROM (
           SELECT *, octet_length(message) + coalesce(octet_length(raw_value), 0) AS bytes FROM row_errors
           WHERE run_id = :runId AND ${sql} AND row_no > :after AND row_no <= :until
           ORDER BY row_no LIMIT ${pageRows}) one) page
       WHERE bytes_before < ${pageBytes} ORDER BY row_no`,
      { runId, ...bindings, after, until },
    );
    yield rows;
    const last = rows.at(-1);
    const isLookedThrough = !last || (last.foundRows < pageRows && last.foundRows === rows.length);
    after = isLookedThrough ? until : last.rowNo;
  }
}

/** The last of the rows that are looked through next, matching or not; null when there are no more. The index alone tells. */
async function endOfLook(knex: Knex, runId: string, after: number): Promise<number | null> {
  const { rows } = await knex.raw<{ rows: { until: number | null }[] }>(
    `SELECT max(row_no) AS until FROM (
       SELECT row_no FROM row_errors WHERE run_id = ? AND row_no > ? ORDER BY row_no LIMIT ${lookedRows}) looked`,
    [runId, after],
  );
  return rows[0]?.until ?? null;
}
