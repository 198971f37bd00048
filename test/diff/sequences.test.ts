import * as fc from 'fast-check';
import { isSent, rowOperation, rowOutcome } from '../../domain/row-outcome';
import type { RowOutcome } from '../../domain/row-outcome';
import type { SyncMode } from '../../domain/sync';
import type { SnapshotPart } from '../../diff/snapshot/packed-snapshot';
import { createHasher } from '../../diff/hasher';
import { randomCases } from '../support/cases';
import { deleteDelta, deltaOf, hashOfKey, keyOfOrdinal, runDiff, text } from './run-diff';
import type { DiffOptions, DiffRun } from './run-diff';

const cases = randomCases(400);
jest.setTimeout(cases.limitMs);

const { created, updated, deleted, skipped, failed, unknown } = rowOutcome;
const accept = ({ operation }: { operation: number }): RowOutcome =>
  operation === rowOperation.create ? created : updated;

/** Runs over one row's versions, each with the answer its sending gets; gives what the last run does. */
async function history(...steps: [line: string, answer: RowOutcome | null][]): Promise<DiffRun> {
  const parts: SnapshotPart[] = [];
  let run: DiffRun | undefined;
  for (const [line, answer] of steps) {
    run = await runDiff(text(line), { parts });
    parts.push(deltaOf(run, () => answer));
  }
  return run!;
}

const sentLines = (run: DiffRun): string[] =>
  run.lines.filter(({ operation }) => isSent(operation)).map((line) => line.text);

test('A, then B refused, then A again: nothing is due', async () => {
  const run = await history(['1\tA', created], ['1\tB', failed], ['1\tA', null]);
  expect(run.result.unchanged).toBe(1);
});

test('A, then B refused, then B again: B is due', async () => {
  expect(sentLines(await history(['1\tA', created], ['1\tB', failed], ['1\tB', null]))).toEqual(['1\tB']);
});

test('A, then B without an answer, then A again: A is due, for the destination may hold B', async () => {
  const run = await history(['1\tA', created], ['1\tB', unknown], ['1\tA', null]);
  expect(run.lines.map(({ text: line, operation }) => [line, operation])).toEqual([
    ['1\tA', rowOperation.update],
  ]);
});

test('A, then B planned but never sent, then A again: nothing is due', async () => {
  expect((await history(['1\tA', created], ['1\tB', null], ['1\tA', null])).result.unchanged).toBe(1);
});

test('half of a full resync leaves the other half due', async () => {
  const lines = text('1\ta', '2\tb', '3\tc', '4\td');
  const first = deltaOf(await runDiff(lines), accept);
  const resync = await runDiff(lines, { parts: [first, { kind: 'all_unsure' }] });
  expect(resync.plan.counts).toMatchObject({ creates: 0, updates: 4 });
  const half = deltaOf(resync, (line) => (line.text < '3' ? updated : null));
  const next = await runDiff(lines, { parts: [first, { kind: 'all_unsure' }, half] });
  expect(next.result.unchanged).toBe(2);
  expect(sentLines(next)).toEqual(['3\tc', '4\td']);
});

test('a changed mapping sends every row once, and its refused ones again', async () => {
  const hasher = await createHasher();
  const seedOf = (field: string): bigint =>
    hasher.fingerprintSeed(
      [
        { column: 'id', field: 'Id' },
        { column: 'v', field },
      ],
      1,
    );
  const lines = text('1\ta', '2\tb');
  const parts: SnapshotPart[] = [deltaOf(await runDiff(lines, { seed: seedOf('V') }), accept)];
  expect((await runDiff(lines, { seed: seedOf('V'), parts })).lines).toEqual([]);
  const remapped = await runDiff(lines, { seed: seedOf('W'), parts });
  expect(remapped.plan.counts).toMatchObject({ creates: 0, updates: 2 });
  parts.push(deltaOf(remapped, (line) => (line.text === '1\ta' ? updated : failed)));
  expect(sentLines(await runDiff(lines, { seed: seedOf('W'), parts }))).toEqual(['2\tb']);
});

test('an emptied model offers every acknowledged row for deletion, and refused deletes again', async () => {
  const parts: SnapshotPart[] = [deltaOf(await runDiff(text('1\ta', '2\tb', '3\tc')), accept)];
  const emptied = await runDiff([], { mode: 'mirror', parts });
  expect([...emptied.vanished.deletes]).toEqual([0, 1, 2]);
  const answers = [deleted, failed, unknown];
  parts.push(deleteDelta(emptied, emptied.vanished.deletes, (ordinal) => answers[ordinal]!));
  const next = await runDiff([], { mode: 'mirror', parts });
  expect([...next.vanished.deletes]).toEqual([1, 2]);
  const back = await runDiff(text('1\ta', '2\tb', '3\tc'), { mode: 'mirror', parts });
  expect(back.lines.map(({ text: line, operation }) => [line, operation])).toEqual([
    ['1\ta', rowOperation.create],
    ['3\tc', rowOperation.update],
  ]);
});

test('a vanished row whose update got no answer is deleted; one whose create got none is only reported', async () => {
  const first = deltaOf(await runDiff(text('1\ta')), accept);
  const second = await runDiff(text('1\tA', '2\tb'), { parts: [first] });
  const parts = [first, deltaOf(second, () => unknown)];
  const { vanished } = await runDiff([], { mode: 'mirror', parts });
  expect([...vanished.deletes]).toEqual([0]);
  expect([...vanished.unsureNew]).toEqual([1]);
});

/** A destination that holds rows by key and knows which of them we ever put or changed there. */
class Shelf {
  readonly rows = new Map<string, string>();
  readonly ours = new Set<string>();

  write(mode: SyncMode, line: string): RowOutcome {
    const key = line.split('\t')[0]!;
    const isThere = this.rows.has(key);
    if (mode === 'update' && !isThere) return skipped;
    this.rows.set(key, line);
    this.ours.add(key);
    return isThere ? updated : created;
  }

  delete(key: string): RowOutcome {
    if (!this.ours.has(key)) throw new Error(`row ${key} was never ours`);
    return this.rows.delete(key) ? deleted : skipped;
  }
}

// What happens to a row on its way: it arrives and is answered, is refused, arrives or is lost without an answer, stays.
const fates = ['answered', 'answered', 'answered', 'refused', 'arrived', 'lost', 'not attempted'] as const;
type Fate = (typeof fates)[number];

function meet(fate: Fate, act: () => RowOutcome): RowOutcome | null {
  if (fate === 'not attempted') return null;
  if (fate === 'refused') return failed;
  if (fate === 'lost') return unknown;
  const outcome = act();
  return fate === 'arrived' ? unknown : outcome;
}

const keys = ['1', '2', '3', '4', '5'];
const model = fc.array(fc.constantFrom('-', 'a', 'b'), { minLength: keys.length, maxLength: keys.length });
const modes = fc.constantFrom<SyncMode>('upsert', 'update', 'mirror');
const step = fc.record({
  mode: modes,
  model,
  fates: fc.array(fc.constantFrom(...fates), { minLength: keys.length, maxLength: keys.length }),
  resync: fc.boolean(),
  offerMissing: fc.boolean(),
});

test('after any history a clean run makes the destination right, and the next one has nothing to do', async () => {
  const hasher = await createHasher();
  const keyByHash = new Map(keys.map((key) => [hashOfKey(hasher, key), key]));
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 6 }),
      model,
      modes,
      fc.subarray(keys),
      async (steps, finalModel, finalMode, foreign) => {
        const shelf = new Shelf();
        for (const key of foreign) shelf.rows.set(key, `${key}\tforeign`);
        const parts: SnapshotPart[] = [];
        const linesOf = (values: string[]): string[] =>
          keys.map((key, i) => `${key}\t${values[i]}`).filter((line) => !line.endsWith('-'));

        const sync = async (
          values: string[],
          options: DiffOptions & { mode: SyncMode },
          fateOf: (key: string) => Fate,
        ): Promise<DiffRun> => {
          const run = await runDiff(text(...linesOf(values)), { ...options, parts });
          const keyOf = (ordinal: number): string => keyByHash.get(keyOfOrdinal(run.snapshot, ordinal))!;
          parts.push(
            deltaOf(run, (line) => meet(fateOf(line.text[0]!), () => shelf.write(options.mode, line.text))),
          );
          if (options.mode === 'mirror') {
            parts.push(
              deleteDelta(run, run.vanished.deletes, (ordinal) =>
                meet(fateOf(keyOf(ordinal)), () => shelf.delete(keyOf(ordinal))),
              ),
            );
          }
          return run;
        };

        for (const { mode, model: values, fates: turns, resync, offerMissing } of steps) {
          if (resync) parts.push({ kind: 'all_unsure' });
          await sync(values, { mode, offerMissing }, (key) => turns[keys.indexOf(key)]!);
        }
        const options = { mode: finalMode, offerMissing: true };
        const last = await sync(finalModel, options, () => 'answered');
        const reported = new Set(
          [...last.vanished.unsureNew].map((ordinal) => keyByHash.get(keyOfOrdinal(last.snapshot, ordinal))!),
        );

        const wanted = linesOf(finalModel);
        for (const key of keys) {
          const line = wanted.find((candidate) => candidate.startsWith(key));
          const holds = shelf.rows.get(key);
          if (line && finalMode === 'update') expect([line, undefined]).toContain(holds);
          else if (line) expect(holds).toBe(line);
          else if (finalMode === 'mirror' && shelf.ours.has(key) && !reported.has(key))
            expect(holds).toBeUndefined();
          if (foreign.includes(key) && !shelf.ours.has(key)) expect(holds).toBe(`${key}\tforeign`);
        }
        const again = await runDiff(text(...wanted), { mode: finalMode, parts });
        expect(again.lines).toEqual([]);
        if (finalMode === 'mirror') expect(again.vanished.deletes).toHaveLength(0);
      },
    ),
    cases.options,
  );
});
