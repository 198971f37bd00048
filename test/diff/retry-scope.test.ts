// What a retry's scope does to a plan: of its keys everything as ever, of all others nothing.
import * as fc from 'fast-check';
import { createHasher } from '../../diff/hasher';
import { KeySet } from '../../diff/keys/key-set';
import { isSent, rowOperation, rowOutcome } from '../../domain/row-outcome';
import { randomCases } from '../support/cases';
import { deltaOf, runDiff, text } from './run-diff';
import type { DiffRun } from './run-diff';

const cases = randomCases(200);
jest.setTimeout(cases.limitMs);

const { create, update, skipCopy, skipOutOfScope, refuseDuplicateKey, refuseNullKey, refuseTooLarge } =
  rowOperation;
const operationsOf = (run: DiffRun): number[] => run.lines.map(({ operation }) => operation);

/** Keys by their text; `\N` stands for lines without a key. */
async function scopeOf(...keys: string[]): Promise<KeySet> {
  const hasher = await createHasher();
  const scope = new KeySet(keys.length);
  const hash = new Uint32Array(4);
  for (const key of keys) {
    hash.fill(0);
    if (key !== '\\N') hasher.keyHash(Buffer.from(key), 0, Buffer.byteLength(key), hash, 0);
    scope.add(hash, 0);
  }
  return scope;
}

test('changed rows of other keys are skipped and counted apart', async () => {
  const parts = [deltaOf(await runDiff(text('1\ta', '2\ta')), () => rowOutcome.created)];
  const run = await runDiff(text('1\tb', '2\tb', '3\tb'), { parts, scope: await scopeOf('2') });
  expect(operationsOf(run)).toEqual([skipOutOfScope, update, skipOutOfScope]);
  expect(run.plan.counts).toEqual({
    creates: 0,
    updates: 1,
    skippedCopies: 0,
    skippedOutOfScope: 2,
    refused: 0,
  });
  expect(run.plan.batches).toMatchObject([{ batchNo: 1, lineFrom: 1, lineTo: 2, updates: 1 }]);
});

test('copies are one row within the scope, and out of it they are no copies but out of scope', async () => {
  const run = await runDiff(text('1\ta', '2\ta', '1\ta', '2\ta'), { scope: await scopeOf('1') });
  expect(operationsOf(run)).toEqual([create, skipOutOfScope, skipCopy, skipOutOfScope]);
});

test('what the plan refuses is refused again within the scope only', async () => {
  const long = 'x'.repeat(60);
  const lines = ['1\ta', '1\tb', '2\ta', '2\tb', `3\t${long}`, `4\t${long}`];
  const run = await runDiff(text(...lines), { scope: await scopeOf('1', '3'), maxLineBytes: 50 });
  expect(operationsOf(run)).toEqual([
    refuseDuplicateKey,
    refuseDuplicateKey,
    skipOutOfScope,
    skipOutOfScope,
    refuseTooLarge,
    skipOutOfScope,
  ]);
  expect([...run.plan.refusals()].map(({ line }) => line)).toEqual([0, 1, 4]);
});

test('lines without a key are in scope when such lines were', async () => {
  const lines = text('\\N\ta', '1\ta');
  expect(operationsOf(await runDiff(lines, { scope: await scopeOf('\\N') }))).toEqual([
    refuseNullKey,
    skipOutOfScope,
  ]);
  expect(operationsOf(await runDiff(lines, { scope: await scopeOf('1') }))).toEqual([skipOutOfScope, create]);
});

test('a scope of no keys sends and refuses nothing', async () => {
  const run = await runDiff(text('\\N\ta', '1\ta', '1\tb'), { scope: await scopeOf() });
  expect(run.plan.batches).toEqual([]);
  expect(run.plan.counts).toMatchObject({ skippedOutOfScope: 3, refused: 0 });
});

test('each line in scope gets the verdict it has without one, and each other line is skipped', async () => {
  const parts = [deltaOf(await runDiff(text('0\ta', '1\ta', '2\ta')), () => rowOutcome.created)];
  const key = fc.constantFrom('0', '1', '2', '3', '4', '\\N');
  const line = fc.tuple(key, fc.constantFrom('a', 'b', 'x'.repeat(60))).map((row) => row.join('\t'));
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 20 }),
      fc.uniqueArray(key),
      fc.constantFrom('upsert', 'insert', 'update', 'mirror'),
      fc.integer({ min: 1, max: 4 }),
      async (lines, keys, mode, batchRows) => {
        const options = { parts, mode, maxLineBytes: 50, batchRows } as const;
        const whole = await runDiff(text(...lines), options);
        const scoped = await runDiff(text(...lines), { ...options, scope: await scopeOf(...keys) });
        const expected = whole.lines.map(({ text: raw, operation }) =>
          keys.some((inScope) => inScope === raw.split('\t')[0]) ? operation : skipOutOfScope,
        );
        expect(operationsOf(scoped)).toEqual(expected);
        const sent = scoped.plan.batches.reduce((sum, { creates, updates }) => sum + creates + updates, 0);
        expect(sent).toBe(expected.filter(isSent).length);
      },
    ),
    cases.options,
  );
});
