// Owns removing the values of rows from row errors that stay: which runs are due, and chunk after chunk of them.
import type { Knex } from 'knex';
import { withoutValues, withoutVariables } from '../../domain/raw-values';
import type { RowErrorOrigin } from '../../domain/row-error';
import { GroupTeller, storeGroups } from '../ledger/row-error-groups';
import { eventInsert } from './run-events';

// So many runs are marked in one statement: some milliseconds.
const page = 200;
// Rows of a chunk, each written anew with its index entries: some tens of milliseconds.
const chunkRows = 1_000;
// A message may repeat a value of megabytes: a chunk ends with the row that is past so many bytes.
const chunkBytes = 4 * 1024 * 1024;

/**
 * Marks up to a page of runs that ended longer ago than their sync keeps raw values; returns their ids. Of a sync that somebody
 * holds none is marked: who erases a row of it knows all runs that others are at. Its turn is the next one.
 */
export async function beginRawValueRemovals(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { run_id: string }[] }>(
    `WITH due AS (
       SELECT r.id, r.workspace_id FROM syncs s
       JOIN sync_versions v ON v.sync_id = s.id AND v.version = s.version
       CROSS JOIN LATERAL (
         SELECT id, workspace_id FROM runs
         WHERE sync_id = s.id AND rows_failed > 0 AND raw_values_removed_at IS NULL AND row_errors_removed_at IS NULL
           AND completed_at < statement_timestamp() - make_interval(days => (v.settings ->> 'rawValueDays')::integer)
           AND NOT EXISTS (SELECT 1 FROM run_removals WHERE run_id = runs.id)
         ORDER BY completed_at LIMIT ${page}) r
       WHERE v.settings ->> 'rawValueDays' IS NOT NULL LIMIT ${page} FOR NO KEY UPDATE OF s SKIP LOCKED),
     begun AS (
       INSERT INTO run_removals (run_id, workspace_id, what) SELECT id, workspace_id, 'raw_values' FROM due
       ON CONFLICT DO NOTHING RETURNING run_id),
     marked AS (
       UPDATE runs SET raw_values_removed_at = clock_timestamp() FROM begun WHERE runs.id = begun.run_id
       RETURNING runs.workspace_id, runs.sync_id, runs.id AS run_id),
     told AS (${eventInsert('raw_values_removed', 'marked')})
     SELECT run_id FROM begun`,
  );
  return rows.map(({ run_id }) => run_id);
}

interface ErrorRow {
  row_no: number;
  field: string | null;
  message: string;
  beginning: string | null;
  code: string;
  origin: RowErrorOrigin;
  /** Rows found for the chunk, and how many of them it holds. */
  found: number;
}

/** What one chunk did. */
export interface RawValueChunk {
  readonly rows: number;
  /** Whether it was the last of its run. */
  readonly ended: boolean;
}

/**
 * Removes the values from one chunk of a marked run: those of the refused fields, and whatever could be one; null when no run is
 * marked, or others are at all of them. Row by row on from where the last chunk ended.
 */
export async function continueRawValueRemovals(knex: Knex, most = chunkRows): Promise<RawValueChunk | null> {
  return knex.transaction(async (trx) => {
    const { rows: claimed } = await trx.raw<{ rows: { run_id: string; after_row_no: number }[] }>(
      `SELECT run_id, after_row_no FROM run_removals WHERE what = 'raw_values'
       ORDER BY began_at, run_id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    );
    const [run] = claimed;
    if (!run) return null;
    // Of a value as much as the message can hold, and no less than it is found by.
    const { rows } = await trx.raw<{ rows: ErrorRow[] }>(
      `SELECT row_no, field, message, left(raw_value, greatest(length(message), 100)) AS beginning, code, origin, found FROM (
         SELECT *, count(*) OVER () AS found, sum(bytes) OVER (ORDER BY row_no) - bytes AS bytes_before FROM (
           SELECT *, octet_length(message) AS bytes FROM row_errors
           WHERE run_id = ? AND row_no > ? ORDER BY row_no LIMIT ?) one) chunk
       WHERE bytes_before < ${chunkBytes} ORDER BY row_no`,
      [run.run_id, run.after_row_no, most],
    );
    await writeWithoutValues(trx, run.run_id, rows);
    const last = rows.at(-1);
    if (last && (last.found === most || rows.length < last.found)) {
      await trx.raw(`UPDATE run_removals SET after_row_no = ? WHERE run_id = ?`, [last.row_no, run.run_id]);
      return { rows: rows.length, ended: false };
    }
    await groupAnew(trx, run.run_id);
    await trx.raw(`DELETE FROM run_removals WHERE run_id = ?`, [run.run_id]);
    return { rows: rows.length, ended: true };
  });
}

async function writeWithoutValues(
  trx: Knex.Transaction,
  runId: string,
  rows: readonly ErrorRow[],
): Promise<void> {
  const teller = new GroupTeller(runId);
  const without = rows.map(({ row_no, field, message, beginning, code, origin }) => {
    // Our own sentences hold none.
    const told = origin === 'source' ? message : withoutVariables(withoutValues(message, [beginning]));
    return {
      rowNo: row_no,
      message: told,
      groupId: teller.groupIdOf({ field, code, origin, message: told }),
    };
  });
  await trx.raw(
    `UPDATE row_errors e SET raw_value = NULL, message = told.message, group_id = told.group_id
     FROM unnest(:rowNos::bigint[], :messages::text[], :groupIds::bigint[]) AS told (row_no, message, group_id)
     WHERE e.run_id = :runId AND e.row_no = told.row_no`,
    {
      runId,
      rowNos: without.map(({ rowNo }) => rowNo),
      messages: without.map(({ message }) => message),
      groupIds: without.map(({ groupId }) => groupId),
    },
  );
}

/** Patterns may hold a word of a value, and the messages are others now. */
async function groupAnew(trx: Knex.Transaction, runId: string): Promise<void> {
  // Groups first: whoever cuts one into blocks holds it, and has stored its blocks when it lets go.
  await trx.raw(`DELETE FROM row_error_groups WHERE run_id = ?`, [runId]);
  await trx.raw(`DELETE FROM row_error_blocks WHERE run_id = ?`, [runId]);
  await storeGroups(trx, runId);
}
