// Owns storing follow-ups: batches of rows that were refused in a planned batch and go once more, in a batch of their own.
import type { Knex } from 'knex';

/** Rows of a write batch that was sent, as the ledger has them. */
export interface LedgerRows {
  readonly creates: number;
  readonly updates: number;
  /** One for each line the batch covers. */
  readonly operations: Buffer;
  /** One for each row, as the following. */
  readonly sentOperations: Buffer;
  readonly entries: Buffer;
  readonly rowKeys: Buffer;
}

/** How the rows of a batch are shared out. */
export interface MovedRows {
  readonly kept: LedgerRows;
  readonly followUp: {
    readonly batchNo: number;
    readonly lineFrom: number;
    readonly lineTo: number;
    readonly rows: LedgerRows;
  };
}

/**
 * Takes rows out of a batch that is sent and plans them as another batch. That one looks as if it had been taken back: its
 * entries are there, so that whoever asks for a row finds it in one batch at every moment, and a retry needs no journal.
 * A batch that is acknowledged already is left as it is.
 */
export async function moveRows(
  trx: Knex.Transaction,
  runId: string,
  batchNo: number,
  { kept, followUp }: MovedRows,
): Promise<void> {
  const { rows } = followUp;
  await trx.raw(
    `WITH kept AS (
       UPDATE batches SET creates = :keptCreates::integer, updates = :keptUpdates::integer,
         operations = :keptOperations::bytea, sent_operations = :keptSentOperations::bytea,
         entries = :keptEntries::bytea, row_keys = :keptRowKeys::bytea
       WHERE run_id = :runId AND batch_no = :batchNo AND state = 'sent'
       RETURNING workspace_id)
     INSERT INTO batches (run_id, batch_no, workspace_id, kind, creates, updates, deletes, line_from, line_to, operations,
       sent_operations, entries, row_keys)
     SELECT :runId, :followUpNo::integer, workspace_id, 'write', :creates::integer, :updates::integer, 0,
       :lineFrom::bigint, :lineTo::bigint, :operations::bytea, :sentOperations::bytea, :entries::bytea, :rowKeys::bytea
     FROM kept`,
    {
      runId,
      batchNo,
      keptCreates: kept.creates,
      keptUpdates: kept.updates,
      keptOperations: kept.operations,
      keptSentOperations: kept.sentOperations,
      keptEntries: kept.entries,
      keptRowKeys: kept.rowKeys,
      followUpNo: followUp.batchNo,
      lineFrom: followUp.lineFrom,
      lineTo: followUp.lineTo,
      creates: rows.creates,
      updates: rows.updates,
      operations: rows.operations,
      sentOperations: rows.sentOperations,
      entries: rows.entries,
      rowKeys: rows.rowKeys,
    },
  );
}
