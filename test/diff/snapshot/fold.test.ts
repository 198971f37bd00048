import * as fc from 'fast-check';
import { rowOperation, rowOutcome } from '../../../domain/row-outcome';
import { syncModes } from '../../../domain/sync';
import type { SnapshotChange } from '../../../diff/snapshot/delta-rows';
import { foldSnapshot } from '../../../diff/snapshot/fold';
import type { FoldInput, SnapshotChunk } from '../../../diff/snapshot/fold';
import { createHasher } from '../../../diff/hasher';
import type { Hasher } from '../../../diff/hasher';
import type { StoredKeys } from '../../../diff/snapshot/key-matcher';
import { PackedSnapshot } from '../../../diff/snapshot/packed-snapshot';
import { compareKeys } from '../../../diff/bytes/packed-words';
import { rowState } from '../../../domain/row-state';
import { randomCases } from '../../support/cases';
import { hashOfKey, keyOfOrdinal } from '../run-diff';

const cases = randomCases(300);
jest.setTimeout(cases.limitMs);

let hasher: Hasher;
beforeAll(async () => {
  hasher = await createHasher();
});

type Entry = [key: string, fingerprint: number];

function entries(rows: Entry[]): Buffer {
  const words = new Uint32Array(rows.length * 6);
  rows.forEach(([key, fingerprint], i) => {
    hasher.keyHash(Buffer.from(key), 0, Buffer.byteLength(key), words, i * 6);
    words[i * 6 + 4] = fingerprint;
  });
  return Buffer.from(words.buffer);
}

const keyLines = (rows: Entry[]): Buffer => Buffer.from(rows.map(([key]) => `${key}\n`).join(''));

function delta(
  rows: (Entry | [...Entry, number, number | null])[],
  mode = 'upsert' as (typeof syncModes)[number],
): SnapshotChange {
  const plain = rows.map(([key, fingerprint]): Entry => [key, fingerprint]);
  const unanswered = rows.some((row) => row[3] === null);
  return {
    kind: 'delta',
    mode,
    entries: entries(plain),
    keys: keyLines(plain),
    operations: Uint8Array.from(rows, (row) => row[2] ?? rowOperation.create),
    outcomes: unanswered ? null : Uint8Array.from(rows, (row) => row[3] ?? rowOutcome.created),
  };
}

type Folded = Omit<FoldInput, 'changes'> & { readonly changes: readonly SnapshotChange[] };

async function fold({ base, changes, ...input }: Folded): Promise<SnapshotChunk[]> {
  const chunks: SnapshotChunk[] = [];
  for await (const chunk of foldSnapshot({ base, changes: () => changes, ...input })) chunks.push(chunk);
  return chunks;
}

/** State and fingerprint by key hash, removed entries left out. */
function contents(snapshot: PackedSnapshot): Map<string, string> {
  const found = new Map<string, string>();
  for (let ordinal = 0; ordinal < snapshot.ordinals; ordinal++) {
    const state = snapshot.stateOf(ordinal);
    const fingerprint = `${snapshot.fingerprintHigh(ordinal)} ${snapshot.fingerprintLow(ordinal)}`;
    if (state !== rowState.dead) found.set(keyOfOrdinal(snapshot, ordinal), `${state} ${fingerprint}`);
  }
  return found;
}

const baseParts = (chunks: StoredKeys[]) =>
  chunks.map((chunk) => ({ kind: 'base' as const, entries: chunk.entries }));

/** Sorted, and every key line hashes to its entry. */
function checkChunks(chunks: SnapshotChunk[]): void {
  let previous: Uint32Array | undefined;
  for (const chunk of chunks) {
    const lines = chunk.keys.toString().split('\n').slice(0, -1);
    const words = new Uint32Array(new Uint8Array(chunk.entries).buffer);
    expect([lines.length, words.length]).toEqual([chunk.rows, chunk.rows * 6]);
    lines.forEach((line, i) => {
      const key = words.subarray(i * 6, i * 6 + 4);
      expect(Buffer.from(new Uint32Array(key).buffer).toString('hex')).toBe(hashOfKey(hasher, line));
      if (previous) expect(compareKeys(previous, 0, key, 0)).toBeLessThan(0);
      previous = key;
    });
  }
}

const { create, update, delete: remove } = rowOperation;
const change: fc.Arbitrary<() => SnapshotChange> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(() => ({ kind: 'all_unsure' as const })) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        fc.array(
          fc.tuple(
            fc.nat({ max: 12 }).map(String),
            fc.integer({ min: 16, max: 40 }),
            fc.constantFrom(create, update, remove),
            fc.constantFrom(null, ...Object.values(rowOutcome)),
          ),
          { maxLength: 8 },
        ),
        fc.constantFrom(...syncModes),
      )
      .map(
        ([rows, mode]) =>
          () =>
            delta(rows, mode),
      ),
  },
);

test('a folded snapshot says of every row what base and deltas said, and keeps its key', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 8 }), fc.nat({ max: 8 }), async (makers, cutAt) => {
      const changes = makers.map((make) => make());
      const base = await fold({ base: [], changes: changes.slice(0, cutAt) });
      const folded = await fold({ base, changes: changes.slice(cutAt) });
      checkChunks(folded);
      const expected = contents(await PackedSnapshot.from(changes));
      expect(folded.reduce((rows, chunk) => rows + chunk.rows, 0)).toBe(expected.size);
      expect(contents(await PackedSnapshot.from(baseParts(folded)))).toEqual(expected);
      expect(contents(await PackedSnapshot.from([...baseParts(base), ...changes.slice(cutAt)]))).toEqual(
        expected,
      );
    }),
    cases.options,
  );
});

test('ranges of keys folded one after another give what one fold gives, of a base that is read once', async () => {
  const rows = Array.from({ length: 3000 }, (_, i): Entry => [`usr_${i}`, 100 + i]);
  const base = await fold({ base: [], changes: [delta(rows)] });
  const news = Array.from({ length: 40 }, (_, i): Entry => [`new_${i}`, 77]);
  const changes = [
    delta(rows.slice(0, 500).map(([key], i): Entry => [key, 9000 + i])),
    { kind: 'all_unsure' as const },
    delta(news),
  ];
  const whole = await fold({ base, changes });
  function* once() {
    yield* base;
  }
  const inRanges = await fold({ base: once(), changes, ranges: 8 });
  const joined = (chunks: SnapshotChunk[], part: 'entries' | 'keys'): Buffer =>
    Buffer.concat(chunks.map((chunk) => chunk[part]));
  // Each range has chunks of its own.
  expect(inRanges.map(({ entries: bytes }) => bytes.readUInt32LE(bytes.length - 24) >>> 29)).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7,
  ]);
  for (const part of ['entries', 'keys'] as const) {
    expect(joined(inRanges, part)).toEqual(joined(whole, part));
  }
  expect(whole.map((chunk) => chunk.rows)).toEqual([3040]);
});

test('a range that only deltas or only the base have rows of is folded too', async () => {
  const word = (k0: number): SnapshotChange => ({
    ...(delta([['x', 100]]) as Exclude<SnapshotChange, { kind: 'all_unsure' }>),
    entries: Buffer.from(Uint32Array.of(k0, 0, 0, 0, 100, 0).buffer),
  });
  const [first, middle, last] = [0, 0x7fffffff, 0xffffffff].map(word) as [
    SnapshotChange,
    SnapshotChange,
    SnapshotChange,
  ];
  const firstWords = (chunks: SnapshotChunk[]): number[] =>
    chunks.map((chunk) => chunk.entries.readUInt32LE(0));
  const base = await fold({ base: [], changes: [middle] });
  expect(firstWords(await fold({ base, changes: [first, last], ranges: 4 }))).toEqual([
    0, 0x7fffffff, 0xffffffff,
  ]);
  expect(firstWords(await fold({ base: [], changes: [last, first], ranges: 4 }))).toEqual([0, 0xffffffff]);
  expect(firstWords(await fold({ base, changes: [], ranges: 4 }))).toEqual([0x7fffffff]);
  expect(await fold({ base: [], changes: [], ranges: 4 })).toEqual([]);
});

test('chunks end at a mebibyte of entries or of keys', async () => {
  const rows = Array.from({ length: 100_000 }, (_, i): Entry => [String(i), 100]);
  const many = await fold({ base: [], changes: [delta(rows)] });
  expect(many.map(({ rows: count }) => count)).toEqual([43_690, 43_690, 12_620]);
  const long = rows.slice(0, 30).map(([key]): Entry => [key + 'x'.repeat(100_000), 100]);
  const few = await fold({ base: [], changes: [delta(long)] });
  expect(few.map(({ rows: count }) => count)).toEqual([11, 11, 8]);
  checkChunks([...many, ...few.slice(0, 1)].slice(2, 3));
  const again = await fold({ base: many, changes: [] });
  for (const part of ['entries', 'keys'] as const) {
    expect(again.map((chunk, i) => chunk[part].equals(many[i]![part]))).toEqual([true, true, true]);
  }
});

test('entries whose hashes share all but the last word keep their own rows', async () => {
  const words = [
    [5, 2, 0, 1, 100, 0],
    [5, 2, 0, 0, 200, 0],
    [5, 2, 0, 1, 300, 0],
  ];
  const shared: SnapshotChange = {
    kind: 'delta',
    mode: 'upsert',
    entries: new Uint8Array(Uint32Array.from(words.flat()).buffer),
    keys: Buffer.from('two\none\ntwo\n'),
    operations: Uint8Array.of(create, create, update),
    outcomes: Uint8Array.of(rowOutcome.created, rowOutcome.created, rowOutcome.updated),
  };
  const [chunk] = await fold({ base: [], changes: [shared] });
  expect(chunk!.keys.toString()).toBe('one\ntwo\n');
  expect([chunk!.entries.readUInt32LE(16), chunk!.entries.readUInt32LE(40)]).toEqual([200, 300]);
});

test('a base that is not sorted, or has fewer keys than entries, is not folded', async () => {
  const [chunk] = await fold({
    base: [],
    changes: [
      delta([
        ['1', 100],
        ['2', 200],
      ]),
    ],
  });
  await expect(fold({ base: [chunk!, chunk!], changes: [] })).rejects.toThrow('not sorted');
  const torn = { entries: chunk!.entries, keys: Buffer.from('1\n') };
  await expect(fold({ base: [torn], changes: [] })).rejects.toThrow('fewer stored keys');
});
