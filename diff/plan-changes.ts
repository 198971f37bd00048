// Owns what is done with every journalled line, and how the lines that are sent form batches; deletes are planned apart.
import { isSent, rowOperation } from '../domain/row-outcome';
import type { RowOperation } from '../domain/row-outcome';
import type { SyncMode } from '../domain/sync';
import { grow } from './grow';
import { JournalIndex, lineFlag } from './journal-batch';
import { KeyGroups } from './key-groups';
import { markSame, marksOf } from './marks';
import type { Marks } from './marks';

/** The index of one journal batch, and the length of its data in bytes. */
export interface IndexedStretch {
  readonly firstLine: number;
  readonly index: Uint8Array;
  readonly dataBytes: number;
}

export interface PlanInput {
  /** In journal order, without a gap. */
  readonly indexes: AsyncIterable<IndexedStretch> | Iterable<IndexedStretch>;
  /** As the sieve left them. */
  readonly marks: Marks;
  readonly mode: SyncMode;
  /** Most rows sent in one batch. */
  readonly batchRows: number;
  /** Most bytes of lines sent in one batch; a longer line stands alone. Default 16 MiB, as long as the longest line. */
  readonly batchBytes?: number;
  /** Journalled lines, to size memory at once; need not be exact. */
  readonly expectedLines?: number;
}

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

export interface PlanCounts {
  readonly creates: number;
  readonly updates: number;
  /** Identical copies of a line that is sent. */
  readonly skippedCopies: number;
  readonly refused: number;
}

/** journalled lines = creates + updates + skippedCopies + refused. */
export interface WritePlan {
  readonly batches: readonly PlannedBatch[];
  /** One rowOperation for every journalled line. */
  readonly operations: Uint8Array;
  readonly counts: PlanCounts;
  refusals(): IterableIterator<{ readonly line: number; readonly operation: RowOperation }>;
}

const defaultBatchBytes = 16 * 1024 * 1024;

/** Plans every journalled line. The verdict on a key does not depend on the order of its copies. */
export async function planChanges(input: PlanInput): Promise<WritePlan> {
  const lines = new LineTable(input);
  for await (const stretch of input.indexes) lines.add(stretch);
  const operations = lines.decide();
  return {
    batches: cutBatches(operations, lines.sizes, input.batchRows, input.batchBytes ?? defaultBatchBytes),
    operations,
    counts: countOperations(operations),
    *refusals() {
      for (let line = 0; line < operations.length; line++) {
        const operation = operations[line]! as RowOperation;
        if (operation >= rowOperation.refuseDuplicateKey) yield { line, operation };
      }
    },
  };
}

const groupRefused = 1;
const groupUsed = 2;

/** Columns of typed arrays, a line each: about 34 bytes a line and 7 to 14 of table. */
class LineTable {
  /** Bytes of each line, newline included. */
  sizes: Uint32Array<ArrayBuffer>;
  private lines = 0;
  /** The operation the line gets if its key is not refused and it is the copy that is used. */
  private operations: Uint8Array<ArrayBuffer>;
  /** Group by line, -1 for lines without a usable key. */
  private groupOfLine: Int32Array<ArrayBuffer>;
  private groupStates: Uint8Array<ArrayBuffer>;
  private readonly groups: KeyGroups;
  private readonly entry = new Uint32Array(6);

  constructor(private readonly input: PlanInput) {
    const expected = Math.max(1024, input.expectedLines ?? 0);
    this.sizes = new Uint32Array(expected);
    this.operations = new Uint8Array(expected);
    this.groupOfLine = new Int32Array(expected);
    this.groupStates = new Uint8Array(expected);
    this.groups = new KeyGroups(expected);
  }

  add({ firstLine, index: indexBytes, dataBytes }: IndexedStretch): void {
    if (firstLine !== this.lines) {
      throw new Error(`the journal goes on at line ${firstLine}, not at line ${this.lines}`);
    }
    const index = new JournalIndex(indexBytes);
    this.reserve(this.lines + index.lines);
    for (let i = 0; i < index.lines; i++) {
      const next = i + 1 < index.lines ? index.offset(i + 1) : dataBytes;
      this.addLine(index, i, next - index.offset(i));
    }
  }

  /** The operation of every line, once all are there. */
  decide(): Uint8Array {
    const operations = this.operations.slice(0, this.lines);
    for (let line = 0; line < this.lines; line++) {
      const group = this.groupOfLine[line]!;
      if (group < 0 || !isSent(operations[line]!)) continue;
      const state = this.groupStates[group]!;
      if ((state & groupRefused) !== 0) operations[line] = rowOperation.refuseDuplicateKey;
      else if ((state & groupUsed) !== 0) operations[line] = rowOperation.skipCopy;
      else this.groupStates[group] = state | groupUsed;
    }
    return operations;
  }

  private addLine(index: JournalIndex, i: number, size: number): void {
    const line = this.lines++;
    const flags = index.flags(i);
    const isKeyless = (flags & lineFlag.nullKey) !== 0;
    this.sizes[line] = size;
    this.operations[line] = operationOf(this.input.mode, flags);
    this.groupOfLine[line] = isKeyless ? -1 : this.join(index, i, flags);
  }

  /** Enters the line in its key's group and notes whether the group's copies can still be told to be one row. */
  private join(index: JournalIndex, i: number, flags: number): number {
    const { entry, groups, groupStates } = this;
    for (let word = 0; word < 6; word++) entry[word] = index.word(i, word);
    const known = groups.count;
    const group = groups.groupOf(entry);
    const ordinal = index.ordinal(i);
    const equalsSnapshot = ordinal >= 0 && (marksOf(this.input.marks, ordinal) & markSame) !== 0;
    const differs = group < known && !groups.hasFingerprint(group, entry[4]!, entry[5]!);
    // Nobody knows what the cut end of a line says, so it differs from every copy.
    if (equalsSnapshot || differs || (flags & lineFlag.tooLarge) !== 0) groupStates[group]! |= groupRefused;
    return group;
  }

  private reserve(lines: number): void {
    if (lines <= this.sizes.length) return;
    const size = Math.ceil(lines * 1.5);
    this.sizes = grow(this.sizes, new Uint32Array(size));
    this.operations = grow(this.operations, new Uint8Array(size));
    this.groupOfLine = grow(this.groupOfLine, new Int32Array(size));
    this.groupStates = grow(this.groupStates, new Uint8Array(size));
  }
}

function operationOf(mode: SyncMode, flags: number): RowOperation {
  if ((flags & lineFlag.tooLarge) !== 0) return rowOperation.refuseTooLarge;
  if ((flags & lineFlag.nullKey) !== 0) return rowOperation.refuseNullKey;
  if (mode === 'update') return rowOperation.update;
  if (mode === 'insert' || (flags & lineFlag.unsureNew) !== 0) return rowOperation.create;
  return (flags & lineFlag.known) !== 0 ? rowOperation.update : rowOperation.create;
}

function cutBatches(
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

function countOperations(operations: Uint8Array): PlanCounts {
  const byCode = new Uint32Array(256);
  for (const operation of operations) byCode[operation]!++;
  const creates = byCode[rowOperation.create]!;
  const updates = byCode[rowOperation.update]!;
  const skippedCopies = byCode[rowOperation.skipCopy]!;
  return { creates, updates, skippedCopies, refused: operations.length - creates - updates - skippedCopies };
}
