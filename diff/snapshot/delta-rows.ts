// Owns the rows of all deltas that are folded, grouped by row key in key order; what they amount to is fold.ts's.
import { syncModes } from '../../domain/sync';
import { grow } from '../bytes/grow';
import type { StoredKeys } from './key-matcher';
import { isInRange, type KeyRange } from '../keys/key-range';
import type { SnapshotDelta } from './packed-snapshot';
import { compareKeys, entryBytes, entryWords, packedWords } from '../bytes/packed-words';
import { stateAfter, stateUnderResync } from '../../domain/row-state';
import type { RowState } from '../../domain/row-state';

/** What came after a base, oldest first: deltas with their keys, and starts of full resyncs. */
export type SnapshotChange = (SnapshotDelta & StoredKeys) | { readonly kind: 'all_unsure' };

/** What one key's rows amount to: a state, and the row its fingerprint and key value come from (-1: the base's). */
export interface FoldedRow {
  state: RowState;
  row: number;
}

/** Memory: about 45 bytes a row and its key value. */
export class DeltaRows {
  /** Packed entries by row. */
  words = new Uint32Array(0);
  keys = Buffer.alloc(0);
  /** How often a full resync began. */
  resyncs = 0;
  private count = 0;
  /** Operation, outcome and mode by row. */
  private answers = new Uint8Array(0);
  /** Resyncs before each row. */
  private resyncsBefore = new Uint16Array(0);
  private keyStarts = new Uint32Array(1);
  private sorted = new Uint32Array(0);
  private next = 0;

  static async collect(
    changes: AsyncIterable<SnapshotChange> | Iterable<SnapshotChange>,
    range: KeyRange,
  ): Promise<DeltaRows> {
    const rows = new DeltaRows();
    for await (const change of changes) {
      if (change.kind === 'all_unsure') rows.resyncs++;
      else rows.add(change, range);
    }
    rows.sort();
    return rows;
  }

  /** Order of the next key against the entry at `words[at]`: negative when it comes first; Infinity when none is left. */
  compareNext(words: Uint32Array, at: number): number {
    if (this.next === this.count) return Infinity;
    return compareKeys(this.words, this.sorted[this.next]! * entryWords, words, at);
  }

  get hasNext(): boolean {
    return this.next < this.count;
  }

  /** Takes the next key's rows: what they make of `before`. */
  takeNext(before: RowState): FoldedRow {
    const folded: FoldedRow = { state: before, row: -1 };
    const key = this.sorted[this.next]! * entryWords;
    let resyncs = 0;
    do {
      const row = this.sorted[this.next++]!;
      if (this.resyncsBefore[row]! > resyncs) folded.state = stateUnderResync(folded.state);
      resyncs = this.resyncsBefore[row]!;
      const at = row * 3;
      const mode = syncModes[this.answers[at + 2]!]!;
      const after = stateAfter(mode, this.answers[at]!, this.answers[at + 1]!, folded.state);
      if (after === null) continue;
      folded.state = after;
      folded.row = row;
    } while (this.compareNext(this.words, key) === 0);
    if (this.resyncs > resyncs) folded.state = stateUnderResync(folded.state);
    return folded;
  }

  keyStart(row: number): number {
    return this.keyStarts[row]!;
  }

  private add(
    { mode, entries, operations, outcomes, keys }: SnapshotDelta & StoredKeys,
    range: KeyRange,
  ): void {
    const words = packedWords(entries, entryBytes);
    const rows = words.length / entryWords;
    this.reserve(this.count + rows, this.keyStarts[this.count]! + keys.length);
    const modeCode = syncModes.indexOf(mode);
    for (let row = 0, start = 0; row < rows; row++) {
      const end = keys.indexOf(10, start) + 1;
      if (end === 0) throw new Error('fewer stored keys than entries');
      const at = row * entryWords;
      if (isInRange(words[at]!, range)) {
        const target = this.count++;
        this.words.set(words.subarray(at, at + entryWords), target * entryWords);
        this.answers.set([operations[row]!, outcomes ? outcomes[row]! : 0, modeCode], target * 3);
        this.resyncsBefore[target] = this.resyncs;
        const keyAt = this.keyStarts[target]!;
        this.keyStarts[target + 1] = keyAt + keys.copy(this.keys, keyAt, start, end);
      }
      start = end;
    }
  }

  private reserve(rows: number, keyBytes: number): void {
    if (rows > this.resyncsBefore.length) {
      const size = Math.ceil(rows * 1.5);
      this.words = grow(this.words, new Uint32Array(size * entryWords));
      this.answers = grow(this.answers, new Uint8Array(size * 3));
      this.resyncsBefore = grow(this.resyncsBefore, new Uint16Array(size));
      this.keyStarts = grow(this.keyStarts, new Uint32Array(size + 1));
    }
    if (keyBytes > this.keys.length) {
      this.keys = grow(this.keys, Buffer.allocUnsafeSlow(Math.ceil(keyBytes * 1.5)));
    }
  }

  /** By key, and the rows of one key oldest first. */
  private sort(): void {
    // First key word above row number in 64 bits: sorted as numbers, without a call per comparison.
    const pairs = new Uint32Array(this.count * 2);
    for (let row = 0; row < this.count; row++) {
      pairs[row * 2] = row;
      pairs[row * 2 + 1] = this.words[row * entryWords]!;
    }
    new BigUint64Array(pairs.buffer).sort();
    this.sorted = new Uint32Array(this.count);
    for (let i = 0; i < this.count; i++) this.sorted[i] = pairs[i * 2]!;
    for (let from = 0, to = 1; from < this.count; from = to++) {
      while (to < this.count && pairs[to * 2 + 1] === pairs[from * 2 + 1]) to++;
      // Different keys may share their first word, one pair in 4,000,000,000.
      if (to - from > 1) {
        this.sorted
          .subarray(from, to)
          .sort((a, b) => compareKeys(this.words, a * entryWords, this.words, b * entryWords) || a - b);
      }
    }
  }
}
