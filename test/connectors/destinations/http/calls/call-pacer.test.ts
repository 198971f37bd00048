// The pace of calls to one destination: turns taken in order, holds and stops that concern every lane.
import { ConnectorFailure } from '../../../../../connectors/connector-failure';
import { callPacer, slotMs } from '../../../../../connectors/destinations/http/calls/call-pacer';
import { ownPace } from '../../../../../connectors/shared-pace';
import { CallWithheld } from '../../../../../connectors/call-withheld';
import { failureOf } from '../../../../../domain/failure';
import { failureOfPromise, never } from '../http-fixture';

const unlimited = { rowsPerSecond: null, requestsPerSecond: null };
const rateLimit = new ConnectorFailure(failureOf('rate_limit_exceeded'));
const expired = new ConnectorFailure(failureOf('destination_auth_expired'));

test('a call takes up the longer of its share of rows and its share of calls', () => {
  expect(slotMs(unlimited, 500)).toBe(0);
  expect(slotMs({ rowsPerSecond: 100, requestsPerSecond: null }, 50)).toBe(500);
  expect(slotMs({ rowsPerSecond: 100, requestsPerSecond: 1 }, 50)).toBe(1_000);
  expect(slotMs({ rowsPerSecond: 100, requestsPerSecond: 1 }, 200)).toBe(2_000);
});

test('turns come one slot after the other, in the order they were asked for', async () => {
  const pacer = callPacer({ rowsPerSecond: null, requestsPerSecond: 20 }, ownPace());
  const order: number[] = [];
  const startedMs = Date.now();
  await Promise.all([0, 1, 2, 3].map((lane) => pacer.turn(1, never).then(() => order.push(lane))));
  expect(order).toEqual([0, 1, 2, 3]);
  // Never sooner than the pace allows: three slots of 50 ms, less a timer's rounding. Later is no fault.
  expect(Date.now() - startedMs).toBeGreaterThanOrEqual(140);
});

test('an aborted turn ends with the reason of its signal', async () => {
  const pacer = callPacer({ rowsPerSecond: null, requestsPerSecond: 0.01 }, ownPace());
  await pacer.turn(1, never);
  const abort = new AbortController();
  const waiting = pacer.turn(1, abort.signal);
  const reason = new Error('cancelled by the test');
  abort.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

test('a short hold is waited out, a long one is handed up with what is left of it', async () => {
  const pacer = callPacer(unlimited, ownPace());
  pacer.hold(rateLimit, 30);
  await expect(pacer.turn(1, never)).resolves.toBeUndefined();
  pacer.hold(rateLimit, 60_000);
  pacer.hold(rateLimit, 20);
  const failure = await failureOfPromise(pacer.turn(1, never));
  expect(failure.failure.code).toBe('rate_limit_exceeded');
  expect(failure.retryAfterMs).toBeGreaterThan(10_000);
  expect(failure.retryAfterMs).toBeLessThanOrEqual(60_000);
});

test('a stop lasts until it is ended, and a hold is not ended by it', async () => {
  const pacer = callPacer(unlimited, ownPace());
  pacer.stop(expired);
  expect(await failureOfPromise(pacer.turn(1, never))).toMatchObject({
    failure: { code: 'destination_auth_expired' },
    retryAfterMs: undefined,
  });
  pacer.resume();
  await expect(pacer.turn(1, never)).resolves.toBeUndefined();
  pacer.hold(rateLimit, 60_000);
  pacer.resume();
  await failureOfPromise(pacer.turn(1, never));
});

test('a turn that is too far off is withheld, and is the next one that is asked for', async () => {
  const pace = ownPace();
  const pacer = callPacer({ rowsPerSecond: null, requestsPerSecond: 5 }, pace);
  await pacer.turn(1, never);
  await expect(pacer.turn(1, never, 10)).rejects.toBeInstanceOf(CallWithheld);
  await pacer.turn(1, never);
  // Two slots of 200 ms were set aside and the second has just begun; with a third it would be 400 ms.
  expect((await pace.reserve(200)).startInMs).toBeLessThan(300);
});

test('a hold that others were told of holds here too, in a turn and before the first call', async () => {
  const hold = { code: 'rate_limit_exceeded', forMs: 40_000 } as const;
  const told: object[] = [];
  const shared = {
    reserve: async () => ({ startInMs: 40_000, hold }),
    hold: async (of: object) => void told.push(of),
    held: async () => hold,
  };
  const limited = callPacer({ rowsPerSecond: null, requestsPerSecond: 100 }, shared);
  expect(await failureOfPromise(limited.turn(1, never))).toMatchObject({
    failure: { code: 'rate_limit_exceeded' },
    nothingApplied: true,
  });
  const free = callPacer(unlimited, shared);
  await free.turn(1, never);
  await free.listen();
  expect((await failureOfPromise(free.turn(1, never))).retryAfterMs).toBeGreaterThan(30_000);
  free.hold(rateLimit, 50_000);
  free.hold(rateLimit, 3_600_000);
  // A long one is each run's own to find out.
  expect(told).toEqual([{ code: 'rate_limit_exceeded', forMs: 50_000 }]);
});
