// Owns the journal of a run: the changed lines of the model's result, written by an attempt, published once.
import type { Knex } from 'knex';
import { escapeLiteral } from 'pg';
import { copyBinary } from '../copy-binary';
import { type Fence, fencedStatement } from '../runs/lease';
import { phaseEnd } from '../runs/run-phases';
import { eventInsert } from '../runs/run-events';

/** A batch of raw lines with its packed index; see diff/journal-batch. */
export interface StoredJournalBatch {
  readonly firstLine: number;
  readonly lines: number;
  readonly data: Buffer;
  readonly index: Buffer;
}

/** One column of the model's result as the lines carry it. */
export interface JournalColumn {
  readonly name: string;
  readonly type: string;
  readonly json: 'string' | 'number' | 'boolean' | 'json';
}

/** What an attempt found out; counts are rows. */
export interface JournalSummary {
  readonly columns: readonly JournalColumn[];
  readonly snapshotVersion: number;
  readonly snapshotDelta: number;
  readonly snapshotRows: number;
  readonly linesRead: number;
  readonly unchanged: number;
  readonly skipped: number;
  readonly journalled: number;
  readonly unseen: number;
  /** In how many ranges of keys the model was read; the snapshot's ordinals go on from one to the next. */
  readonly passes: number;
  /** Two bits per snapshot ordinal; null when neither duplicates nor vanished rows can follow from it. */
  readonly marks: Buffer | null;
}

export interface PublishedJournal extends JournalSummary {
  readonly attempt: number;
}

/** Opens the attempt's journal; the attempt's number is its epoch, so no two attempts share one. Older ones go. */
export async function openJournal(trx: Knex.Transaction, fence: Fence): Promise<void> {
  // The attempt holds the lease, so that no other one can open a journal beside it.
  const { rows } = await trx.raw<{ rows: { has_older: boolean }[] }>(
    `INSERT INTO journals (run_id, attempt, workspace_id) VALUES (:runId, :epoch, :workspaceId)
     RETURNING EXISTS (SELECT 1 FROM journals older WHERE older.run_id = :runId AND older.attempt <> :epoch) AS has_older`,
    { runId: fence.runId, epoch: fence.epoch, workspaceId: fence.workspaceId },
  );
  if (rows[0]?.has_older) await dropUnpublished(trx, fence.runId, fence.epoch);
}

/** Drops what attempts but `kept` that never published have written; one of them that still lives can append no more. */
export async function dropUnpublished(trx: Knex.Transaction, runId: string, kept = 0): Promise<void> {
  // The lock waits for a batch that is being appended, and keeps the next one from finding its journal.
  const { rows } = await trx.raw<{ rows: { attempt: number }[] }>(
    `SELECT attempt FROM journals WHERE run_id = ? AND published_at IS NULL AND attempt <> ? FOR UPDATE`,
    [runId, kept],
  );
  if (rows.length === 0) return;
  const attempts = rows.map(({ attempt }) => attempt);
  await trx.raw(`DELETE FROM journal_batches WHERE run_id = ? AND attempt = ANY (?)`, [runId, attempts]);
  await trx.raw(`DELETE FROM journals WHERE run_id = ? AND attempt = ANY (?)`, [runId, attempts]);
}

/**
 * Appends one batch. Needs no fence: an overtaken attempt writes under its own number, which nobody reads, and fails
 * once its journal was dropped.
 */
export async function appendJournalBatch(knex: Knex, fence: Fence, batch: StoredJournalBatch): Promise<void> {
  await knex.raw(
    `INSERT INTO journal_batches (run_id, attempt, first_line, workspace_id, lines, data, row_index)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [fence.runId, fence.epoch, batch.firstLine, fence.workspaceId, batch.lines, batch.data, batch.index],
  );
}

/** Makes this attempt's journal the run's journal and ends the query phase. Later phases read it alone. */
export async function publishJournal(knex: Knex, fence: Fence, summary: JournalSummary): Promise<void> {
  const { linesRead, unchanged, skipped, journalled } = summary;
  await fencedStatement(
    knex,
    fence,
    [
      `published AS (
         UPDATE journals SET published_at = clock_timestamp(), columns = :columns, snapshot_version = :snapshotVersion,
           snapshot_delta = :snapshotDelta, snapshot_rows = :snapshotRows, lines_read = :linesRead,
           unchanged = :unchanged, skipped = :skipped, journalled = :journalled, unseen = :unseen, passes = :passes, marks = :marks
         FROM fence WHERE journals.run_id = fence.run_id AND journals.attempt = fence.epoch)`,
      `ended AS (${phaseEnd('query')})`,
      `told AS (${eventInsert('model_read', 'fence', ':told::jsonb')})`,
    ],
    {
      ...summary,
      columns: JSON.stringify(summary.columns),
      told: JSON.stringify({ rows_read: linesRead, unchanged, skipped, changed: journalled }),
    },
  );
}

interface JournalRow {
  attempt: number;
  columns: JournalColumn[];
  snapshot_version: number;
  snapshot_delta: number;
  snapshot_rows: number;
  lines_read: number;
  unchanged: number;
  skipped: number;
  journalled: number;
  unseen: number;
  passes: number;
  marks: Buffer | null;
}

/** The run's published journal, null when none is. */
export async function publishedJournal(knex: Knex, runId: string): Promise<PublishedJournal | null> {
  const { rows } = await knex.raw<{ rows: JournalRow[] }>(
    `SELECT attempt, columns, snapshot_version, snapshot_delta, snapshot_rows, lines_read, unchanged, skipped,
       journalled, unseen, passes, marks
     FROM journals WHERE run_id = ? AND published_at IS NOT NULL`,
    [runId],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    attempt: row.attempt,
    columns: row.columns,
    snapshotVersion: row.snapshot_version,
    snapshotDelta: row.snapshot_delta,
    snapshotRows: row.snapshot_rows,
    linesRead: row.lines_read,
    unchanged: row.unchanged,
    skipped: row.skipped,
    journalled: row.journalled,
    unseen: row.unseen,
    passes: row.passes,
    marks: row.marks,
  };
}

// A page of indexes is at most 64 x 36 kB, about 2 MB.
const indexPage = 64;

/** Streams the packed indexes of a journal in line order, without its data. */
export async function* journalIndexes(
  knex: Knex,
  runId: string,
  attempt: number,
): AsyncGenerator<{ firstLine: number; index: Buffer; dataBytes: number }> {
  let after = -1;
  for (;;) {
    const { rows } = await knex.raw<{
      rows: { first_line: number; row_index: Buffer; data_bytes: number }[];
    }>(
      `SELECT first_line, row_index, octet_length(data) AS data_bytes FROM journal_batches
       WHERE run_id = ? AND attempt = ? AND first_line > ? ORDER BY first_line LIMIT ${indexPage}`,
      [runId, attempt, after],
    );
    for (const row of rows) {
      yield { firstLine: row.first_line, index: row.row_index, dataBytes: row.data_bytes };
    }
    const last = rows.at(-1);
    if (!last || rows.length < indexPage) return;
    after = last.first_line;
  }
}

/** The journal batches that cover lines [from, to), in line order. Found by index: a look at all would be quadratic. */
export async function journalLines(
  knex: Knex,
  runId: string,
  attempt: number,
  from: number,
  to: number,
): Promise<StoredJournalBatch[]> {
  const mine = `run_id = ${escapeLiteral(runId)} AND attempt = ${attempt}`;
  const rows = await copyBinary(
    knex,
    `SELECT first_line, lines, data, row_index FROM journal_batches
     WHERE ${mine} AND first_line < ${to} AND first_line >= (
       SELECT max(first_line) FROM journal_batches WHERE ${mine} AND first_line <= ${from})
     ORDER BY first_line`,
  );
  return rows.map(([firstLine, lines, data, index]) => {
    if (!firstLine || !lines || !data || !index) throw new Error('a column of journal_batches is null');
    return { firstLine: Number(firstLine.readBigInt64BE()), lines: lines.readInt32BE(), data, index };
  });
}
