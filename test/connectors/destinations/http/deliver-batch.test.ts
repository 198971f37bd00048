// How a batch that is refused as a whole is halved: which calls are made, under which keys, and what is found.
import type { Destination } from '../../../../connectors/destination';
import { answerJson, type HttpStub, httpStub } from '../../../support/http-stub';
import { aBatch } from '../../outgoing-batch';
import { words } from '../../destination-harness';
import { failureOfPromise, keysOf, openDestination, rowsIn, someRows, write } from './http-fixture';

let stub: HttpStub;
let destination: Destination;
let landed: string[];

/** Takes a call of good rows whole; refuses it whole when one is bad, with this status and the bad row's message. */
async function openStrict(status = 422, config: object = {}): Promise<void> {
  landed = [];
  stub = await httpStub((call, response) => {
    const rows = rowsIn(call);
    if (rows.some((row) => row['email'] === 'bad')) {
      return answerJson(response, status, { errors: [{ field: 'email', message: 'Invalid email format' }] });
    }
    landed.push(...rows.map((row) => String(row['id'])));
    return answerJson(response, 200, {});
  });
  const response = { errors_field: 'errors', message_field: 'message', field_field: 'field' };
  destination = openDestination(stub.url, { batch_rows: 10_000, response, ...config });
}

afterEach(async () => {
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
