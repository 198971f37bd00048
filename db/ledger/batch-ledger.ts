// Owns the ledger of batches: planned -> sent -> acked. Every write is fenced, every answer is stored whole or not at all.
import type { Knex } from 'knex';
import { countOutcomes } from '../../domain/row-outcome';
import { type Fence, fenced, fencedStatement } from '../runs/lease';
import { moveRows, type MovedRows } from './follow-up-store';
import { insertRowErrors, type StoredRowError } from './row-error-store';

/** A batch as the writer works on it. */
export interface LedgerBatch {
  readonly batchNo: number;
  readonly kind: 'write' | 'delete';
  readonly state: 'planned' | 'sent';
  readonly rows: number;
  readonly lineFrom: number | null;
  readonly lineTo: number | null;
  readonly operations: Buffer;
  /** Null, as the keys, for writes that are planned: the journal has them. */
  readonly entries: Buffer | null;
  readonly rowKeys: Buffer | null;
  readonly transactionId: string | null;
  /**
   * With state sent: the answer stored before a commit whose fate is open; without a transaction what is known of the
   * answer, which may be a part of it.
   */
  readonly outcomes: Buffer | null;
  /** What belongs to these outcomes. */
  readonly rowErrors: readonly StoredRowError[];
  readonly callMs: readonly number[];
  /** Milliseconds until a sent batch's deadline has passed, by the database's clock; negative once it has. */
  readonly deadlineInMs: number;
}

/** What is stored the moment a batch is handed to the destination. */
export interface SentBatch {
  readonly batchNo: number;
  readonly entries: Buffer;
  readonly operations: Buffer;
  readonly rowKeys: Buffer;
  readonly transactionId: string | null;
  readonly deadlineMs: number;
}

/** A batch's whole answer: one outcome per sent row, a row error per failed one. */
export interface LedgerAnswer {
  readonly batchNo: number;
  readonly outcomes: Buffer;
  readonly rowErrors: readonly StoredRowError[];
  readonly callMs: readonly number[];
  /** Rows that the answer is not about: they leave the batch when it is stored, and go once more in another one. */
  readonly moved?: MovedRows;
}

interface BatchRow {
  batch_no: number;
  kind: 'write' | 'delete';
  state: 'planned' | 'sent';
  rows: number;
  line_from: number | null;
  line_to: number | null;
  operations: Buffer;
  entries: Buffer | null;
  row_keys: Buffer | null;
  transaction_id: string | null;
  outcomes: Buffer | null;
  row_errors: StoredRowError[] | null;
  call_ms: number[];
  deadline_in_ms: number | null;
}

const openStates = ['planned', 'sent'] as const;

/** Batches after one number, and up to another. */
export interface BatchRange {
  readonly after: number;
  readonly upTo?: number | undefined;
}

/** Open batches (planned or sent) of a range in order, at most `limit`; `states` leaves out others. */
export async function openBatches(
  knex: Knex,
  runId: string,
  { after, upTo }: BatchRange,
  limit: number,
  states: readonly LedgerBatch['state'][] = openStates,
): Promise<LedgerBatch[]> {
  const { rows } = await knex.raw<{ rows: BatchRow[] }>(
    `SELECT batch_no, kind, state, creates + updates + deletes AS rows, line_from, line_to, operations,
       CASE WHEN kind = 'delete' OR state = 'sent' THEN entries END AS entries,
       CASE WHEN kind = 'delete' OR state = 'sent' THEN row_keys END AS row_keys, transaction_id, outcomes, row_errors, call_ms,
       (extract(epoch FROM deadline_at - clock_timestamp()) * 1000)::float8 AS deadline_in_ms
     FROM batches WHERE run_id = ? AND state <> 'acked' AND state = ANY (?) AND batch_no > ?
       AND batch_no <= coalesce(?, batch_no) ORDER BY batch_no LIMIT ?`,
    [runId, [...states], after, upTo ?? null, limit],
  );
  return rows.map((row) => ({
    batchNo: row.batch_no,
    kind: row.kind,
    state: row.state,
    rows: row.rows,
    lineFrom: row.line_from,
    lineTo: row.line_to,
    operations: row.operations,
    entries: row.entries,
    rowKeys: row.row_keys,
    transactionId: row.transaction_id,
    outcomes: row.outcomes,
    rowErrors: row.row_errors ?? [],
    callMs: row.call_ms,
    deadlineInMs: row.deadline_in_ms ?? 0,
  }));
}

// Batches held in memory at once: a delete batch carries its row keys, some hundred kB of them.
const openPage = 32;

/** Every batch that is open when its turn comes, in order, read page by page. */
export async function* everyOpenBatch(
  knex: Knex,
  runId: string,
  states: readonly LedgerBatch['state'][] = openStates,
): AsyncGenerator<LedgerBatch> {
  for (let after = 0; ;) {
    const open = await openBatches(knex, runId, { after }, openPage, states);
    yield* open;
    const last = open.at(-1);
    if (!last || open.length < openPage) return;
    after = last.batchNo;
  }
}

/**
 * planned -> sent (or sent again): written before the destination sees the batches. Sent again, one keeps the deadline of
 * the call without an answer (its late effect is no later run's to write over), and what is known of its answer.
 */
export async function markSent(knex: Knex, fence: Fence, ...batches: SentBatch[]): Promise<void> {
  if (batches.length === 0) return;
  const told = valuesOf(
    ['int', 'bytea', 'bytea', 'bytea', 'text', 'float8'],
    batches.map((batch) => [
      batch.batchNo,
      batch.entries,
      batch.operations,
      batch.rowKeys,
      batch.transactionId,
      batch.deadlineMs / 1000,
    ]),
  );
  await fencedStatement(
    knex,
    fence,
    [
      `sent AS (UPDATE batches SET state = 'sent', entries = told.entries, sent_operations = told.operations,
         row_keys = told.row_keys, transaction_id = told.transaction_id,
         late_until = CASE WHEN batches.state = 'sent' AND batches.transaction_id IS NULL
           THEN greatest(batches.late_until, batches.deadline_at) ELSE batches.late_until END,
         outcomes = CASE WHEN told.transaction_id IS NULL THEN batches.outcomes END,
         row_errors = CASE WHEN told.transaction_id IS NULL THEN batches.row_errors END,
         sent_epoch = fence.epoch, attempts = batches.attempts + 1,
         sent_at = clock_timestamp(), deadline_at = clock_timestamp() + make_interval(secs => told.seconds)
       FROM fence, (VALUES ${told.sql}) AS told (batch_no, entries, operations, row_keys, transaction_id, seconds)
       WHERE batches.run_id = fence.run_id AND batches.batch_no = told.batch_no AND batches.state <> 'acked')`,
    ],
    told.bindings,
  );
}

/** Stores answers before COMMIT: after a crash the commit's fate decides whether they count. */
export async function storeAnswers(
  knex: Knex,
  fence: Fence,
  answers: readonly LedgerAnswer[],
): Promise<void> {
  await fenced(knex, fence, async (trx) => {
    for (const answer of answers) {
      await trx.raw(
        `UPDATE batches SET outcomes = ?, row_errors = ?, call_ms = ? WHERE run_id = ? AND batch_no = ? AND state = 'sent'`,
        [
          answer.outcomes,
          JSON.stringify(answer.rowErrors),
          answer.callMs.map(Math.round),
          fence.runId,
          answer.batchNo,
        ],
      );
    }
  });
}

/** Keeps what is known of a batch that is sent; `deadlineMs` from now on no call of it can have effect any more. */
export async function keepPart(
  knex: Knex,
  fence: Fence,
  part: LedgerAnswer,
  deadlineMs: number,
): Promise<void> {
  await fencedStatement(
    knex,
    fence,
    [
      `kept AS (UPDATE batches SET outcomes = :outcomes, row_errors = :rowErrors, call_ms = :callMs,
         deadline_at = clock_timestamp() + make_interval(secs => :seconds)
       FROM fence WHERE batches.run_id = fence.run_id AND batches.batch_no = :batchNo AND batches.state = 'sent')`,
    ],
    {
      batchNo: part.batchNo,
      outcomes: part.outcomes,
      rowErrors: JSON.stringify(part.rowErrors),
      callMs: part.callMs.map(Math.round),
      seconds: deadlineMs / 1000,
    },
  );
}

/** sent -> acked: outcomes, counts, row errors and rows that move on in one transaction. Acking twice changes nothing. */
export async function ackBatches(knex: Knex, fence: Fence, answers: readonly LedgerAnswer[]): Promise<void> {
  if (answers.length === 0) return;
  if (answers.every(({ rowErrors, moved }) => rowErrors.length === 0 && !moved)) {
    const { sql, bindings } = acknowledging(answers, 'FROM fence,', 'fence.run_id');
    await fencedStatement(knex, fence, [`acked AS (${sql})`], bindings);
    return;
  }
  await fenced(knex, fence, async (trx) => {
    for (const { batchNo, moved } of answers) if (moved) await moveRows(trx, fence.runId, batchNo, moved);
    const { sql, bindings } = acknowledging(answers, 'FROM', ':runId');
    const { rows } = await trx.raw<{ rows: { batch_no: number }[] }>(sql, {
      ...bindings,
      runId: fence.runId,
    });
    const acked = new Set(rows.map(({ batch_no }) => batch_no));
    const rowErrors = answers.flatMap((answer) => (acked.has(answer.batchNo) ? answer.rowErrors : []));
    await insertRowErrors(trx, fence, rowErrors);
  });
}

function acknowledging(
  answers: readonly LedgerAnswer[],
  from: 'FROM' | 'FROM fence,',
  run: ':runId' | 'fence.run_id',
): Values {
  const told = valuesOf(
    ['int', 'bytea', 'bigint', 'bigint', 'bigint', 'bigint', 'bigint', 'int[]'],
    answers.map(({ batchNo, outcomes, callMs }) => {
      const { created = 0, updated = 0, deleted = 0, skipped = 0, failed = 0 } = countOutcomes(outcomes);
      const calls = callMs.length === 0 ? null : callMs.map(Math.round);
      return [batchNo, outcomes, created, updated, deleted, skipped, failed, calls];
    }),
  );
  const sql = `UPDATE batches SET state = 'acked', acked_at = clock_timestamp(), outcomes = told.outcomes,
       row_errors = NULL, created = told.created, updated = told.updated, deleted = told.deleted,
       skipped = told.skipped, failed = told.failed, call_ms = coalesce(told.call_ms, batches.call_ms)
     ${from} (VALUES ${told.sql}) AS told (batch_no, outcomes, created, updated, deleted, skipped, failed, call_ms)
     WHERE batches.run_id = ${run} AND batches.batch_no = told.batch_no AND batches.state = 'sent'
     RETURNING batches.batch_no`;
  return { sql, bindings: told.bindings };
}

interface Values {
  readonly sql: string;
  readonly bindings: Readonly<Record<string, Knex.RawBinding>>;
}

/** Rows of a VALUES list, each value cast to its column's type. */
function valuesOf(types: readonly string[], rows: readonly (readonly Knex.RawBinding[])[]): Values {
  const bindings: Record<string, Knex.RawBinding> = {};
  const sql = rows.map((row, at) => {
    const places = row.map((value, column) => {
      bindings[`v${at}_${column}`] = value;
      return `:v${at}_${column}::${types[column]}`;
    });
    return `(${places.join(', ')})`;
  });
  return { sql: sql.join(', '), bindings };
}

/**
 * sent -> planned: for batches whose last call certainly had no effect. One that an earlier call was made for, without an
 * answer, stays sent as that call left it.
 */
export async function takeBack(knex: Knex, fence: Fence, batchNos: readonly number[]): Promise<void> {
  if (batchNos.length === 0) return;
  await fenced(knex, fence, async (trx) => {
    await trx.raw(
      `UPDATE batches SET state = CASE WHEN late_until IS NULL THEN 'planned' ELSE 'sent' END,
         deadline_at = coalesce(late_until, deadline_at), transaction_id = NULL,
         outcomes = CASE WHEN late_until IS NOT NULL THEN outcomes END,
         row_errors = CASE WHEN late_until IS NOT NULL THEN row_errors END
       WHERE run_id = ? AND batch_no = ANY (?) AND state = 'sent'`,
      [fence.runId, [...batchNos]],
    );
  });
}
