import fc from 'fast-check';
import { addCounts, counterMismatch, type RunCounts, zeroCounts } from '../../domain/counts';
import { randomCases } from '../support/cases';

const cases = randomCases(100);
jest.setTimeout(cases.limitMs);

/** The page's own example. */
const page: RunCounts = {
  ...zeroCounts,
  processed: 15_432,
  created: 1_205,
  updated: 13_891,
  failed: 336,
};

const places = [
  'unchanged',
  'skipped',
  'created',
  'updated',
  'deleted',
  'failed',
  'notAttempted',
  'unknown',
] as const;

test("the product page's example adds up", () => {
  expect(counterMismatch(page)).toBe(0);
});

test('a row that ended nowhere is missing, one that ended twice is too many', () => {
  expect(counterMismatch({ ...page, failed: 335 })).toBe(1);
  expect(counterMismatch({ ...page, skipped: 1 })).toBe(-1);
});

test('rows put into exactly one place each always add up, whatever the places', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...places), { maxLength: 200 }),
      fc.array(fc.constantFrom('deleted', 'skipped', 'failed', 'notAttempted', 'unknown'), { maxLength: 50 }),
      (rows, deletes) => {
        const counts = [...rows, ...(deletes as (keyof RunCounts)[])].reduce<RunCounts>(
          (sum, place) => addCounts(sum, { [place]: 1 }),
          { ...zeroCounts, processed: rows.length, plannedDeletes: deletes.length },
        );
        expect(counterMismatch(counts)).toBe(0);
        // Each place counts: one row more anywhere is seen.
        for (const place of places) expect(counterMismatch(addCounts(counts, { [place]: 1 }))).toBe(-1);
      },
    ),
    cases.options,
  );
});

test('adding leaves both sides as they were', () => {
  const sum = addCounts(page, { created: 5 });
  expect(sum.created).toBe(1_210);
  expect(page.created).toBe(1_205);
  expect(addCounts(zeroCounts, {})).toEqual(zeroCounts);
});
