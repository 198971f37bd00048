import { deliveryPace, waitAfter } from '../../../domain/alerts/delivery-pace';

const second = 1_000;
const minute = 60 * second;
const middle = 0.5;

test.each([
  [1, 5 * second],
  [2, 30 * second],
  [3, 2 * minute],
  [4, 10 * minute],
  [5, 10 * minute],
  [140, 10 * minute],
])('after try %i a message waits %i ms', (tries, waitMs) => {
  expect(waitAfter(tries, undefined, middle)).toBe(waitMs);
});

test('waits are spread by a tenth either way', () => {
  expect([0, 1].map((random) => waitAfter(4, undefined, random))).toEqual([9 * minute, 11 * minute]);
});

test.each([
  ['less than we would wait', second, 5 * second],
  ['more than we would wait', 90 * second, 90 * second],
  ['an hour', 60 * minute, 60 * minute],
  ['more than an hour', 60 * minute + 1, 60 * minute],
])('a channel that asks for %s', (_what, askedMs, waitMs) => {
  expect(waitAfter(1, askedMs, middle)).toBe(waitMs);
});

test('a channel is never asked sooner than it wants, however the spread falls', () => {
  expect(waitAfter(1, 6 * second, 0)).toBe(6 * second);
});

test('a day of waiting is some hundred tries', () => {
  const waits = Array.from({ length: 150 }, (_, at) => waitAfter(at + 1, undefined, middle));
  let spent = 0;
  const inADay = waits.filter((ms) => (spent += ms) <= 24 * 60 * minute);
  expect(inADay.length).toBeGreaterThan(140);
  expect(deliveryPace.waitsMs.at(-1)).toBe(10 * minute);
});
