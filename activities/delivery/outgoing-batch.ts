// Owns building what the destination is handed from what ledger and journal hold, and naming its refused rows.
import { decodeLine } from '../../connectors/copy-text';
import type { DeliveryTarget, OutgoingBatch, RowRefusal } from '../../connectors/destination';
import type { LedgerBatch } from '../../db/ledger/batch-ledger';
import type { StoredJournalBatch } from '../../db/ledger/journal-store';
import type { StoredRowError } from '../../db/ledger/row-error-store';
import { entryBytes } from '../../diff/packed-words';
import { JournalIndex } from '../../diff/journal-batch';
import { isSent, rowOperation } from '../../domain/row-outcome';

/** A batch ready to go: what the destination gets, and what the ledger keeps of it. */
export interface PreparedBatch {
  readonly outgoing: OutgoingBatch;
  readonly batchNo: number;
  /** 24 bytes per row. */
  readonly entries: Buffer;
  /** Row keys as COPY text lines, one per row. */
  readonly rowKeys: Buffer;
  /** Position of each row in the run. */
  readonly rowNos: Float64Array;
}

// Deletes come after every line a journal can hold.
const deleteRowBase = 2 ** 44;
const tab = 9;
const newline = 10;

/** A write batch from the journal lines it covers. */
export function prepareWrites(
  runId: string,
  batch: LedgerBatch,
  journal: readonly StoredJournalBatch[],
  keyColumns: number,
): PreparedBatch {
  const from = batch.lineFrom ?? 0;
  const lines: Buffer[] = [];
  const keys: Buffer[] = [];
  const starts = new Uint32Array(batch.rows + 1);
  const operations = new Uint8Array(batch.rows);
  const entries = Buffer.alloc(batch.rows * entryBytes);
  const rowNos = new Float64Array(batch.rows);
  let row = 0;
  let bytes = 0;
  for (const part of journal) {
    const index = new JournalIndex(part.index);
    const ends = index.starts(part.data.length);
    for (let line = 0; line < part.lines; line += 1) {
      const operation = batch.operations[part.firstLine + line - from] ?? 0;
      if (part.firstLine + line < from || operation === 0 || !isSent(operation)) continue;
      const raw = part.data.subarray(ends[line], ends[line + 1]);
      lines.push(raw);
      keys.push(keyLine(raw, keyColumns));
      starts[row] = bytes;
      bytes += raw.length;
      operations[row] = operation;
      entries.set(index.entry(line), row * entryBytes);
      rowNos[row] = part.firstLine + line;
      row += 1;
    }
  }
  if (row !== batch.rows) {
    throw new Error(`batch ${batch.batchNo} has ${batch.rows} rows in the plan, ${row} in the journal`);
  }
  starts[row] = bytes;
  const key = `${runId}/${batch.batchNo}`;
  const outgoing = { key, kind: 'write' as const, data: Buffer.concat(lines, bytes), starts, operations };
  return { outgoing, batchNo: batch.batchNo, entries, rowKeys: Buffer.concat(keys), rowNos };
}

/** A delete batch: its rows stand in the ledger itself. */
export function prepareDeletes(runId: string, batch: LedgerBatch): PreparedBatch {
  if (!batch.entries || !batch.rowKeys) throw new Error(`delete batch ${batch.batchNo} carries no rows`);
  const data = batch.rowKeys;
  const starts = new Uint32Array(batch.rows + 1);
  for (let row = 0; row < batch.rows; row += 1) starts[row + 1] = data.indexOf(newline, starts[row]) + 1;
  const rowNos = new Float64Array(batch.rows);
  for (let row = 0; row < batch.rows; row += 1) {
    // A batch never has a million rows, so places stay apart and in order.
    rowNos[row] = deleteRowBase + batch.batchNo * 1_000_000 + row;
  }
  const operations = Buffer.alloc(batch.rows, rowOperation.delete);
  const key = `${runId}/${batch.batchNo}`;
  return {
    outgoing: { key, kind: 'delete', data, starts, operations },
    batchNo: batch.batchNo,
    entries: batch.entries,
    rowKeys: data,
    rowNos,
  };
}

/** The row key's columns of a line, as a line of their own. */
function keyLine(raw: Buffer, keyColumns: number): Buffer {
  let end = -1;
  for (let column = 0; column < keyColumns; column += 1) {
    end = raw.indexOf(tab, end + 1);
    if (end < 0) return raw;
  }
  const key = Buffer.from(raw.subarray(0, end + 1));
  key[end] = newline;
  return key;
}

/** Row key of a line as people read it: key columns joined with a comma; null when one of them is null. */
export function rowIdOf(raw: Buffer, keyColumns: number): string | null {
  const values = decodeLine(raw, 0, raw.length).slice(0, keyColumns);
  return values.includes(null) ? null : values.join(',');
}

/** The refused rows of a batch with the values they were sent with. */
export function rowErrorsOf(
  prepared: PreparedBatch,
  target: DeliveryTarget,
  refusals: readonly RowRefusal[],
): StoredRowError[] {
  const { data, starts, operations } = prepared.outgoing;
  return refusals.map((refusal) => {
    const raw = data.subarray(starts[refusal.row], starts[refusal.row + 1]);
    const column = target.columns.findIndex((candidate) => candidate.field === refusal.field);
    return {
      rowNo: prepared.rowNos[refusal.row] ?? 0,
      rowId: rowIdOf(raw, target.keyColumns),
      field: refusal.field,
      message: refusal.message,
      rawValue: decodeLine(raw, 0, raw.length)[column] ?? null,
      code: refusal.code,
      origin: refusal.origin,
      operation: operationName(operations[refusal.row]),
    };
  });
}

function operationName(operation: number | undefined): StoredRowError['operation'] {
  if (operation === rowOperation.create) return 'create';
  return operation === rowOperation.delete ? 'delete' : 'update';
}
