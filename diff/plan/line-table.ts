// Owns the verdict on every journalled line: which copies of a key are one row; how sent lines form batches is not.
import { isSent, rowOperation } from '../../domain/row-outcome';
import type { RowOperation } from '../../domain/row-outcome';
import type { SyncMode } from '../../domain/sync';
import { giveBack } from '../bytes/give-back';
import { grow } from '../bytes/grow';
import { JournalIndex, lineFlag } from '../journal-batch';
import { KeyGroups } from '../keys/key-groups';
import { everyKey, isInRange, type KeyRange, mostKeysOf, rangesLike } from '../keys/key-range';
import type { KeySet } from '../keys/key-set';
import { markSame, marksOf } from '../snapshot/marks';
import type { Marks } from '../snapshot/marks';

/** The index of one journal batch, and the length of its data in bytes. */
export interface IndexedStretch {
  readonly firstLine: number;
  readonly index: Uint8Array;
  readonly dataBytes: number;
}

const noGroup = -1;
const groupRefused = 1;
const groupUsed = 2;

/**
 * Columns of typed arrays: 9 bytes a line, and for each line of the range at hand 25 and 7 to 14 of table. Works on one
 * range of keys after the other, over the whole journal each time; `expectedLines`, of all ranges, saves growing.
 */
export class LineTable {
  /** Bytes of each line, newline included. */
  sizes: Uint32Array<ArrayBuffer>;
  private lines = 0;
  /** The operation the line gets if its key is not refused and it is the copy that is used. */
  private operations: Uint8Array<ArrayBuffer>;
  /** Group by line of the range, `noGroup` for lines without a usable key and for those of other ranges. */
  private groupOfLine: Int32Array<ArrayBuffer>;
  private groupStates = new Uint8Array(0);
  private groups = new KeyGroups(0);
  private range: KeyRange = everyKey;
  private readonly entry = new Uint32Array(6);

  constructor(
    private readonly mode: SyncMode,
    private readonly marks: Marks,
    private readonly expectedLines: number,
    /** Keys that may be sent or refused; null: all. Lines without a key count as one key of their own. */
    private readonly scope: KeySet | null = null,
  ) {
    const expected = Math.max(1024, expectedLines);
    this.sizes = new Uint32Array(expected);
    this.operations = new Uint8Array(expected);
    this.groupOfLine = new Int32Array(expected);
  }

  /** Begins with the lines of this range, of one size with those before; what those came to stays. */
  begin(range: KeyRange): void {
    const expected = mostKeysOf(this.expectedLines, rangesLike(range));
    this.range = range;
    this.lines = 0;
    this.groups.begin(expected);
    const states = Math.max(1024, expected);
    if (this.groupStates.length < states) this.groupStates = new Uint8Array(states);
    else this.groupStates.fill(0);
  }

  /** Takes the next stretch of the journal; throws when one is left out. */
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

  /** Decides on the lines of the range, once all are there. */
  decide(): void {
    const { operations } = this;
    for (let line = 0; line < this.lines; line++) {
      const group = this.groupOfLine[line]!;
      this.groupOfLine[line] = noGroup;
      if (group < 0 || !isSent(operations[line]!)) continue;
      const state = this.groupStates[group]!;
      if ((state & groupRefused) !== 0) operations[line] = rowOperation.refuseDuplicateKey;
      else if ((state & groupUsed) !== 0) operations[line] = rowOperation.skipCopy;
      else this.groupStates[group] = state | groupUsed;
    }
  }

  /** The operation of every line, once all ranges are decided. */
  verdicts(): Uint8Array {
    return this.operations.slice(0, this.lines);
  }

  get memoryBytes(): number {
    const { sizes, operations, groupOfLine, groupStates, groups } = this;
    const columns = [sizes, operations, groupOfLine, groupStates];
    return columns.reduce((sum, { byteLength }) => sum + byteLength, groups.memoryBytes);
  }

  /** Gives the memory back, that of `sizes` too; the verdicts stay with whoever has them. */
  release(): void {
    giveBack(this.sizes, this.operations, this.groupOfLine, this.groupStates);
    this.groups.release();
  }

  private addLine(index: JournalIndex, i: number, size: number): void {
    const line = this.lines++;
    this.groupOfLine[line] = noGroup;
    // A line without a key has zeros for it, and so is one of the first range.
    if (!isInRange(index.word(i, 0), this.range)) return;
    const flags = index.flags(i);
    const isKeyless = (flags & lineFlag.nullKey) !== 0;
    this.sizes[line] = size;
    index.copyEntries(i, i + 1, this.entry, 0);
    if (this.scope && !this.scope.has(this.entry, 0)) {
      this.operations[line] = rowOperation.skipOutOfScope;
      return;
    }
    this.operations[line] = operationOf(this.mode, flags);
    if (!isKeyless) this.groupOfLine[line] = this.join(index, i);
  }

  /** Enters the line, whose entry is at hand, in its key's group and notes whether the group's copies can still be told to be one row. */
  private join(index: JournalIndex, i: number): number {
    const { entry, groups } = this;
    const known = groups.count;
    const group = groups.groupOf(entry);
    if (group >= this.groupStates.length)
      this.groupStates = grow(this.groupStates, new Uint8Array(Math.ceil(group * 1.5)));
    const ordinal = index.ordinal(i);
    const equalsSnapshot = ordinal >= 0 && (marksOf(this.marks, ordinal) & markSame) !== 0;
    const differs = group < known && !groups.hasFingerprint(group, entry[4]!, entry[5]!);
    // A cut line's fingerprint is 0 and no line's own: nobody knows its end, so it differs from every copy.
    if (equalsSnapshot || differs) this.groupStates[group]! |= groupRefused;
    return group;
  }

  private reserve(lines: number): void {
    if (lines <= this.sizes.length) return;
    const size = Math.ceil(lines * 1.5);
    this.sizes = grow(this.sizes, new Uint32Array(size));
    this.operations = grow(this.operations, new Uint8Array(size));
    this.groupOfLine = grow(this.groupOfLine, new Int32Array(size));
  }
}

function operationOf(mode: SyncMode, flags: number): RowOperation {
  if ((flags & lineFlag.tooLarge) !== 0) return rowOperation.refuseTooLarge;
  if ((flags & lineFlag.nullKey) !== 0) return rowOperation.refuseNullKey;
  if (mode === 'update') return rowOperation.update;
  if (mode === 'insert' || (flags & lineFlag.unsureNew) !== 0) return rowOperation.create;
  return (flags & lineFlag.known) !== 0 ? rowOperation.update : rowOperation.create;
}
