// Owns how the lines that are sent form numbered batches; what is done with each line is decided before.
import { isSent, rowOperation } from '../domain/row-outcome';

/** Consecutive journalled lines [lineFrom, lineTo); the first and the last are sent. */
export interface PlannedBatch {
  /** From 1 on. */
  readonly batchNo: number;
  readonly lineFrom: number;
  readonly lineTo: number;
  /** One rowOperation a line, refused lines and copies included. */
  readonly operations: Uint8Array;
  readonly creates: number;
  readonly updates: number;
}

/** Batches of at most `batchRows` sent lines and `batchBytes` of them; a longer line stands alone. */
export function cutBatches(
  operations: Uint8Array,
  sizes: Uint32Array,
  batchRows: number,
  batchBytes: number,
): PlannedBatch[] {
  const batches: PlannedBatch[] = [];
  let lineFrom = 0;
  let lineTo = 0;
  let creates = 0;
  let updates = 0;
  let bytes = 0;
  const close = (): void => {
    if (creates + updates === 0) return;
    const covered = operations.subarray(lineFrom, lineTo);
    batches.push({ batchNo: batches.length + 1, lineFrom, lineTo, operations: covered, creates, updates });
    creates = updates = bytes = 0;
  };
  for (let line = 0; line < operations.length; line++) {
    const operation = operations[line]!;
    if (!isSent(operation)) continue;
    if (creates + updates === batchRows || bytes + sizes[line]! > batchBytes) close();
    if (creates + updates === 0) lineFrom = line;
    lineTo = line + 1;
    bytes += sizes[line]!;
    if (operation === rowOperation.create) creates++;
    else updates++;
  }
  close();
  return batches;
}
