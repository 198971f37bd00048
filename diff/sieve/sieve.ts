// Owns the verdict on every line of a model against the snapshot; cutting lines and filling the journal lie beside it.
import type { KeyHash } from '../hasher';
import { JournalWriter, lineFlag } from '../journal-batch';
import { findKeyEnd } from '../keys/key-end';
import { isInRange, type KeyRange } from '../keys/key-range';
import { KeySum } from '../keys/key-sum';
import { endWord, keyEndWord, lineWords, mostLines, notHashed, startWord } from '../kernel/line-kernel';
import type { LineForm, LineKernel } from '../kernel/line-kernel';
import { LineSplitter } from './line-splitter';
import { addMark, emptyMarks, markOther, markSame, marksOf } from '../snapshot/marks';
import type { Marks } from '../snapshot/marks';
import { entryWords } from '../bytes/packed-words';
import { missingFlag, rowState } from '../../domain/row-state';
import type { SieveInput, SieveResult } from './sieve-input';

const defaultMaxLineBytes = 16 * 1024 * 1024;
/** A refused line keeps its key for the row error up to here; a longer key is cut to its beginning. */
const longestKeptKeyBytes = 1024 * 1024;
const cutKeyBytes = 1024;

/** Compares lines with the snapshot as bytes; only what differs leaves it. One `push` at a time. */
export class Sieve {
  private readonly counts = {
    linesRead: 0,
    unchanged: 0,
    identicalCopies: 0,
    knownSkipped: 0,
    missingSkipped: 0,
    refusedNullKey: 0,
    refusedTooLarge: 0,
  };
  private readonly marks: Marks;
  private linesPassed = 0;
  /** Empty where there is one pass, which has nothing to agree with. */
  private readonly keySum = new KeySum();
  private readonly journal: JournalWriter;
  /** Null: all keys. */
  private readonly range: KeyRange | null;
  private readonly ordinalsBefore: number;
  private readonly splitter: LineSplitter;
  private readonly keyHash: KeyHash;
  private readonly kernel: LineKernel | null;
  private readonly form: LineForm;
  private readonly maxLineBytes: number;
  /** Ordinals of the lines the kernel took, -1 for none. */
  private readonly ordinals = new Int32Array(mostLines);
  /** Packed entry of the line at hand. */
  private readonly entry = new Uint32Array(entryWords);
  private readonly inserts: boolean;
  private readonly updatesOnly: boolean;

  constructor(private readonly input: SieveInput) {
    this.marks = emptyMarks(input.snapshot.ordinals);
    this.journal = new JournalWriter(input.pass?.linesBefore);
    this.range = input.pass?.range ?? null;
    this.ordinalsBefore = input.pass?.ordinalsBefore ?? 0;
    const { keyColumns, fingerprintSeed } = input;
    this.kernel = input.hasher.kernel;
    this.form = { keyColumns, lowerKeys: input.keyMatch === 'lower', fingerprintSeed };
    this.maxLineBytes = input.maxLineBytes ?? defaultMaxLineBytes;
    this.keyHash = input.keyMatch === 'lower' ? input.hasher.lowerKeyHash : input.hasher.keyHash;
    this.inserts = input.mode === 'insert';
    this.updatesOnly = input.mode === 'update';
    this.splitter = new LineSplitter(this.maxLineBytes, (buffer, start, end, tooLarge) => {
      const isFull = tooLarge ? this.tooLargeLine(buffer, start, end) : this.line(buffer, start, end);
      // Beside a kernel it is asked for one line at a time: what the kernel does not see whole.
      return isFull || this.kernel !== null;
    });
  }

  /** Lines taken so far. */
  get linesRead(): number {
    return this.counts.linesRead;
  }

  /** Lines taken or left to other passes so far. */
  get linesSeen(): number {
    return this.counts.linesRead + this.linesPassed;
  }

  /** Takes the next bytes; a promise only when batches have to be handed over first. Throws on a line without a key. */
  push(chunk: Buffer): Promise<void> | void {
    const next = this.sift(chunk, 0);
    if (this.journal.hasFull) return this.pushRest(chunk, next);
  }

  /** Hands over the last batch. Throws when the bytes ended inside a line: the source broke off. */
  async finish(): Promise<SieveResult> {
    if (this.splitter.isInsideLine) throw new Error('the source ended inside a line');
    this.journal.finish();
    await this.handOver();
    const { identicalCopies, knownSkipped, missingSkipped } = this.counts;
    return {
      ...this.counts,
      linesSeen: this.linesSeen,
      keySum: this.keySum.text,
      skipped: identicalCopies + knownSkipped + missingSkipped,
      journalled: this.journal.lines,
      marks: this.marks,
      unseen: this.countUnseen(),
    };
  }

  private async pushRest(chunk: Buffer, from: number): Promise<void> {
    await this.handOver();
    for (let next = from; next < chunk.length;) {
      next = this.sift(chunk, next);
      await this.handOver();
    }
  }

  private async handOver(): Promise<void> {
    for (const batch of this.journal.take()) await this.input.onBatch(batch);
  }

  /** Takes lines from `from` on; returns where to go on once full batches are handed over, or the chunk's length. */
  private sift(chunk: Buffer, from: number): number {
    const { kernel, splitter, journal } = this;
    if (!kernel) return splitter.split(chunk, from);
    let next = from;
    while (next < chunk.length && !journal.hasFull) {
      const lines = splitter.isInsideLine ? 0 : kernel.scan(chunk, next, this.form);
      next = lines === 0 ? splitter.split(chunk, next) : this.takeScanned(kernel, lines, chunk, next);
    }
    return next;
  }

  /** Takes the lines of a scan that began at `from`; after a full batch the rest is left to be scanned again. */
  private takeScanned(kernel: LineKernel, lines: number, chunk: Buffer, from: number): number {
    const { ordinals, entry, counts, maxLineBytes, range } = this;
    const words = kernel.lines;
    this.input.snapshot.findEach(words, lineWords, lines, ordinals);
    for (let line = 0; line < lines; line++) {
      const at = line * lineWords;
      const start = from + words[at + startWord]!;
      const end = from + words[at + endWord]!;
      let isFull: boolean;
      if (end - start > maxLineBytes) isFull = this.tooLargeLine(chunk, start, start + maxLineBytes);
      else if (words[at + keyEndWord] === notHashed) isFull = this.line(chunk, start, end);
      else if (range && this.isOthers(words, at, range)) isFull = this.passed();
      else {
        counts.linesRead++;
        for (let word = 0; word < entryWords; word++) entry[word] = words[at + word]!;
        isFull = this.hashedLine(ordinals[line]!, chunk, start, end);
      }
      if (isFull) return end + 1;
    }
    return kernel.next(from);
  }

  private line(buffer: Buffer, start: number, end: number): boolean {
    const { input, entry, counts, range } = this;
    const { keyEnd, isNull } = findKeyEnd(buffer, start, end, input.keyColumns, true);
    if (keyEnd < 0) throw new Error(`a line of the source has fewer than ${input.keyColumns} columns`);
    if (isNull) return this.takesKeyless ? this.nullKeyLine(buffer, start, end) : this.passed();
    this.keyHash(buffer, start, keyEnd, entry, 0);
    if (range && this.isOthers(entry, 0, range)) return this.passed();
    counts.linesRead++;
    input.hasher.fingerprint(buffer, start, end, input.fingerprintSeed, entry, 4);
    const ordinal = input.snapshot.find(entry[0]!, entry[1]!, entry[2]!, entry[3]!);
    return this.hashedLine(ordinal, buffer, start, end);
  }

  /** The line whose entry is at hand; `ordinal` is that of its key, or -1. */
  private hashedLine(ordinal: number, buffer: Buffer, start: number, end: number): boolean {
    const { entry, counts, marks } = this;
    const { snapshot } = this.input;
    if (ordinal < 0) return this.journal.append(entry, -1, 0, buffer, start, end);
    const high = snapshot.fingerprintHigh(ordinal);
    const isEqual = snapshot.fingerprintLow(ordinal) === entry[4];

    // Reserved values and missing rows never equal a line's fingerprint, so this is the way of an unchanged row.
    if (isEqual && high === entry[5] && !this.inserts) {
      if ((marksOf(marks, ordinal) & markSame) !== 0) counts.identicalCopies++;
      else counts.unchanged++;
      addMark(marks, ordinal, markSame);
      return false;
    }
    return this.differingLine(ordinal, isEqual && (high & ~missingFlag) === entry[5], buffer, start, end);
  }

  /** A line whose key has an entry; `equal` says that its fingerprint is that of a missing row. */
  private differingLine(
    ordinal: number,
    equal: boolean,
    buffer: Buffer,
    start: number,
    end: number,
  ): boolean {
    const { counts, marks, input } = this;
    const state = input.snapshot.stateOf(ordinal);
    if (state === rowState.dead) return this.journal.append(this.entry, -1, 0, buffer, start, end);
    // A row that an earlier mode found missing was never inserted, so insert mode does not skip it.
    if (this.inserts && state !== rowState.missing) {
      counts.knownSkipped++;
      addMark(marks, ordinal, markOther);
      return false;
    }
    let flags: number = lineFlag.known;
    if (state === rowState.unsureNew) flags |= lineFlag.unsureNew;
    if (state === rowState.missing && !this.updatesOnly) flags |= lineFlag.unsureNew;
    if (state === rowState.missing && equal && this.updatesOnly) {
      if (!input.offerMissing) {
        if ((marksOf(marks, ordinal) & markSame) !== 0) counts.identicalCopies++;
        else counts.missingSkipped++;
        addMark(marks, ordinal, markSame);
        return false;
      }
      flags |= lineFlag.missingOffered;
    }
    addMark(marks, ordinal, markOther);
    return this.journal.append(this.entry, this.ordinalsBefore + ordinal, flags, buffer, start, end);
  }

  private nullKeyLine(buffer: Buffer, start: number, end: number): boolean {
    this.counts.linesRead++;
    this.counts.refusedNullKey++;
    this.entry.fill(0);
    return this.journal.append(this.entry, -1, lineFlag.nullKey, buffer, start, end);
  }

  /** The line's beginning is all there is; its key counts as seen, so that the row is not taken for vanished. */
  private tooLargeLine(buffer: Buffer, start: number, end: number): boolean {
    const { input, entry, counts, range } = this;
    entry.fill(0);
    let ordinal = -1;
    let flags: number = lineFlag.tooLarge;
    const { keyEnd, isNull } = findKeyEnd(buffer, start, end, input.keyColumns, false);
    // A key that is itself too long can have no entry: no row with it was ever sent.
    if (keyEnd < 0 || isNull) {
      if (!this.takesKeyless) return this.passed();
      flags |= lineFlag.nullKey;
    } else {
      this.keyHash(buffer, start, keyEnd, entry, 0);
      if (range && this.isOthers(entry, 0, range)) return this.passed();
      ordinal = input.snapshot.find(entry[0]!, entry[1]!, entry[2]!, entry[3]!);
      const state = input.snapshot.stateOf(ordinal);
      if (state === rowState.dead) ordinal = -1;
      if (ordinal >= 0) {
        addMark(this.marks, ordinal, markOther);
        flags |= lineFlag.known;
        if (this.inserts && state !== rowState.missing) {
          counts.linesRead++;
          counts.knownSkipped++;
          return false;
        }
      }
    }
    counts.linesRead++;
    counts.refusedTooLarge++;
    const keepsKey = keyEnd >= 0 && keyEnd - start <= longestKeptKeyBytes;
    return this.journal.append(
      entry,
      ordinal < 0 ? ordinal : this.ordinalsBefore + ordinal,
      flags,
      buffer,
      start,
      keepsKey ? keyEnd : Math.min(start + cutKeyBytes, end),
    );
  }

  /** Whether lines without a key are this pass's: they have no range of their own. */
  private get takesKeyless(): boolean {
    return this.range === null || this.range.first === 0;
  }

  /** Whether the line with this key hash is another pass's. Asked once for each line with a key, own ones too. */
  private isOthers(words: Uint32Array, at: number, range: KeyRange): boolean {
    this.keySum.add(words, at);
    return !isInRange(words[at]!, range);
  }

  /** Leaves a line to another pass. */
  private passed(): boolean {
    this.linesPassed++;
    return false;
  }

  private countUnseen(): number {
    const { snapshot } = this.input;
    let unseen = 0;
    for (let ordinal = 0; ordinal < snapshot.ordinals; ordinal++) {
      if (marksOf(this.marks, ordinal) === 0 && snapshot.stateOf(ordinal) !== rowState.dead) unseen++;
    }
    return unseen;
  }
}
