import { rowOutcome } from '../../../domain/row-outcome';
import { createHasher } from '../../../diff/hasher';
import { KeyMatcher } from '../../../diff/snapshot/key-matcher';
import type { StoredKeys } from '../../../diff/snapshot/key-matcher';
import { deltaOf, runDiff, text } from '../run-diff';
import type { DiffOptions, DiffRun } from '../run-diff';

const keysOf = (run: DiffRun): string => run.lines.map((line) => `${line.text.split('\t')[0]}\n`).join('');

/** A run's journal as stored entries with their key lines. */
function stored(run: DiffRun, keys = keysOf(run)): StoredKeys {
  return { entries: Buffer.concat(run.lines.map(({ entry }) => entry)), keys: Buffer.from(keys) };
}

async function vanishedRun(before: DiffRun, options: DiffOptions = {}): Promise<DiffRun> {
  return runDiff([], { ...options, parts: [deltaOf(before, () => rowOutcome.created)] });
}

test('vanished rows are deletes only if the destination ever acknowledged them', async () => {
  const first = await runDiff(text('1\ta', '2\tb', '3\tc', '4\td'));
  const second = await runDiff(text('2\tB'), { parts: [deltaOf(first, () => rowOutcome.created)] });
  const lost = await runDiff(text('5\te'));
  const parts = [
    deltaOf(first, () => rowOutcome.created),
    deltaOf(second, () => rowOutcome.unknown),
    deltaOf(lost, () => rowOutcome.unknown),
  ];
  const run = await runDiff(text('1\ta', '4\tchanged'), { mode: 'mirror', parts });
  expect(run.result.unseen).toBe(3);
  expect(run.vanished).toEqual({ deletes: Int32Array.of(1, 2), unsureNew: Int32Array.of(4), missing: 0 });
});

test('the stored key of a vanished row is given once, with its ordinal', async () => {
  const before = await runDiff(text('1\ta', 'b c\tb', '\\\\N\tc'));
  const run = await vanishedRun(before);
  const matcher = new KeyMatcher({
    hasher: await createHasher(),
    keyMatch: 'exact',
    snapshot: run.snapshot,
    wanted: Int32Array.of(1, 2),
  });
  const found = matcher.match(stored(before));
  expect([...found.ordinals]).toEqual([1, 2]);
  expect(found.data.toString()).toBe('b c\n\\\\N\n');
  expect(matcher.match(stored(before)).ordinals).toHaveLength(0);
  expect(matcher.unmatched).toBe(0);
});

test('a stored key that is not the one its entry was made from is never given', async () => {
  const before = await runDiff(text('1\ta', '2\tb', '3\tc'));
  const run = await vanishedRun(before);
  const matcher = new KeyMatcher({
    hasher: await createHasher(),
    keyMatch: 'exact',
    snapshot: run.snapshot,
    wanted: run.vanished.deletes,
  });
  expect(matcher.match(stored(before, '1\n3\n2\n')).data.toString()).toBe('1\n');
  expect(matcher.unmatched).toBe(2);
  expect(matcher.match(stored(before)).data.toString()).toBe('2\n3\n');
  expect(matcher.unmatched).toBe(0);
});

test('a stored key matches in any case where the destination compares so', async () => {
  const before = await runDiff(text('Ada@x\ta'), { keyMatch: 'lower' });
  const run = await vanishedRun(before);
  const wanted = run.vanished.deletes;
  const hasher = await createHasher();
  const lower = new KeyMatcher({ hasher, keyMatch: 'lower', snapshot: run.snapshot, wanted });
  expect(lower.match(stored(before, 'ADA@X\n')).data.toString()).toBe('ADA@X\n');
  const exact = new KeyMatcher({ hasher, keyMatch: 'exact', snapshot: run.snapshot, wanted });
  expect(exact.match(stored(before)).data.toString()).toBe('');
});

test('stored keys and entries that do not pair up are an error', async () => {
  const before = await runDiff(text('1\ta', '2\tb'));
  const run = await vanishedRun(before);
  const matcher = new KeyMatcher({
    hasher: await createHasher(),
    keyMatch: 'exact',
    snapshot: run.snapshot,
    wanted: run.vanished.deletes,
  });
  expect(() => matcher.match(stored(before, '1\n'))).toThrow('fewer stored keys');
  expect(() => matcher.match(stored(before, '1\n2\n3\n'))).toThrow('more stored keys');
});
