import * as fc from 'fast-check';
import { rowOutcome } from '../../domain/row-outcome';
import { createHasher } from '../../diff/hasher';
import { JournalIndex, lineFlag } from '../../diff/journal-batch';
import { PackedSnapshot } from '../../diff/snapshot/packed-snapshot';
import { Sieve } from '../../diff/sieve/sieve';
import { randomCases } from '../support/cases';
import { cut, deltaOf, runDiff, text } from './run-diff';

const cases = randomCases(100);
jest.setTimeout(cases.limitMs);

test('the journal holds at most a thousand lines or a mebibyte a batch, and a longer line alone', async () => {
  const half = 'x'.repeat(600 * 1024);
  const lines = [
    ...Array.from({ length: 1001 }, (_, i) => `${i}\ta`),
    `big1\t${half}`,
    `big2\t${half}`,
    `huge\t${half}${half}`,
    'last\tx',
  ];
  const { journal } = await runDiff(text(...lines));
  expect(journal.map(({ lines: count }) => count)).toEqual([1000, 2, 1, 1, 1]);
  expect(journal.map(({ firstLine }) => firstLine)).toEqual([0, 1000, 1002, 1003, 1004]);
  expect(Buffer.concat(journal.map(({ data }) => data)).toString()).toBe(
    lines.map((line) => `${line}\n`).join(''),
  );
});

test.each([
  [0, [2, 1]],
  [1, [1, 1, 1]],
])('the journal puts lines that fill a mebibyte and %d bytes in batches of %j lines', async (over, lines) => {
  const line = (key: string, bytes: number): string => `${key}\t${'x'.repeat(bytes - 3)}`;
  const { journal } = await runDiff(text(line('1', 524_288), line('2', 524_288 + over), line('3', 524_288)));
  expect(journal.map((batch) => batch.lines)).toEqual(lines);
});

test('the journal is what the model was, byte for byte, however the bytes were cut', async () => {
  const line = fc.tuple(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.nat({ max: 3 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 }),
      async (rows, sizes) => {
        const plain = (value: string): string => value.replace(/[\t\n\\]/g, '_');
        const lines = rows.map(([key, value, times]) => `${plain(key)}\t${plain(value).repeat(times * 20)}`);
        const bytes = Buffer.concat(text(...lines));
        const run = await runDiff(cut(bytes, sizes));
        // Compared by jest, byte by byte, they would take longer than they took to make.
        expect(Buffer.concat(run.journal.map(({ data }) => data)).equals(bytes)).toBe(true);
        expect(run.result.linesRead).toBe(lines.length);
      },
    ),
    cases.options,
  );
});

const hashers = [
  ['with the WebAssembly kernel', () => createHasher()],
  ['without it', () => createHasher(null)],
] as const;

test.each(hashers)(
  'the journal is handed over one batch at a time, and reading waits for it, %s',
  async (_, hasher) => {
    const events: string[] = [];
    const sieve = new Sieve({
      hasher: await hasher(),
      snapshot: await PackedSnapshot.from([]),
      keyColumns: 1,
      keyMatch: 'exact',
      mode: 'upsert',
      fingerprintSeed: 0n,
      offerMissing: false,
      async onBatch({ firstLine }) {
        events.push(`start ${firstLine}`);
        await new Promise((resolve) => setImmediate(resolve));
        events.push(`end ${firstLine}`);
      },
    });
    expect(sieve.push(Buffer.from('k\tv\n'))).toBeUndefined();
    const pushed = sieve.push(Buffer.concat(text(...Array.from({ length: 2500 }, (_, i) => `${i}\tv`))));
    expect(pushed).toBeInstanceOf(Promise);
    await pushed;
    expect(events).toEqual(['start 0', 'end 0', 'start 1000', 'end 1000']);
    await sieve.finish();
    expect(events.slice(4)).toEqual(['start 2000', 'end 2000']);
  },
);

test.each(hashers)('a batch that cannot be kept fails the push, %s', async (_, hasher) => {
  const sieve = new Sieve({
    hasher: await hasher(),
    snapshot: await PackedSnapshot.from([]),
    keyColumns: 1,
    keyMatch: 'exact',
    mode: 'upsert',
    fingerprintSeed: 0n,
    offerMissing: false,
    onBatch: () => Promise.reject(new Error('disk full')),
  });
  const lines = text(...Array.from({ length: 1001 }, (_, i) => `${i}\tv`));
  await expect(sieve.push(lines[0]!)).rejects.toThrow('disk full');
});

test('the index gives each line with entry, place, ordinal and flags, from any place in a shared block', async () => {
  const parts = [deltaOf(await runDiff(text('1\ta', '2\tb')), () => rowOutcome.created)];
  const { journal } = await runDiff(text('2\tB', '3\tc'), { parts });
  const block = Buffer.concat([Buffer.from('x'), journal[0]!.index]);
  const index = new JournalIndex(block.subarray(1));
  expect(index.lines).toBe(2);
  expect([index.ordinal(0), index.ordinal(1)]).toEqual([1, -1]);
  expect([index.flags(0), index.flags(1)]).toEqual([lineFlag.known, 0]);
  expect([...index.starts(journal[0]!.data.length)]).toEqual([0, 4, 8]);
  const snapshot = await PackedSnapshot.from(parts);
  expect(snapshot.find(index.word(0, 0), index.word(0, 1), index.word(0, 2), index.word(0, 3))).toBe(1);
});

test('beside the kernel only the lines that chunks share are hashed one by one', async () => {
  const hasher = await createHasher();
  let alone = 0;
  const sieve = new Sieve({
    hasher: {
      ...hasher,
      keyHash: (...given) => {
        alone++;
        hasher.keyHash(...given);
      },
    },
    snapshot: await PackedSnapshot.from([]),
    keyColumns: 1,
    keyMatch: 'exact',
    mode: 'upsert',
    fingerprintSeed: 0n,
    offerMissing: false,
    onBatch: () => Promise.resolve(),
  });
  const bytes = Buffer.concat(text(...Array.from({ length: 5000 }, (_, i) => `${i}\tv`)));
  for (const chunk of cut(bytes, [9000])) await sieve.push(chunk);
  expect((await sieve.finish()).linesRead).toBe(5000);
  expect(alone).toBeLessThanOrEqual(Math.ceil(bytes.length / 9000));
});
