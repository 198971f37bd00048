// Runs sieve and plan over COPY text as one run would, and turns answers into the next delta. For tests only.
import { isSent, rowOperation } from '../../domain/row-outcome';
import type { RowOutcome } from '../../domain/row-outcome';
import type { KeyMatch, SyncMode } from '../../domain/sync';
import { createHasher } from '../../diff/hasher';
import type { Hasher } from '../../diff/hasher';
import { JournalIndex } from '../../diff/journal-batch';
import type { JournalBatch } from '../../diff/journal-batch';
import { keyRanges } from '../../diff/keys/key-range';
import type { KeySet } from '../../diff/keys/key-set';
import type { IndexedStretch } from '../../diff/plan/line-table';
import type { Marks } from '../../diff/snapshot/marks';
import { PackedSnapshot } from '../../diff/snapshot/packed-snapshot';
import type { SnapshotDelta, SnapshotPart } from '../../diff/snapshot/packed-snapshot';
import { entryBytes } from '../../diff/bytes/packed-words';
import { marksOfPass, Passes } from '../../diff/sieve/passes';
import { planChanges } from '../../diff/plan/plan-changes';
import type { WritePlan } from '../../diff/plan/plan-changes';
import { Sieve } from '../../diff/sieve/sieve';
import type { SievePass, SieveResult } from '../../diff/sieve/sieve-input';
import { vanishedOrdinals } from '../../diff/snapshot/vanished';
import type { Vanished } from '../../diff/snapshot/vanished';

export interface DiffOptions {
  parts?: readonly SnapshotPart[];
  keyColumns?: number;
  keyMatch?: KeyMatch;
  mode?: SyncMode;
  seed?: bigint;
  offerMissing?: boolean;
  maxLineBytes?: number;
  batchRows?: number;
  scope?: KeySet;
}

/** One journalled line with its verdict; `text` is without newline. */
export interface DiffLine {
  text: string;
  operation: number;
  flags: number;
  ordinal: number;
  entry: Uint8Array;
}

export interface DiffRun {
  mode: SyncMode;
  snapshot: PackedSnapshot;
  result: SieveResult;
  journal: JournalBatch[];
  plan: WritePlan;
  lines: DiffLine[];
  vanished: Vanished;
}

const hashers = Promise.all([createHasher(null), createHasher()]);

interface Sifted {
  readonly snapshot: PackedSnapshot;
  readonly result: SieveResult;
  readonly journal: JournalBatch[];
}

/**
 * Sifts with the WebAssembly kernel and without it, and throws when there is any difference between the two. Every line
 * ends in exactly one place; thrown when it does not.
 */
export async function runDiff(chunks: Iterable<Buffer>, options: DiffOptions = {}): Promise<DiffRun> {
  const mode = options.mode ?? 'upsert';
  const bytes = [...chunks];
  const [withoutKernel, withKernel] = await hashers;
  const [plain, fast] = await Promise.allSettled([
    sift(bytes, options, mode, withoutKernel),
    sift(bytes, options, mode, withKernel),
  ]);
  if (plain.status === 'rejected' || fast.status === 'rejected') {
    expect(fast).toEqual(plain);
    throw (plain as PromiseRejectedResult).reason;
  }
  expectSame(fast.value, plain.value);
  const { snapshot, result, journal } = fast.value;
  const plan = await planned(journal, result.marks, options, 1);
  const lines = [...readLines(journal, plan)];
  checkIdentity(result, plan, lines.length);
  const run = {
    mode,
    snapshot,
    result,
    journal,
    plan,
    lines,
    vanished: vanishedOrdinals(snapshot, result.marks),
  };
  for (const hasher of [withoutKernel, withKernel]) await expectSameInRanges(bytes, options, run, hasher);
  return run;
}

function planned(
  journal: readonly JournalBatch[],
  marks: Marks,
  { mode = 'upsert', batchRows = 1000, scope }: DiffOptions,
  ranges: number,
): Promise<WritePlan> {
  return planChanges({
    indexes: () => indexesOf(journal),
    marks,
    mode,
    batchRows,
    scope: scope ?? null,
    ranges,
  });
}

/** What a plan is made from. */
export function indexesOf(journal: readonly JournalBatch[]): IndexedStretch[] {
  return journal.map(({ firstLine, index, data }) => ({ firstLine, index, dataBytes: data.length }));
}

const severalRanges = 4;

/** The same model in several passes over ranges of keys, which agree: every line, count and vanished row as in one. */
async function expectSameInRanges(
  bytes: readonly Buffer[],
  options: DiffOptions,
  run: DiffRun,
  hasher: Hasher,
): Promise<void> {
  const passes = new Passes();
  const journal: JournalBatch[] = [];
  const snapshots: { snapshot: PackedSnapshot; ordinalsBefore: number }[] = [];
  for (const range of keyRanges(severalRanges)) {
    const pass = passes.next(range);
    const sifted = await sift(bytes, options, run.mode, hasher, pass);
    journal.push(...sifted.journal);
    snapshots.push({ snapshot: sifted.snapshot, ordinalsBefore: pass.ordinalsBefore });
    passes.add(sifted.result);
  }
  expect(passes).toMatchObject({ agree: true, isWhole: true });
  const { marks, ...counts } = passes.result();
  expect(counts.linesRead).toBe(run.result.linesSeen);
  expect(run.result).toMatchObject(counts);
  const shown = ({ text: line, operation, flags }: DiffLine): string => `${operation} ${flags} ${line}`;
  const plan = await planned(journal, marks, options, severalRanges);
  expect([...readLines(journal, plan)].map(shown).sort()).toEqual(run.lines.map(shown).sort());
  expect(plan.counts).toEqual(run.plan.counts);
  const vanished = snapshots.flatMap(({ snapshot, ordinalsBefore }) => {
    const found = vanishedOrdinals(snapshot, marksOfPass(marks, ordinalsBefore, snapshot.ordinals));
    return namedVanished(snapshot, found);
  });
  expect(vanished.sort()).toEqual(namedVanished(run.snapshot, run.vanished).sort());
}

function namedVanished(snapshot: PackedSnapshot, { deletes, unsureNew }: Vanished): string[] {
  const named = (word: string) => (ordinal: number) => `${word} ${keyOfOrdinal(snapshot, ordinal)}`;
  return [...Array.from(deletes, named('delete')), ...Array.from(unsureNew, named('unsure'))];
}

async function sift(
  chunks: readonly Buffer[],
  options: DiffOptions,
  mode: SyncMode,
  hasher: Hasher,
  pass?: SievePass,
): Promise<Sifted> {
  const snapshot = await PackedSnapshot.from(options.parts ?? [], 0, pass?.range);
  const journal: JournalBatch[] = [];
  const sieve = new Sieve({
    hasher,
    snapshot,
    keyColumns: options.keyColumns ?? 1,
    keyMatch: options.keyMatch ?? 'exact',
    mode,
    fingerprintSeed: options.seed ?? 0n,
    offerMissing: options.offerMissing ?? false,
    ...(pass ? { pass } : {}),
    ...(options.maxLineBytes === undefined ? {} : { maxLineBytes: options.maxLineBytes }),
    async onBatch(batch) {
      await Promise.resolve();
      journal.push(batch);
    },
  });
  // The sieve may keep nothing of a chunk it was given: each is spoilt after its push.
  for (const chunk of chunks) {
    const copy = Buffer.from(chunk);
    await sieve.push(copy);
    copy.fill(0x7a);
  }
  return { snapshot, result: await sieve.finish(), journal };
}

function expectSame(fast: Sifted, plain: Sifted): void {
  const { marks, ...counts } = plain.result;
  expect(fast.result).toMatchObject(counts);
  expect(Buffer.compare(fast.result.marks, marks)).toBe(0);
  const places = ({ journal }: Sifted): number[][] =>
    journal.map(({ firstLine, lines }) => [firstLine, lines]);
  expect(places(fast)).toEqual(places(plain));
  for (const [i, { data, index }] of plain.journal.entries()) {
    expect(Buffer.compare(fast.journal[i]!.data, data)).toBe(0);
    expect(Buffer.compare(fast.journal[i]!.index, index)).toBe(0);
  }
}

/** The sent rows of a run as a delta; rows the answer is null for were never attempted. */
export function deltaOf(run: DiffRun, answer: (line: DiffLine) => RowOutcome | null): SnapshotDelta {
  const sent = run.lines.filter((line) => isSent(line.operation));
  const answered = sent
    .map((line) => ({ line, outcome: answer(line) }))
    .filter(({ outcome }) => outcome !== null);
  return {
    kind: 'delta',
    mode: run.mode,
    entries: Buffer.concat(answered.map(({ line }) => line.entry)),
    operations: Uint8Array.from(answered, ({ line }) => line.operation),
    outcomes: Uint8Array.from(answered, ({ outcome }) => outcome as number),
  };
}

/** Deletes of some ordinals as a delta. */
export function deleteDelta(
  run: DiffRun,
  ordinals: Iterable<number>,
  answer: (ordinal: number) => RowOutcome | null,
): SnapshotDelta {
  const answered = [...ordinals].map((ordinal) => ({ ordinal, outcome: answer(ordinal) }));
  const rows = answered.filter(({ outcome }) => outcome !== null);
  return {
    kind: 'delta',
    mode: run.mode,
    entries: Buffer.concat(rows.map(({ ordinal }) => entryOf(run.snapshot, ordinal))),
    operations: new Uint8Array(rows.length).fill(rowOperation.delete),
    outcomes: Uint8Array.from(rows, ({ outcome }) => outcome as number),
  };
}

/** Chunks of a text, all in one. */
export function text(...lines: string[]): Buffer[] {
  return [Buffer.from(lines.map((line) => `${line}\n`).join(''))];
}

/** Cuts bytes at sizes taken in turn. */
export function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** Hex of a key's hash, to compare ordinals of different snapshots. */
export function hashOfKey(hasher: Hasher, key: string): string {
  const out = new Uint32Array(4);
  const bytes = Buffer.from(key);
  hasher.keyHash(bytes, 0, bytes.length, out, 0);
  return Buffer.from(out.buffer).toString('hex');
}

export function keyOfOrdinal(snapshot: PackedSnapshot, ordinal: number): string {
  return Buffer.from(entryOf(snapshot, ordinal)).subarray(0, 16).toString('hex');
}

function entryOf(snapshot: PackedSnapshot, ordinal: number): Uint8Array {
  const out = new Uint32Array(entryBytes / 4);
  snapshot.copyKey(ordinal, out, 0);
  return new Uint8Array(out.buffer);
}

function* readLines(journal: readonly JournalBatch[], plan: WritePlan): Generator<DiffLine> {
  for (const batch of journal) {
    const index = new JournalIndex(batch.index);
    const starts = index.starts(batch.data.length);
    for (let line = 0; line < batch.lines; line++) {
      yield {
        text: batch.data.toString('utf8', starts[line], starts[line + 1]! - 1),
        operation: plan.operations[batch.firstLine + line]!,
        flags: index.flags(line),
        ordinal: index.ordinal(line),
        entry: index.entry(line),
      };
    }
  }
}

function checkIdentity(result: SieveResult, plan: WritePlan, journalLines: number): void {
  const { creates, updates, skippedCopies, skippedOutOfScope, refused } = plan.counts;
  expect(result.linesRead).toBe(
    result.unchanged + result.skipped + creates + updates + skippedCopies + skippedOutOfScope + refused,
  );
  expect(result.skipped).toBe(result.identicalCopies + result.knownSkipped + result.missingSkipped);
  expect(result.journalled).toBe(journalLines);
  expect([...plan.refusals()]).toHaveLength(refused);
  expect(plan.batches.reduce((sum, batch) => sum + batch.creates, 0)).toBe(creates);
  expect(plan.batches.reduce((sum, batch) => sum + batch.updates, 0)).toBe(updates);
}
