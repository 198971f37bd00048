import * as fc from 'fast-check';
import { isSent, rowOperation, rowOutcome } from '../../../domain/row-outcome';
import { planChanges } from '../../../diff/plan/plan-changes';
import { randomCases } from '../../support/cases';
import { deltaOf, indexesOf, runDiff, text } from '../run-diff';
import type { DiffRun } from '../run-diff';

const cases = randomCases(300);
jest.setTimeout(cases.limitMs);

const { create, update, skipCopy, refuseDuplicateKey, refuseNullKey } = rowOperation;
const operationsOf = (run: DiffRun): number[] => run.lines.map(({ operation }) => operation);

async function snapshotOf(...lines: string[]) {
  return [deltaOf(await runDiff(text(...lines)), () => rowOutcome.created)];
}

test('of identical copies one is sent and the others are skipped', async () => {
  const run = await runDiff(text('1\ta', '2\tb', '1\ta', '1\ta'));
  expect(operationsOf(run)).toEqual([create, create, skipCopy, skipCopy]);
  expect(run.plan.counts).toEqual({
    creates: 2,
    updates: 0,
    skippedCopies: 2,
    skippedOutOfScope: 0,
    refused: 0,
  });
});

test('copies that differ are refused, all of them', async () => {
  const run = await runDiff(text('1\ta', '1\tb', '1\ta'));
  expect(operationsOf(run)).toEqual([refuseDuplicateKey, refuseDuplicateKey, refuseDuplicateKey]);
  expect(run.plan.batches).toEqual([]);
});

test.each([
  [['1\ta', '1\tb']],
  [['1\tb', '1\ta']],
  [['1\tb', '1\ta', '1\tb', '1\ta']],
  [['1\tb', '1\tc', '1\ta']],
])('of %j the copy that equals the snapshot is unchanged and the others are refused', async (lines) => {
  const run = await runDiff(text(...lines), { parts: await snapshotOf('1\ta') });
  expect(run.result.unchanged).toBe(1);
  expect(run.result.identicalCopies).toBe(lines.filter((line) => line === '1\ta').length - 1);
  expect(new Set(operationsOf(run))).toEqual(new Set([refuseDuplicateKey]));
});

test('a row that was sent without an answer and never acknowledged is planned as create again', async () => {
  const first = await runDiff(text('1\ta', '2\tb'));
  const parts = [
    deltaOf(first, ({ text: line }) => (line === '1\ta' ? rowOutcome.unknown : rowOutcome.created)),
  ];
  const run = await runDiff(text('1\ta', '2\tB'), { parts });
  expect(operationsOf(run)).toEqual([create, update]);
});

test('a removed row that comes back is planned as create', async () => {
  const delta = deltaOf(await runDiff(text('1\ta')), () => rowOutcome.created);
  const gone = {
    ...delta,
    operations: Uint8Array.of(rowOperation.delete),
    outcomes: Uint8Array.of(rowOutcome.deleted),
  };
  const run = await runDiff(text('1\ta'), { parts: [delta, gone] });
  expect(run.lines.map(({ operation, ordinal }) => [operation, ordinal])).toEqual([[create, -1]]);
});

test('batches hold at most the rows asked for and never only refused lines', async () => {
  const lines = ['\\N\tx', '1\ta', '\\N\tx', '2\ta', '3\ta', '3\ta', '\\N\tx', '4\ta', '5\ta', '\\N\tx'];
  const { plan } = await runDiff(text(...lines), { batchRows: 2 });
  expect(
    plan.batches.map(({ batchNo, lineFrom, lineTo, creates }) => [batchNo, lineFrom, lineTo, creates]),
  ).toEqual([
    [1, 1, 4, 2],
    [2, 4, 8, 2],
    [3, 8, 9, 1],
  ]);
  expect([...plan.batches[1]!.operations]).toEqual([create, skipCopy, refuseNullKey, create]);
  expect([...plan.refusals()]).toEqual([0, 2, 6, 9].map((line) => ({ line, operation: refuseNullKey })));
});

test('a batch ends before its lines become too many bytes', async () => {
  const { journal, result } = await runDiff(
    text(...Array.from({ length: 10 }, (_, i) => `${i}\txxxxxx`), 'long\t1234567890123456789012', 'z\t'),
  );
  const plan = await planChanges({
    indexes: () => indexesOf(journal),
    marks: result.marks,
    mode: 'upsert',
    batchRows: 100,
    batchBytes: 27,
  });
  expect(plan.batches.map(({ creates }) => creates)).toEqual([3, 3, 3, 1, 1, 1]);
});

test('a journal with a gap is not planned', async () => {
  const { journal, result } = await runDiff(text('1\ta'));
  const indexes = [{ firstLine: 1, index: journal[0]!.index, dataBytes: 4 }];
  await expect(
    planChanges({ indexes: () => indexes, marks: result.marks, mode: 'upsert', batchRows: 10 }),
  ).rejects.toThrow('line 1, not at line 0');
});

test('the verdict on every key is the same in whatever order its copies come', async () => {
  const parts = [
    ...(await snapshotOf('0\ta', '1\ta', '2\ta')),
    deltaOf(await runDiff(text('2\tx', '3\tx')), () => rowOutcome.unknown),
  ];
  const key = fc.constantFrom('0', '1', '2', '3', '4', '5', '\\N');
  const value = fc.constantFrom('a', 'b', 'x'.repeat(60));
  const shuffled = fc
    .array(
      fc.tuple(key, value).map((row) => row.join('\t')),
      { maxLength: 14 },
    )
    .chain((lines) => fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })));
  const verdicts = (run: DiffRun): unknown => ({
    lines: run.lines.map(({ text: line, operation }) => `${line} ${operation}`).sort(),
    counts: run.plan.counts,
    result: { ...run.result, marks: [...run.result.marks] },
  });
  await fc.assert(
    fc.asyncProperty(
      shuffled,
      fc.constantFrom('upsert', 'insert', 'update', 'mirror'),
      async ([one, other], mode) => {
        const options = { parts, mode, maxLineBytes: 50 } as const;
        expect(verdicts(await runDiff(text(...one), options))).toEqual(
          verdicts(await runDiff(text(...other), options)),
        );
      },
    ),
    cases.options,
  );
});

test('no key is sent twice, and batches cover exactly the lines that are sent, in order', async () => {
  const line = fc.tuple(fc.nat({ max: 30 }), fc.constantFrom('a', 'b')).map((row) => row.join('\t'));
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 60 }),
      fc.integer({ min: 1, max: 7 }),
      async (lines, batchRows) => {
        const run = await runDiff(text(...lines), { parts: await snapshotOf('1\ta', '2\tb'), batchRows });
        const sent = run.lines
          .filter(({ operation }) => isSent(operation))
          .map((sentLine) => sentLine.text.split('\t')[0]);
        expect(new Set(sent).size).toBe(sent.length);
        let covered = 0;
        for (const batch of run.plan.batches) {
          const rows = run.lines
            .slice(batch.lineFrom, batch.lineTo)
            .filter(({ operation }) => isSent(operation)).length;
          expect([...batch.operations]).toEqual(operationsOf(run).slice(batch.lineFrom, batch.lineTo));
          expect(rows).toBe(batch.creates + batch.updates);
          expect(rows).toBeGreaterThan(0);
          expect(rows).toBeLessThanOrEqual(batchRows);
          covered += rows;
        }
        expect(covered).toBe(sent.length);
      },
    ),
    cases.options,
  );
});
