// Buckets by a clock of the test's own: what they hold, how they fill, and that idle ones are forgotten.
import { TokenBuckets } from '../../../api/rate-limit/token-buckets';

function clocked(perMinute: number) {
  const clock = { ms: 0 };
  return { clock, buckets: new TokenBuckets(perMinute, () => clock.ms) };
}

test('a full bucket gives its minute at once, and then no more', () => {
  const { buckets } = clocked(3);
  expect([1, 2, 3, 4].map(() => buckets.draw('a').isAllowed)).toEqual([true, true, true, false]);
  expect(buckets.draw('b')).toEqual({ isAllowed: true, remaining: 2, nextInSeconds: 0, fullInSeconds: 20 });
});

test('it fills with time, to what it holds and no further', () => {
  const { clock, buckets } = clocked(60);
  for (let draws = 0; draws < 60; draws += 1) buckets.draw('a');
  expect(buckets.draw('a')).toEqual({ isAllowed: false, remaining: 0, nextInSeconds: 1, fullInSeconds: 60 });
  clock.ms = 999;
  expect(buckets.draw('a').isAllowed).toBe(false);
  clock.ms = 1_000;
  expect(buckets.draw('a').isAllowed).toBe(true);
  expect(buckets.draw('a').isAllowed).toBe(false);
  clock.ms += 3_600_000;
  expect(buckets.draw('a').remaining).toBe(59);
});

test('a refused request costs nothing: who waits as told is let through', () => {
  const { clock, buckets } = clocked(1);
  buckets.draw('a');
  for (let draws = 0; draws < 10; draws += 1) {
    clock.ms += 1_000;
    expect(buckets.draw('a').isAllowed).toBe(false);
  }
  clock.ms += buckets.draw('a').nextInSeconds * 1_000;
  expect(buckets.draw('a').isAllowed).toBe(true);
});

test('callers that have filled up again are forgotten', () => {
  const { clock, buckets } = clocked(10);
  for (let caller = 0; caller < 1_000; caller += 1) buckets.draw(`caller ${caller}`);
  expect(buckets.size).toBe(1_000);
  clock.ms = 61_000;
  buckets.draw('late');
  expect(buckets.size).toBe(1);
});
