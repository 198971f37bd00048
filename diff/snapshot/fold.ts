// Owns merging a snapshot's base and deltas into a new base, chunk by chunk; when to fold and where chunks live is not.
import { DeltaRows } from './delta-rows';
import type { SnapshotChange } from './delta-rows';
import { grow } from '../bytes/grow';
import type { StoredKeys } from './key-matcher';
import { everyKey, type KeyRange, keyRanges } from '../keys/key-range';
import { compareKeys, entryBytes, entryWords, packedWords } from '../bytes/packed-words';
import { missingFlag, rowState, stateOfFingerprint, stateUnderResync } from '../../domain/row-state';
import type { RowState } from '../../domain/row-state';

/** A base and what came after it. */
export interface FoldInput {
  /** Sorted chunks of the present base, in order. */
  readonly base: AsyncIterable<StoredKeys> | Iterable<StoredKeys>;
  /** Read once for each range. */
  changes(): AsyncIterable<SnapshotChange> | Iterable<SnapshotChange>;
  /** Ranges of keys to fold in, one after the other, to bound memory: a power of two. Default: one. */
  readonly ranges?: number;
}

/** One chunk of a base: entries sorted by key hash, one key line each. About a mebibyte of either at most. */
export interface SnapshotChunk {
  readonly rows: number;
  readonly entries: Buffer;
  readonly keys: Buffer;
}

// The size chunks are stored in: few rows for a large snapshot, and a small one to hold while merging.
const chunkBytes = 1024 * 1024;
const chunkRows = Math.floor(chunkBytes / entryBytes);

/** The new base without removed rows; each range begins a chunk. Memory: the deltas' rows of a range and one chunk in and out. */
export async function* foldSnapshot({ base, changes, ranges = 1 }: FoldInput): AsyncGenerator<SnapshotChunk> {
  const deltas = new DeltasByRange(changes, keyRanges(ranges));
  const chunk = new ChunkWriter();
  const previous = new Uint32Array(4);
  let isFirst = true;

  await deltas.next();
  for await (const { entries, keys } of base) {
    const words = packedWords(entries, entryBytes);
    for (let at = 0, start = 0; at < words.length; at += entryWords) {
      const end = keys.indexOf(10, start) + 1;
      if (end === 0) throw new Error('fewer stored keys than entries');
      if (!isFirst && compareKeys(previous, 0, words, at) >= 0) throw new Error('the base is not sorted');
      isFirst = false;
      previous.set(words.subarray(at, at + 4));
      // Base and ranges have one order, so the base need not be read for each.
      while (words[at]! > deltas.range.last) {
        yield* endRange(chunk, deltas.rows);
        await deltas.next();
      }
      const { rows } = deltas;
      while (rows.compareNext(words, at) < 0) {
        addRow(chunk, rows);
        if (chunk.isFull) yield chunk.take();
      }
      addEntry(chunk, rows, words, at, keys, start, end);
      if (chunk.isFull) yield chunk.take();
      start = end;
    }
  }
  do yield* endRange(chunk, deltas.rows);
  while (await deltas.next());
}

/** The deltas' rows, of one range of keys at a time. */
class DeltasByRange {
  rows = new DeltaRows();
  range: KeyRange = everyKey;

  constructor(
    private readonly changes: FoldInput['changes'],
    private readonly ranges: KeyRange[],
  ) {}

  /** Goes on to the next range; false when there is none. */
  async next(): Promise<boolean> {
    const range = this.ranges.shift();
    if (!range) return false;
    this.range = range;
    // Let go of before the next ones come.
    this.rows = new DeltaRows();
    this.rows = await DeltaRows.collect(this.changes(), range);
    return true;
  }
}

/** What deltas have past the base's last key of the range. */
function* endRange(chunk: ChunkWriter, rows: DeltaRows): Generator<SnapshotChunk> {
  while (rows.hasNext) {
    addRow(chunk, rows);
    if (chunk.isFull) yield chunk.take();
  }
  if (chunk.rows > 0) yield chunk.take();
}

/** A key that only deltas have. */
function addRow(chunk: ChunkWriter, rows: DeltaRows): void {
  const { state, row } = rows.takeNext(rowState.unknown);
  if (row >= 0) addDeltaRow(chunk, rows, row, state);
}

function addDeltaRow(chunk: ChunkWriter, rows: DeltaRows, row: number, state: RowState): void {
  chunk.add(rows.words, row * entryWords, state, rows.keys, rows.keyStart(row), rows.keyStart(row + 1));
}

/** A key of the base, with what deltas say of it. */
function addEntry(
  chunk: ChunkWriter,
  rows: DeltaRows,
  words: Uint32Array,
  at: number,
  keys: Buffer,
  start: number,
  end: number,
): void {
  const before = stateOfFingerprint(words[at + 4]!, words[at + 5]!);
  if (rows.compareNext(words, at) !== 0) {
    chunk.add(words, at, rows.resyncs > 0 ? stateUnderResync(before) : before, keys, start, end);
    return;
  }
  const { state, row } = rows.takeNext(before);
  if (row < 0) chunk.add(words, at, state, keys, start, end);
  else addDeltaRow(chunk, rows, row, state);
}

class ChunkWriter {
  rows = 0;
  private readonly words = new Uint32Array(chunkRows * entryWords);
  private keys = Buffer.allocUnsafeSlow(chunkBytes);
  private keyBytes = 0;

  add(words: Uint32Array, at: number, state: RowState, keys: Buffer, start: number, end: number): void {
    if (state === rowState.dead || state === rowState.unknown) return;
    const target = this.rows++ * entryWords;
    const keepsFingerprint = state === rowState.known || state === rowState.missing;
    this.words.set(words.subarray(at, at + 4), target);
    this.words[target + 4] = keepsFingerprint ? words[at + 4]! : state;
    const high = keepsFingerprint ? words[at + 5]! : 0;
    this.words[target + 5] = state === rowState.missing ? high | missingFlag : high;
    // A key line can be longer than a chunk: it then fills one of its own.
    const needed = this.keyBytes + end - start;
    if (needed > this.keys.length) this.keys = grow(this.keys, Buffer.allocUnsafeSlow(needed));
    keys.copy(this.keys, this.keyBytes, start, end);
    this.keyBytes = needed;
  }

  get isFull(): boolean {
    return this.rows === chunkRows || this.keyBytes >= chunkBytes;
  }

  take(): SnapshotChunk {
    const taken = {
      rows: this.rows,
      entries: Buffer.from(new Uint8Array(this.words.buffer, 0, this.rows * entryBytes)),
      keys: Buffer.from(this.keys.subarray(0, this.keyBytes)),
    };
    this.rows = this.keyBytes = 0;
    return taken;
  }
}
