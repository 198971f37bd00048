import fc from 'fast-check';
import { nextPause } from '../../domain/patience';
import { randomCases } from '../support/cases';

const cases = randomCases(100);
jest.setTimeout(cases.limitMs);

const minute = 60_000;
const patience = 10 * minute;

test('pauses double from half a second up to a minute', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempt) =>
    nextPause({ spentMs: 0, attempt }, patience, 1),
  );
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, minute, minute]);
});

test('jitter takes up to half of a pause away', () => {
  expect(nextPause({ spentMs: 0, attempt: 4 }, patience, 0)).toBe(2_000);
});

test('what the other side asked for is honoured', () => {
  expect(nextPause({ spentMs: 0, attempt: 1 }, patience, 1, 90_000)).toBe(90_000);
  expect(nextPause({ spentMs: 0, attempt: 8 }, patience, 1, 5)).toBe(minute);
});

test('asking for longer than patience lasts ends it at once, to the millisecond', () => {
  expect(nextPause({ spentMs: 0, attempt: 1 }, patience, 1, patience)).toBe(patience);
  expect(nextPause({ spentMs: 0, attempt: 1 }, patience, 1, patience + 1)).toBeNull();
});

test('the last pause ends when patience does, and then there is none', () => {
  expect(nextPause({ spentMs: patience - 1, attempt: 9 }, patience, 1)).toBe(1);
  expect(nextPause({ spentMs: patience, attempt: 9 }, patience, 1)).toBeNull();
});

test('no pause is negative, and none outlasts patience', () => {
  fc.assert(
    fc.property(
      fc.nat(2 * patience),
      fc.integer({ min: 1, max: 200 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.option(fc.nat(3 * patience), { nil: undefined }),
      (spentMs, attempt, jitter, askedMs) => {
        const pause = nextPause({ spentMs, attempt }, patience, jitter, askedMs);
        if (pause === null) return;
        expect(pause).toBeGreaterThan(0);
        expect(spentMs + pause).toBeLessThanOrEqual(patience);
      },
    ),
    cases.options,
  );
});
