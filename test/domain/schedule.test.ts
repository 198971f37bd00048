// The limits of a schedule agree with each other and with Temporal's own.
import {
  defaultCatchUpSeconds,
  defaultOverlapPolicy,
  leastCatchUpSeconds,
  leastIntervalSeconds,
  mostCatchUpSeconds,
  mostIntervalSeconds,
  mostJitterSeconds,
  overlapPolicies,
} from '../../domain/schedule';

test('defaults lie within their limits, and the least lie below the most', () => {
  expect(overlapPolicies).toContain(defaultOverlapPolicy);
  expect(defaultCatchUpSeconds).toBeGreaterThanOrEqual(leastCatchUpSeconds);
  expect(defaultCatchUpSeconds).toBeLessThanOrEqual(mostCatchUpSeconds);
  expect(leastIntervalSeconds).toBeLessThan(mostIntervalSeconds);
  // A jitter of its most must fit some interval.
  expect(mostJitterSeconds).toBeLessThan(mostIntervalSeconds);
});
