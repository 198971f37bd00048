// The statistics that a few wild values do not move, held to their definitions.
import * as fc from 'fast-check';
import { RecentErrors } from '../../../domain/trends/recent-errors';
import { deviationsPerMad, median, quantile } from '../../../domain/trends/robust';
import { randomCases } from '../../support/cases';

const cases = randomCases(300);
jest.setTimeout(cases.limitMs);

const ascending = (one: number, other: number): number => one - other;
const dayMs = 86_400_000;

test.each([
  [[3], 3],
  [[4, 2], 3],
  [[9, 1, 5], 5],
  [[1, 1, 1, 1_000_000], 1],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test.each([
  [0.5, 2],
  [0.51, 3],
  [0.95, 4],
  [1, 4],
  [0.01, 1],
])('of four values the quantile %d is the one in place %d', (share, place) => {
  expect(quantile([1, 2, 3, 4], share)).toBe(place);
});

test('of no values there is neither', () => {
  expect([median([]), quantile([], 0.5)]).toEqual([Number.NaN, Number.NaN]);
});

test('mean, spread and times are those of the last five weeks, or of thirty runs', () => {
  const error = fc.record({ gap: fc.nat(5 * dayMs), error: fc.integer({ min: -1_000, max: 1_000 }) });
  fc.assert(
    fc.property(
      fc.array(error, { minLength: 1, maxLength: 90 }),
      fc.integer({ min: -1_000, max: 1_000 }),
      (added, asked) => {
        const recent = new RecentErrors();
        let at = 0;
        const all = added.map(({ gap, error: value }) => {
          recent.add((at += gap), value);
          return { at, value };
        });
        const kept = all.filter((each, place) => each.at >= at - 35 * dayMs || place >= all.length - 30);
        const sizes = kept.map(({ value }) => Math.abs(value)).toSorted(ascending);
        expect(recent.count).toBe(kept.length);
        expect(recent.spread).toBe(deviationsPerMad * median(sizes));
        expect(recent.mean).toBeCloseTo(sizes.reduce((sum, size) => sum + size, 0) / sizes.length);
        const beyond = kept.map(({ value }) => (asked > 0 ? value >= asked : value <= asked));
        const begins = beyond.filter((isBeyond, place) => isBeyond && !beyond[place - 1]);
        expect(recent.timesBeyond(asked)).toBe(begins.length);
      },
    ),
    cases.options,
  );
});
