import { rowOperation, rowOutcome } from '../../../domain/row-outcome';
import { lineFlag } from '../../../diff/journal-batch';
import type { SnapshotPart } from '../../../diff/snapshot/packed-snapshot';
import { cut, deltaOf, runDiff, text } from '../run-diff';
import type { DiffOptions, DiffRun } from '../run-diff';

/** A snapshot in which the destination has accepted these lines. */
async function accepted(lines: string[], options: DiffOptions = {}): Promise<SnapshotPart[]> {
  const run = await runDiff(text(...lines), options);
  return [
    deltaOf(run, ({ operation }) =>
      operation === rowOperation.create ? rowOutcome.created : rowOutcome.updated,
    ),
  ];
}

const operationsOf = (run: DiffRun): [string, number][] =>
  run.lines.map((line) => [line.text, line.operation]);
const { create, update, skipCopy, refuseDuplicateKey, refuseNullKey, refuseTooLarge } = rowOperation;

test('unchanged rows are dropped, changed ones updated, new ones created, gone ones seen to be gone', async () => {
  const parts = await accepted(['1\ta', '2\tb', '3\tc']);
  const run = await runDiff(text('3\tC', '1\ta', '4\td'), { parts });
  expect(operationsOf(run)).toEqual([
    ['3\tC', update],
    ['4\td', create],
  ]);
  expect(run.result).toMatchObject({ linesRead: 3, unchanged: 1, skipped: 0, journalled: 2, unseen: 1 });
  expect([...run.vanished.deletes]).toEqual([1]);
});

test.each([4, 5])('a fingerprint that differs in word %d alone is another fingerprint', async (word) => {
  for (const outcome of [rowOutcome.updated, rowOutcome.skipped]) {
    const delta = deltaOf(await runDiff(text('1\ta'), { mode: 'update' }), () => outcome);
    delta.entries[word * 4]! ^= 1;
    const run = await runDiff(text('1\ta'), { mode: 'update', parts: [delta] });
    expect(run.result).toMatchObject({ unchanged: 0, skipped: 0, journalled: 1 });
    const offered = await runDiff(text('1\ta'), { mode: 'update', parts: [delta], offerMissing: true });
    expect(offered.lines[0]!.flags).toBe(lineFlag.known);
  }
});

test('an empty model reads no line and leaves every row unseen', async () => {
  const run = await runDiff([], { parts: await accepted(['1\ta', '2\tb']) });
  expect(run.result).toMatchObject({ linesRead: 0, journalled: 0, unseen: 2 });
});

test.each([
  ['\\N\tx', 1, true],
  ['\\\\N\tx', 1, false],
  ['\tx', 1, false],
  ['N\tx', 1, false],
  ['a\t\\N\tx', 2, true],
  ['\\N\tb\tx', 2, true],
  ['a\t\\N', 1, false],
  ['\\N', 1, true],
  ['a\t\\N', 2, true],
])('of line %j with %d key columns the key is null: %p', async (line, keyColumns, isNull) => {
  const run = await runDiff(text(line), { keyColumns });
  expect(operationsOf(run)).toEqual([[line, isNull ? refuseNullKey : create]]);
  expect(run.result.refusedNullKey).toBe(isNull ? 1 : 0);
});

test('rows with null keys are no copies of one another', async () => {
  const run = await runDiff(text('\\N\tx', '\\N\tx', '\\N\ty'));
  expect(run.plan.counts).toEqual({
    creates: 0,
    updates: 0,
    skippedCopies: 0,
    skippedOutOfScope: 0,
    refused: 3,
  });
});

test('composite keys are told apart by where their columns end', async () => {
  const run = await runDiff(text('a\tb\tx', 'ab\t\tx', '\tab\tx'), { keyColumns: 2 });
  expect(run.plan.counts.creates).toBe(3);
});

test('a line that has fewer columns than the key ends the run', async () => {
  await expect(runDiff(text('a\tb', 'a'), { keyColumns: 2 })).rejects.toThrow('fewer than 2 columns');
});

test('bytes that end inside a line end the run', async () => {
  await expect(runDiff([Buffer.from('1\ta\n2\tb')])).rejects.toThrow('inside a line');
});

test('insert mode never sends a row again, in whatever state it is', async () => {
  const first = await runDiff(text('1\ta', '2\tb', '3\tc'), { mode: 'insert' });
  const delta = deltaOf(first, ({ text: line }) =>
    line.startsWith('2') ? rowOutcome.unknown : rowOutcome.created,
  );
  const lines = text('1\ta', '1\tA', '2\tb', '3\tc', '3\tc', '4\td');
  const run = await runDiff(lines, { mode: 'insert', parts: [delta] });
  expect(operationsOf(run)).toEqual([['4\td', create]]);
  expect(run.result).toMatchObject({ unchanged: 0, skipped: 5, knownSkipped: 5, unseen: 0 });
  const resync = await runDiff(lines, { mode: 'insert', parts: [delta, { kind: 'all_unsure' }] });
  expect(operationsOf(resync)).toEqual([['4\td', create]]);
});

describe('update mode', () => {
  async function missing(): Promise<SnapshotPart[]> {
    const first = await runDiff(text('1\ta', '2\tb'), { mode: 'update' });
    expect(operationsOf(first)).toEqual([
      ['1\ta', update],
      ['2\tb', update],
    ]);
    return [
      deltaOf(first, ({ text: line }) => (line.startsWith('1') ? rowOutcome.skipped : rowOutcome.updated)),
    ];
  }

  test('skips a missing row that has not changed, and its copies', async () => {
    const run = await runDiff(text('1\ta', '1\ta', '2\tb'), { mode: 'update', parts: await missing() });
    expect(run.result).toMatchObject({
      unchanged: 1,
      skipped: 2,
      missingSkipped: 1,
      identicalCopies: 1,
      unseen: 0,
    });
    expect(run.lines).toEqual([]);
  });

  test('sends a missing row that has changed', async () => {
    const run = await runDiff(text('1\tA'), { mode: 'update', parts: await missing() });
    expect(operationsOf(run)).toEqual([['1\tA', update]]);
  });

  test('offers missing rows again when asked to, one of several copies', async () => {
    const parts = await missing();
    const run = await runDiff(text('1\ta', '1\ta'), { mode: 'update', parts, offerMissing: true });
    expect(operationsOf(run)).toEqual([
      ['1\ta', update],
      ['1\ta', skipCopy],
    ]);
    expect(run.lines[0]!.flags).toBe(lineFlag.known | lineFlag.missingOffered);
  });

  test('refuses copies of a missing row that differ, offered again or not', async () => {
    const parts = await missing();
    const held = await runDiff(text('1\tA', '1\ta'), { mode: 'update', parts });
    expect(operationsOf(held)).toEqual([['1\tA', refuseDuplicateKey]]);
    const offered = await runDiff(text('1\tA', '1\ta'), { mode: 'update', parts, offerMissing: true });
    expect(operationsOf(offered)).toEqual([
      ['1\tA', refuseDuplicateKey],
      ['1\ta', refuseDuplicateKey],
    ]);
  });

  test('a missing row is created by a later upsert or insert, and nothing is there to be deleted', async () => {
    const parts = await missing();
    for (const mode of ['upsert', 'mirror', 'insert'] as const) {
      expect(operationsOf(await runDiff(text('1\ta', '2\tb'), { mode, parts }))).toEqual([['1\ta', create]]);
    }
    const { vanished } = await runDiff([], { mode: 'mirror', parts });
    expect(vanished).toMatchObject({ deletes: Int32Array.of(1), missing: 1 });
  });
});

describe('a line above the limit', () => {
  const maxLineBytes = 100;
  const long = (key: string): string => `${key}\t${'x'.repeat(200)}`;

  test('is refused with its key, and its row counts as seen', async () => {
    const parts = await accepted(['1\ta', '2\tb']);
    const run = await runDiff(text(long('1'), '2\tb'), { parts, maxLineBytes, mode: 'mirror' });
    expect(operationsOf(run)).toEqual([['1', refuseTooLarge]]);
    expect(run.lines[0]!.flags).toBe(lineFlag.tooLarge | lineFlag.known);
    expect(run.result).toMatchObject({ unchanged: 1, refusedTooLarge: 1, unseen: 0 });
  });

  test('is one from the first byte above the limit on, however it arrives', async () => {
    for (const [length, operation] of [
      [maxLineBytes, create],
      [maxLineBytes + 1, refuseTooLarge],
    ] as const) {
      const line = `k\t${'x'.repeat(length - 2)}`;
      const bytes = text('before\t', line, 'after\t')[0]!;
      for (const size of [1, 7, 64, 100, 101, 102, 1000]) {
        const run = await runDiff(cut(bytes, [size]), { maxLineBytes });
        expect(operationsOf(run).map(([, code]) => code)).toEqual([create, operation, create]);
      }
    }
  });

  test('makes its copies differ, but leaves one that equals the snapshot unchanged', async () => {
    const unknown = await runDiff(text('1\ta', long('1'), long('1')), { maxLineBytes });
    expect(operationsOf(unknown)).toEqual([
      ['1\ta', refuseDuplicateKey],
      ['1', refuseTooLarge],
      ['1', refuseTooLarge],
    ]);
    const known = await runDiff(text(long('1'), '1\ta'), { maxLineBytes, parts: await accepted(['1\ta']) });
    expect(operationsOf(known)).toEqual([['1', refuseTooLarge]]);
    expect(known.result.unchanged).toBe(1);
  });

  test('has no key when the key itself does not fit or is null', async () => {
    const run = await runDiff(text('k'.repeat(150), `${'k'.repeat(150)}\tx`, long('\\N'), long('\\N')), {
      maxLineBytes,
    });
    expect(run.lines.map(({ operation }) => operation)).toEqual(Array(4).fill(refuseTooLarge));
    expect(run.lines.every(({ flags }) => flags === (lineFlag.tooLarge | lineFlag.nullKey))).toBe(true);
    expect(run.lines.map((line) => line.text)).toEqual(['k'.repeat(100), 'k'.repeat(100), '\\N', '\\N']);
  });

  test('keeps a key of up to a mebibyte and the beginning of a longer one', async () => {
    const limit = 2 * 1024 * 1024;
    const short = 'k'.repeat(1024 * 1024);
    const run = await runDiff(text(`${short}\t${'x'.repeat(limit)}`, `${short}k\t${'x'.repeat(limit)}`), {
      maxLineBytes: limit,
    });
    expect(run.lines.map((line) => line.text.length)).toEqual([1024 * 1024, 1024]);
    expect(run.lines.map(({ flags }) => flags)).toEqual([lineFlag.tooLarge, lineFlag.tooLarge]);
    expect(run.plan.counts.refused).toBe(2);
  });

  test('is skipped in insert mode when its row was sent before', async () => {
    const parts = await accepted(['1\ta']);
    const run = await runDiff(text(long('1'), long('2')), { parts, maxLineBytes, mode: 'insert' });
    expect(operationsOf(run)).toEqual([['2', refuseTooLarge]]);
    expect(run.result.knownSkipped).toBe(1);
  });

  test('is refused in insert mode when its row was only ever found missing', async () => {
    const update = await runDiff(text('1\ta'), { mode: 'update' });
    const parts = [deltaOf(update, () => rowOutcome.skipped)];
    const run = await runDiff(text(long('1')), { parts, maxLineBytes, mode: 'insert' });
    expect(operationsOf(run)).toEqual([['1', refuseTooLarge]]);
  });
});
