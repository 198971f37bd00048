// Owns the in-memory form of a sync's snapshot: entries by ordinal and the table that finds them. Storage is db's.
import type { SyncMode } from '../../domain/sync';
import { giveBack } from '../bytes/give-back';
import { grow } from '../bytes/grow';
import { everyKey, isInRange, type KeyRange, mostKeysOf, rangesLike, sharedBits } from '../keys/key-range';
import { entryBytes, entryWords, packedWords } from '../bytes/packed-words';
import {
  missingFlag,
  rowState,
  stateAfter,
  stateOfFingerprint,
  stateUnderResync,
} from '../../domain/row-state';
import type { RowState } from '../../domain/row-state';

/** Sent rows of one run: packed entries with the fingerprint sent, one operation and one outcome byte each. */
export interface SnapshotDelta {
  readonly kind: 'delta';
  readonly mode: SyncMode;
  readonly entries: Uint8Array;
  readonly operations: Uint8Array;
  /** Null: sent, no answer for any of them. */
  readonly outcomes: Uint8Array | null;
}

/** What a snapshot is made of, oldest first: base chunks, then deltas; `all_unsure` is the start of a full resync. */
export type SnapshotPart =
  { readonly kind: 'base'; readonly entries: Uint8Array } | SnapshotDelta | { readonly kind: 'all_unsure' };

// Past this share linear probing needs more than about two looks a miss.
const fullestTable = 0.6;
const smallestTable = 1024;

/**
 * Entries by ordinal, the order of their first appearance over the parts: any process that reads the same parts
 * gets the same ordinals, so marks can be stored by them. Memory: 24 bytes an entry and 7 to 14 of table.
 */
export class PackedSnapshot {
  /** Rows the destination has or may have, and missing ones. */
  liveRows = 0;
  private entries: Uint32Array<ArrayBuffer>;
  private count = 0;
  /** First word of the highest key hash; -1 before there is one. */
  private highestKey = -1;
  /** Ordinal + 1 by slot; 0 is free. */
  private table: Int32Array<ArrayBuffer>;
  private mask: number;
  /**
   * A key's first slot is its hash's highest bits that are not the same for all of the range: a base, sorted by key hash,
   * fills the table from front to back, three times as fast as at random.
   */
  private shift: number;
  private readonly skip: number;

  private constructor(
    rows: number,
    private readonly range: KeyRange,
  ) {
    const expectedRows = mostKeysOf(rows, rangesLike(range));
    this.entries = new Uint32Array(Math.max(1, expectedRows) * entryWords);
    this.table = new Int32Array(tableSize(expectedRows));
    this.mask = this.table.length - 1;
    this.shift = Math.clz32(this.mask);
    this.skip = sharedBits(range);
  }

  /** The entries of `range`, all by default. `expectedRows`, of all ranges, saves growing; it need not be exact. */
  static async from(
    parts: AsyncIterable<SnapshotPart> | Iterable<SnapshotPart>,
    expectedRows = 0,
    range = everyKey,
  ): Promise<PackedSnapshot> {
    const snapshot = new PackedSnapshot(expectedRows, range);
    for await (const part of parts) snapshot.apply(part);
    return snapshot;
  }

  /** Number of ordinals, removed entries included. */
  get ordinals(): number {
    return this.count;
  }

  get memoryBytes(): number {
    return this.entries.byteLength + this.table.byteLength;
  }

  /** Gives the memory back, within the next allocations; nothing is found here afterwards. */
  release(): void {
    giveBack(this.entries, this.table);
    this.entries = new Uint32Array(0);
    this.table = new Int32Array(smallestTable);
    this.mask = smallestTable - 1;
    this.shift = Math.clz32(this.mask);
    this.count = this.liveRows = 0;
    this.highestKey = -1;
  }

  /** Ordinal of a key hash of the range, removed entries included, or -1. */
  find(k0: number, k1: number, k2: number, k3: number): number {
    const { entries, table, mask } = this;
    for (let slot = (k0 << this.skip) >>> this.shift; ; slot = (slot + 1) & mask) {
      const ordinal = table[slot]! - 1;
      if (ordinal < 0) return -1;
      const at = ordinal * entryWords;
      if (entries[at] === k0 && entries[at + 1] === k1 && entries[at + 2] === k2 && entries[at + 3] === k3) {
        return ordinal;
      }
    }
  }

  /**
   * `find` for the key hash, of any range, at each `words[i * stride]`, into `ordinals[i]`. Twice as fast as one by one: in each of the
   * two short loops the processor waits for the memory of many entries at a time.
   */
  findEach(words: Uint32Array, stride: number, count: number, ordinals: Int32Array): void {
    const { entries, table, shift, skip } = this;
    for (let i = 0; i < count; i++) ordinals[i] = table[(words[i * stride]! << skip) >>> shift]! - 1;
    for (let i = 0; i < count; i++) {
      const ordinal = ordinals[i]!;
      if (ordinal < 0) continue;
      const at = ordinal * entryWords;
      const key = i * stride;
      const isFound =
        entries[at] === words[key] &&
        entries[at + 1] === words[key + 1] &&
        entries[at + 2] === words[key + 2] &&
        entries[at + 3] === words[key + 3];
      // Another key has its slot: rare enough to begin again.
      if (!isFound) ordinals[i] = this.find(words[key]!, words[key + 1]!, words[key + 2]!, words[key + 3]!);
    }
  }

  /** Low word of an entry's fingerprint. */
  fingerprintLow(ordinal: number): number {
    return this.entries[ordinal * entryWords + 4]!;
  }

  /** High word of an entry's fingerprint, flag included. */
  fingerprintHigh(ordinal: number): number {
    return this.entries[ordinal * entryWords + 5]!;
  }

  stateOf(ordinal: number): RowState {
    return ordinal < 0
      ? rowState.unknown
      : stateOfFingerprint(this.fingerprintLow(ordinal), this.fingerprintHigh(ordinal));
  }

  /** Copies an entry's key hash, four words, to `out[at]`. */
  copyKey(ordinal: number, out: Uint32Array<ArrayBuffer>, at: number): void {
    for (let i = 0; i < 4; i++) out[at + i] = this.entries[ordinal * entryWords + i]!;
  }

  private apply(part: SnapshotPart): void {
    if (part.kind === 'base') this.applyBase(packedWords(part.entries, entryBytes));
    else if (part.kind === 'delta') this.applyDelta(part);
    else for (let o = 0; o < this.count; o++) this.setState(o, stateUnderResync(this.stateOf(o)), 0, 0);
  }

  private applyBase(words: Uint32Array): void {
    for (let at = 0; at < words.length; at += entryWords) {
      if (!isInRange(words[at]!, this.range)) continue;
      const low = words[at + 4]!;
      const high = words[at + 5]!;
      const state = stateOfFingerprint(low, high);
      // In a base, sorted by key hash, nearly every key is higher than all before it: it need not be looked for.
      const isNew = words[at]! > this.highestKey;
      this.setState(isNew ? this.add(words, at) : this.findOrAdd(words, at), state, low, high);
    }
  }

  private applyDelta({ mode, entries, operations, outcomes }: SnapshotDelta): void {
    const words = packedWords(entries, entryBytes);
    const rows = words.length / entryWords;
    if (operations.length !== rows || (outcomes && outcomes.length !== rows)) {
      throw new Error(`a delta of ${rows} entries has ${operations.length} operations`);
    }
    for (let row = 0; row < rows; row++) {
      const at = row * entryWords;
      if (!isInRange(words[at]!, this.range)) continue;
      const ordinal = this.find(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!);
      const after = stateAfter(mode, operations[row]!, outcomes ? outcomes[row]! : 0, this.stateOf(ordinal));
      if (after === null || (ordinal < 0 && after === rowState.dead)) continue;
      const target = ordinal < 0 ? this.findOrAdd(words, at) : ordinal;
      this.setState(target, after, words[at + 4]!, words[at + 5]!);
    }
  }

  /** Low and high word are used by `known` and `missing` alone; the same state again without them changes nothing. */
  private setState(ordinal: number, state: RowState, low: number, high: number): void {
    if (this.stateOf(ordinal) !== rowState.dead) this.liveRows--;
    if (state !== rowState.dead) this.liveRows++;
    const at = ordinal * entryWords + 4;
    const keepsFingerprint = state === rowState.known || state === rowState.missing;
    this.entries[at] = keepsFingerprint ? low : state;
    this.entries[at + 1] = state === rowState.missing ? high | missingFlag : keepsFingerprint ? high : 0;
  }

  /** Ordinal of the key; that of a new entry when it has none. */
  private findOrAdd(words: Uint32Array, at: number): number {
    const k0 = words[at]!;
    const found = this.find(k0, words[at + 1]!, words[at + 2]!, words[at + 3]!);
    return found >= 0 ? found : this.add(words, at);
  }

  /** Ordinal of a new entry for a key that has none. It starts dead, so that setting its state counts it. */
  private add(words: Uint32Array, at: number): number {
    const k0 = words[at]!;
    if (k0 > this.highestKey) this.highestKey = k0;
    const ordinal = this.count++;
    if (this.count * entryWords > this.entries.length) this.growEntries();
    if (this.count > this.table.length * fullestTable) this.growTable();
    const target = ordinal * entryWords;
    for (let i = 0; i < 4; i++) this.entries[target + i] = words[at + i]!;
    this.entries[target + 4] = rowState.dead;
    this.enter(ordinal, k0);
    return ordinal;
  }

  private enter(ordinal: number, k0: number): void {
    let slot = (k0 << this.skip) >>> this.shift;
    while (this.table[slot] !== 0) slot = (slot + 1) & this.mask;
    this.table[slot] = ordinal + 1;
  }

  private growEntries(): void {
    this.entries = grow(this.entries, new Uint32Array(Math.ceil((this.count * 3) / 2) * entryWords));
  }

  private growTable(): void {
    this.table = new Int32Array(this.table.length * 2);
    this.mask = this.table.length - 1;
    this.shift = Math.clz32(this.mask);
    for (let ordinal = 0; ordinal < this.count - 1; ordinal++) {
      this.enter(ordinal, this.entries[ordinal * entryWords]!);
    }
  }
}

/** Slots for `rows` entries: a power of two that they fill to three fifths at most. */
function tableSize(rows: number): number {
  let size = smallestTable;
  while (size * fullestTable < rows) size *= 2;
  return size;
}
