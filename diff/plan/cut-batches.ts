// Owns how the lines that are sent form numbered batches; what is done with each line is decided before.
import { isSent, rowOperation } from '../../domain/row-outcome';

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

// A batch is fetched with every line between its first and its last, sent or not, and each lane has two in memory. So what a
// batch covers is bounded too: where half of the lines are not sent batches are still as large as anywhere.
const coveredShare = 2;
// Twice the rows of the largest batches. Short lines are mostly index, 36 bytes each: 720 kB, and 20 kB of operations.
const mostCovered = 20_000;

/**
 * Batches of at most `batchRows` sent lines and `batchBytes` of them; a longer line stands alone. They cover at most twice
 * these bytes and 20,000 lines, so that rows which lie far apart come in several batches.
 */
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
  // From the batch's first line on, those that are not sent among them.
  let coveredBytes = 0;
  const close = (): void => {
    if (creates + updates === 0) return;
    const covered = operations.subarray(lineFrom, lineTo);
    batches.push({ batchNo: batches.length + 1, lineFrom, lineTo, operations: covered, creates, updates });
    creates = updates = bytes = 0;
  };
  for (let line = 0; line < operations.length; line++) {
    const operation = operations[line]!;
    const size = sizes[line]!;
    coveredBytes += size;
    if (!isSent(operation)) continue;
    const isFull = creates + updates === batchRows || bytes + size > batchBytes;
    if (isFull || coveredBytes > coveredShare * batchBytes || line - lineFrom >= mostCovered) close();
    if (creates + updates === 0) {
      lineFrom = line;
      coveredBytes = size;
    }
    lineTo = line + 1;
    bytes += size;
    if (operation === rowOperation.create) creates++;
    else updates++;
  }
  close();
  return batches;
}
