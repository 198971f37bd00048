// Owns building what the destination is handed from what ledger and journal hold, and naming its refused rows.
import { decodeLine } from '../../connectors/copy-text';
import type { DeliveryTarget, OutgoingBatch, RowRefusal } from '../../connectors/destination';
import type { LedgerBatch } from '../../db/ledger/batch-ledger';
import type { StoredJournalBatch } from '../../db/ledger/journal-store';
import type { StoredRowError } from '../../db/ledger/row-error-store';
import { giveBack } from '../../diff/bytes/give-back';
import { entryWords } from '../../diff/bytes/packed-words';
import { JournalIndex } from '../../diff/journal-batch';
import { messageUnder, type RawValuePolicy, rawValueUnder } from '../../domain/raw-values';
import { rowIdFrom } from '../../domain/row-key';
import { deletedRowNo } from '../../domain/row-no';
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

/** What an answer is told from: the rows as they went out, and their places in the run. */
export type WrittenBatch = Pick<PreparedBatch, 'outgoing' | 'batchNo' | 'rowNos'>;

const tab = 9;
const newline = 10;

/** Lines [from, to) of a journal batch, all of which are sent. */
interface Stretch {
  readonly part: StoredJournalBatch;
  /** The part's, made once: it copies bytes that lie unaligned, and there may be a stretch for every second line. */
  readonly index: JournalIndex;
  readonly from: number;
  readonly to: number;
}

/** A write batch from the journal lines it covers. Copies bytes alone: an object a line would be most of the work. */
export function prepareWrites(
  runId: string,
  batch: LedgerBatch,
  journal: readonly StoredJournalBatch[],
  keyColumns: number,
): PreparedBatch {
  const stretches = sentStretches(batch, journal);
  const rows = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  if (rows !== batch.rows) {
    throw new Error(`batch ${batch.batchNo} has ${batch.rows} rows in the plan, ${rows} in the journal`);
  }
  const starts = new Uint32Array(rows + 1);
  const operations = new Uint8Array(rows);
  const entries = new Uint32Array(rows * entryWords);
  const rowNos = new Float64Array(rows);
  const pieces: Buffer[] = [];
  const before = batch.lineFrom ?? 0;
  let row = 0;
  let end = 0;
  for (const { part, index, from, to } of stretches) {
    const first = index.offset(from);
    const last = to < part.lines ? index.offset(to) : part.data.length;
    index.copyEntries(from, to, entries, row);
    for (let line = from; line < to; line += 1, row += 1) {
      const at = part.firstLine + line;
      starts[row] = end + index.offset(line) - first;
      operations[row] = batch.operations[at - before] as number;
      rowNos[row] = at;
    }
    pieces.push(part.data.subarray(first, last));
    end += last - first;
  }
  starts[rows] = end;
  const data = joined(pieces, stretches);
  const key = `${runId}/${batch.batchNo}`;
  const outgoing = { key, kind: 'write' as const, data, starts, operations };
  const rowKeys = keyLines(data, starts, keyColumns);
  return { outgoing, batchNo: batch.batchNo, entries: Buffer.from(entries.buffer), rowKeys, rowNos };
}

// A batch that is most of one journal batch needs no bytes of its own: nobody writes into the journal's. A small part of
// one does, for it would hold all of it, up to a mebibyte, in memory. So no two batches share memory, and each can give
// back its own; half is a small part for that reason.
function joined(pieces: readonly Buffer[], stretches: readonly Stretch[]): Buffer {
  const [piece] = pieces;
  const whole = stretches[0]?.part.data.length ?? 0;
  return pieces.length === 1 && piece && 2 * piece.length > whole ? piece : Buffer.concat(pieces);
}

/** Gives the memory of a batch's rows back, once it is acknowledged: nothing may read them any more. */
export function release({ outgoing, entries, rowKeys }: PreparedBatch): void {
  giveBack(outgoing.data, entries, rowKeys);
}

function sentStretches(
  { lineFrom, operations }: LedgerBatch,
  journal: readonly StoredJournalBatch[],
): Stretch[] {
  const stretches: Stretch[] = [];
  for (const part of journal) {
    const index = new JournalIndex(part.index);
    const before = (lineFrom ?? 0) - part.firstLine;
    const last = Math.min(part.lines, before + operations.length);
    let from = -1;
    for (let line = Math.max(0, before); line < last; line += 1) {
      const sent = isSent(operations[line - before] as number);
      if (sent && from < 0) from = line;
      if (!sent && from >= 0) stretches.push({ part, index, from, to: line });
      if (!sent) from = -1;
    }
    if (from >= 0) stretches.push({ part, index, from, to: last });
  }
  return stretches;
}

/** A delete batch: its rows stand in the ledger itself. */
export function prepareDeletes(runId: string, batch: LedgerBatch): PreparedBatch {
  if (!batch.entries || !batch.rowKeys) throw new Error(`delete batch ${batch.batchNo} carries no rows`);
  const data = batch.rowKeys;
  const starts = new Uint32Array(batch.rows + 1);
  for (let row = 0; row < batch.rows; row += 1) starts[row + 1] = data.indexOf(newline, starts[row]) + 1;
  const rowNos = new Float64Array(batch.rows);
  for (let row = 0; row < batch.rows; row += 1) rowNos[row] = deletedRowNo(batch.batchNo, row);
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

/** Some rows of a write batch as a batch to write; the ledger has noted all of them already. */
export function onlyRows(
  { outgoing, batchNo, rowNos }: PreparedBatch,
  rows: readonly number[],
): WrittenBatch {
  const lines = rows.map((row) => outgoing.data.subarray(outgoing.starts[row], outgoing.starts[row + 1]));
  const starts = new Uint32Array(rows.length + 1);
  lines.forEach((line, at) => (starts[at + 1] = (starts[at] ?? 0) + line.length));
  const operations = Uint8Array.from(rows, (row) => outgoing.operations[row] ?? 0);
  return {
    outgoing: { ...outgoing, data: Buffer.concat(lines), starts, operations },
    batchNo,
    rowNos: Float64Array.from(rows, (row) => rowNos[row] ?? 0),
  };
}

/** The row key's columns of every line, as lines of their own. */
function keyLines(data: Buffer, starts: Uint32Array, keyColumns: number): Buffer {
  const rows = starts.length - 1;
  const ends = new Uint32Array(rows);
  let bytes = 0;
  for (let row = 0; row < rows; row += 1) {
    // Raw tabs and newlines separate; those of values are escaped.
    const last = (starts[row + 1] ?? 0) - 1;
    let end = starts[row] ?? 0;
    for (let columns = 1; end < last && (data[end] !== tab || columns < keyColumns); end += 1)
      if (data[end] === tab) columns += 1;
    ends[row] = end;
    bytes += end - (starts[row] ?? 0) + 1;
  }
  const keys = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (let row = 0; row < rows; row += 1) {
    // Keys are short: a native call to copy one costs more than its bytes.
    for (let from = starts[row] as number, end = ends[row] as number; from < end; from += 1)
      keys[at++] = data[from] as number;
    keys[at++] = newline;
  }
  return keys;
}

/** Row key of a line as people read it; null when one of its columns is null. */
export function rowIdOf(raw: Buffer, keyColumns: number): string | null {
  return rowIdFrom(decodeLine(raw, 0, raw.length).slice(0, keyColumns));
}

/** The refused rows of a batch, with as much of the values they were sent with as the policy lets through. */
export function rowErrorsOf(
  prepared: WrittenBatch,
  target: DeliveryTarget,
  refusals: readonly RowRefusal[],
  rawValues: RawValuePolicy,
): StoredRowError[] {
  const { data, starts, operations } = prepared.outgoing;
  return refusals.map((refusal) => {
    const raw = data.subarray(starts[refusal.row], starts[refusal.row + 1]);
    const values = decodeLine(raw, 0, raw.length);
    const column = target.columns.findIndex((candidate) => candidate.field === refusal.field);
    return {
      rowNo: prepared.rowNos[refusal.row] ?? 0,
      rowId: rowIdOf(raw, target.keyColumns),
      field: refusal.field,
      // The row key stands beside it in any case.
      message: messageUnder(rawValues, refusal.message, values.slice(target.keyColumns)),
      rawValue: rawValueUnder(rawValues, values[column] ?? null),
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
