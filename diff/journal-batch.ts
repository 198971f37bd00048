// Owns the form of a journal batch, how it is filled and how it is read; where it is stored is db's.
import { entryBytes, entryWords, packedWords } from './bytes/packed-words';

/** Raw lines of one stretch of the journal with a packed index, as one row of storage. */
export interface JournalBatch {
  /** Ordinal of its first line among all journalled lines of the run. */
  readonly firstLine: number;
  readonly lines: number;
  /** The lines, each with its newline. */
  readonly data: Buffer;
  /** 36 bytes a line: packed entry (key hash, fingerprint) | offset in `data` | snapshot ordinal, -1 for none | flags. */
  readonly index: Buffer;
}

/** Bits of a journalled line. */
export const lineFlag = {
  /** The snapshot has a live entry for the key. */
  known: 1,
  /** No usable key: a key column is null, or (with `tooLarge`) the key itself is too long. The hash means nothing. */
  nullKey: 2,
  /** Cut: the key columns alone, or the line's beginning. */
  tooLarge: 4,
  /** The destination was never heard to have the row: plan it as create. */
  unsureNew: 8,
  /** Equal to a row the destination did not have; offered again. */
  missingOffered: 16,
} as const;

export const indexBytes = 36;
const indexWords = indexBytes / 4;
const offsetWord = 6;
const ordinalWord = 7;
const flagsWord = 8;

// One row of storage: large enough that its fixed cost vanishes, small enough to hold a few per lane in memory.
const maxBatchLines = 1000;
const maxBatchBytes = 1024 * 1024;

/** Fills batches; `take` gives the full ones in order. Holds at most a batch and the line that overflowed it. */
export class JournalWriter {
  /** Lines written so far. */
  lines = 0;
  private readonly data = Buffer.allocUnsafeSlow(maxBatchBytes);
  private readonly index = new Uint32Array(maxBatchLines * indexWords);
  private bytes = 0;
  private batchLines = 0;
  private full: JournalBatch[] = [];

  /** `before`: lines of the run that other writers have written. */
  constructor(private readonly before = 0) {}

  /** Copies one line (`source[start..end)` without newline) in; true when a batch is ready to be taken. */
  append(
    entry: Uint32Array<ArrayBuffer>,
    ordinal: number,
    flags: number,
    source: Buffer,
    start: number,
    end: number,
  ): boolean {
    const size = end - start + 1;
    if (this.batchLines === maxBatchLines || this.bytes + size > maxBatchBytes) this.seal();
    const at = this.batchLines * indexWords;
    this.index.set(entry, at);
    this.index[at + offsetWord] = this.bytes;
    this.index[at + ordinalWord] = ordinal;
    this.index[at + flagsWord] = flags;
    this.batchLines++;
    this.lines++;
    if (size > maxBatchBytes) {
      const alone = Buffer.allocUnsafeSlow(size);
      source.copy(alone, 0, start, end);
      alone[size - 1] = 10;
      this.seal(alone);
    } else {
      source.copy(this.data, this.bytes, start, end);
      this.bytes += size;
      this.data[this.bytes - 1] = 10;
    }
    return this.hasFull;
  }

  /** Whether a batch is ready to be taken. */
  get hasFull(): boolean {
    return this.full.length > 0;
  }

  /** The batches that are full, oldest first; they are the caller's own. */
  take(): JournalBatch[] {
    const taken = this.full;
    this.full = [];
    return taken;
  }

  /** Closes the last batch, so that the next `take` gives it too. */
  finish(): void {
    this.seal();
  }

  private seal(data?: Buffer): void {
    if (this.batchLines === 0) return;
    const words = this.index.subarray(0, this.batchLines * indexWords);
    this.full.push({
      firstLine: this.before + this.lines - this.batchLines,
      lines: this.batchLines,
      data: data ?? Buffer.from(this.data.subarray(0, this.bytes)),
      index: Buffer.from(new Uint8Array(words.buffer, 0, words.byteLength)),
    });
    this.batchLines = 0;
    this.bytes = 0;
  }
}

/** A batch's index, line by line. */
export class JournalIndex {
  readonly lines: number;
  private readonly words: Uint32Array;
  private readonly bytes: Uint8Array;

  constructor(index: Uint8Array) {
    this.bytes = index;
    this.words = packedWords(index, indexBytes);
    this.lines = this.words.length / indexWords;
  }

  /** One word of the line's packed entry: 0 to 3 key hash, 4 and 5 fingerprint. */
  word(line: number, word: number): number {
    return this.words[line * indexWords + word]!;
  }

  /** The line's packed entry, 24 bytes, as deltas hold it. */
  entry(line: number): Uint8Array {
    return this.bytes.subarray(line * indexBytes, line * indexBytes + entryBytes);
  }

  offset(line: number): number {
    return this.word(line, offsetWord);
  }

  /** Copies the packed entries of the lines [from, to) into `target`, one after the other from entry `at` on. */
  copyEntries(from: number, to: number, target: Uint32Array, at: number): void {
    const { words } = this;
    let out = at * entryWords;
    // Word by word: a native call for 24 bytes costs more than they do.
    for (let line = from * indexWords; line < to * indexWords; line += indexWords)
      for (let word = 0; word < entryWords; word++) target[out++] = words[line + word]!;
  }

  /** Ordinal of the snapshot's live entry, or -1. */
  ordinal(line: number): number {
    return this.word(line, ordinalWord) | 0;
  }

  flags(line: number): number {
    return this.word(line, flagsWord);
  }

  /** Where each line starts in the data, and at the end where the last one stops. */
  starts(dataBytes: number): Uint32Array<ArrayBuffer> {
    const starts = new Uint32Array(this.lines + 1);
    for (let line = 0; line < this.lines; line++) starts[line] = this.offset(line);
    starts[this.lines] = dataBytes;
    return starts;
  }
}
