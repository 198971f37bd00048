// How a batch that is refused as a whole is halved: which calls are made, under which keys, and what is found.
import type { ServerResponse } from 'node:http';
import type {
  BatchAnswer,
  BatchSoFar,
  Destination,
  OutgoingBatch,
} from '../../../../../connectors/destination';
import { answerJson, type HttpStub, httpStub, type StubCall } from '../../../../support/outside/http-stub';
import { aBatch } from '../../../outgoing-batch';
import { words } from '../../../destination-harness';
import {
  failureOfPromise,
  keysOf,
  never,
  openDestination,
  rowsIn,
  someRows,
  target,
  write,
} from '../http-fixture';

let stub: HttpStub;
let destination: Destination;
let landed: string[];
let strictly: (call: StubCall, response: ServerResponse) => void;

/** Takes a call of good rows whole; refuses it whole when one is bad, with this status and the bad row's message. */
async function openStrict(status = 422, config: object = {}): Promise<void> {
  landed = [];
  strictly = (call, response) => {
    const rows = rowsIn(call);
    if (rows.some((row) => row['email'] === 'bad')) {
      return answerJson(response, status, { errors: [{ field: 'email', message: 'Invalid email format' }] });
    }
    landed.push(...rows.map((row) => String(row['id'])));
    return answerJson(response, 200, {});
  };
  stub = await httpStub((call, response) => strictly(call, response));
  const response = { errors_field: 'errors', message_field: 'message', field_field: 'field' };
  destination = openDestination(stub.url, { batch_rows: 10_000, response, ...config });
}

/** As `openStrict` answers, but for calls that get a status of their own. */
function answers(statusOf: (at: number) => number | null): void {
  stub.respond((call, response, at) => {
    const status = statusOf(at);
    if (status !== null) return answerJson(response, status, {});
    return strictly(call, response);
  });
}

/** Sets the clock that times are taken by forward. */
function later(ms: number): void {
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + ms);
}

afterEach(async () => {
  jest.restoreAllMocks();
  await destination.close();
  await stub.close();
});

test.each([0, 499, 500, 777, 999])(
  'one poison row in 1,000 (row %i): 999 land, in at most 21 calls',
  async (bad) => {
    await openStrict();
    const answer = await write(destination, aBatch(someRows(1_000, [bad])));
    expect(answer.refusals).toEqual([
      { row: bad, field: 'email', message: 'Invalid email format', code: 'http_422', origin: 'destination' },
    ]);
    expect(words(answer).filter((word) => word === 'created')).toHaveLength(999);
    expect(answer.outcomes[bad]).toBe(5);
    expect(landed).toEqual(someRows(1_000).flatMap(([id], at) => (at === bad ? [] : [id])));
    expect(stub.calls.length).toBeLessThanOrEqual(21);
    expect(answer.callMs).toHaveLength(stub.calls.length);
  },
);

test('pieces have keys of their own, the same ones every time', async () => {
  await openStrict();
  const batch = aBatch(someRows(5, [3]));
  await write(destination, batch);
  const first = keysOf(stub.calls);
  expect(first).toEqual(['', '/0-3', '/3-5', '/3-4', '/4-5'].map((piece) => `${batch.key}${piece}`));
  await write(destination, batch);
  expect(keysOf(stub.calls).slice(first.length)).toEqual(first);
});

test.each([400, 409, 413, 422])('%i of a single row refuses that row', async (status) => {
  await openStrict(status);
  const answer = await write(destination, aBatch(someRows(1, [0])));
  expect(answer.refusals).toMatchObject([{ row: 0, code: `http_${status}` }]);
  expect(stub.calls).toHaveLength(1);
});

test('a limit on the size of a call is found by halving, and all rows land', async () => {
  await openStrict();
  stub.respond((call, response) => {
    const rows = rowsIn(call);
    if (rows.length > 100) return answerJson(response, 413, { message: 'at most 100' });
    landed.push(...rows.map((row) => String(row['id'])));
    return answerJson(response, 200, {});
  });
  const answer = await write(destination, aBatch(someRows(800)));
  expect(answer.refusals).toEqual([]);
  expect(landed).toHaveLength(800);
  // 1 + 2 + 4 refused, then 8 of 100 rows each.
  expect(stub.calls).toHaveLength(15);
});

test('a server that says 413 without reading the body is understood', async () => {
  await openStrict();
  stub.interceptBody((request, response) => {
    if (Number(request.headers['content-length']) <= 100_000) return false;
    answerJson(response, 413, {}, { connection: 'close' });
    return true;
  });
  const wide = someRows(2_000).map(([id]) => [id ?? '', 'x'.repeat(200)]);
  const answer = await write(destination, aBatch(wide));
  expect(answer.refusals).toEqual([]);
  expect(new Set(landed).size).toBe(2_000);
});

test('past 64 refused pieces rows go one by one', async () => {
  await openStrict();
  const count = 512;
  const bad = Array.from({ length: count }, (_, at) => at).filter((at) => at % 2 === 0);
  const answer = await write(destination, aBatch(someRows(count, bad)));
  expect(answer.refusals.map(({ row }) => row)).toEqual(bad);
  expect(landed).toHaveLength(count / 2);
  const sizes = stub.calls.map((call) => rowsIn(call).length);
  expect(sizes.filter((size) => size > 1).length).toBeLessThan(64 + 10);
  expect(sizes.filter((size) => size === 1)).toHaveLength(count);
});

test('trouble in the middle of halving leaves the whole batch without an answer', async () => {
  await openStrict();
  const strict = stub.calls;
  stub.respond((_call, response) => answerJson(response, strict.length > 3 ? 503 : 422, {}));
  const failure = await failureOfPromise(write(destination, aBatch(someRows(8, [7]))));
  expect(failure.failure.message).toBe('Destination unreachable: HTTP 503');
});

describe('trouble in the middle of halving', () => {
  const count = 128;
  // Two and two: of those that go alone some would pass together.
  const bad = Array.from({ length: count }, (_, at) => at).filter((at) => at % 4 < 2);
  /** Rows [from, to) of each call, as its key tells. */
  const piecesOf = (batch: OutgoingBatch): [number, number][] =>
    keysOf(stub.calls).map((key) => {
      const piece = String(key).slice(batch.key.length + 1);
      const [from = 0, to = count] = piece === '' ? [] : piece.split('-').map(Number);
      return [from, to];
    });

  // From about the 120th call on rows go one by one.
  const troubles = [2, 20, 90, 120, 131, 149, 169];
  test.each(
    troubles.flatMap((at) => [
      [at, 'all that is known', true],
      [at, 'what was kept before it', false],
    ]) as [number, string, boolean][],
  )(
    'at call %i: another try goes on from %s, and cuts at the same places',
    async (trouble, _what, keepsAtTheEnd) => {
      await openStrict();
      const batch = aBatch(someRows(count, bad));
      const whole = await write(destination, batch);
      const undisturbed = keysOf(stub.calls);
      landed = [];
      stub.calls.length = 0;
      const kept: BatchAnswer[] = [];
      const lane = await destination.openLane(target, never);
      const keep: BatchSoFar['keep'] = async (answer, mayLand) => {
        // Only trouble leaves a call behind.
        if (!mayLand || keepsAtTheEnd) kept.push({ ...answer, refusals: [...answer.refusals] });
      };
      answers((at) => {
        // Time for what is known to be kept on the way.
        if (at === 30) later(10_000);
        return at === trouble ? 404 : null;
      });
      const failure = await failureOfPromise(lane.write(batch, never, { outcomes: null, keep }));
      // Something has landed: the batch as a whole is not to be taken for unsent.
      expect(failure.nothingApplied).toBe(false);
      expect(keysOf(stub.calls)).toEqual(undisturbed.slice(0, trouble + 1));
      const before = piecesOf(batch);
      const [troubledFrom, troubledTo] = before.at(-1) as [number, number];

      stub.calls.length = 0;
      const { outcomes = null, refusals = [] } = kept.at(-1) ?? {};
      answers(() => null);
      const answer = await lane.write(batch, never, { outcomes, keep });
      await lane.close();
      expect([...answer.outcomes]).toEqual([...whole.outcomes]);
      expect([...refusals, ...answer.refusals]).toEqual(whole.refusals);
      expect(new Set(landed)).toEqual(
        new Set(someRows(count).flatMap(([id], at) => (bad.includes(at) ? [] : [id]))),
      );
      const all = piecesOf(batch);
      const again = all.slice(
        0,
        all.findIndex(([from, to]) => from === troubledFrom && to === troubledTo) + 1,
      );
      expect(again).not.toEqual([]);
      for (const piece of again) expect(before).toContainEqual(piece);
      if (!keepsAtTheEnd) return;
      // Where all is kept, no row is asked about that was judged.
      expect(landed).toHaveLength(count - bad.length);
      expect(again.every(([from]) => from >= troubledFrom)).toBe(true);
    },
  );

  test('where no row was judged nothing is kept, and what cannot be kept is no matter beside the trouble', async () => {
    await openStrict();
    answers((at) => (at === 1 ? 404 : null));
    const lane = await destination.openLane(target, never);
    const keep = jest.fn(async () => Promise.reject(new Error('no database')));
    const soFar = { outcomes: null, keep };
    await failureOfPromise(lane.write(aBatch(someRows(8, [7])), never, soFar));
    expect(keep).not.toHaveBeenCalled();
    stub.calls.length = 0;
    answers((at) => (at === 2 ? 404 : null));
    const failure = await failureOfPromise(lane.write(aBatch(someRows(8, [7])), never, soFar));
    expect(failure.failure.code).toBe('destination_misconfigured');
    expect(keep).toHaveBeenCalledTimes(1);
    await lane.close();
  });
});

test.each([
  ['a message of its own', { message: 'no owner' }, 'no owner'],
  ['problem+json', { title: 'Unprocessable', detail: 'no owner' }, 'no owner'],
  ['an error object', { error: { message: 'no owner', status: 422 } }, 'no owner'],
  ['an error text', { error: 'no owner' }, 'no owner'],
  ['a list of texts', { errors: ['no owner'] }, 'no owner'],
  ['a bare list', [{ message: 'no owner' }], 'no owner'],
  ['nothing to show', {}, 'HTTP 422'],
])('the message of a refused row is found in %s', async (_what, body, message) => {
  await openStrict(422, { response: {} });
  stub.respond((_call, response) => answerJson(response, 422, body));
  const answer = await write(destination, aBatch(someRows(1)));
  expect(answer.refusals).toMatchObject([{ message, code: 'http_422' }]);
});
