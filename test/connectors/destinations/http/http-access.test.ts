// Whether an HTTP destination lets us in: refused credentials, wrong addresses, and the check that writes nothing.
import type http from 'node:http';
import type { Destination } from '../../../../connectors/destination';
import { answerJson, type HttpStub, httpStub } from '../../../support/outside/http-stub';
import { aBatch } from '../../outgoing-batch';
import { failureOfPromise, never, openDestination, someRows, target, write } from './http-fixture';

let stub: HttpStub;
let destination: Destination;

beforeEach(async () => {
  stub = await httpStub((_call, response) => answerJson(response, 200, {}));
  // Long enough for any answer on a busy machine, short enough to wait for in a test.
  destination = openDestination(stub.url, { timeout_seconds: 1 });
});

afterEach(async () => {
  await destination.close();
  await stub.close();
});

/** A batch of ten good rows. */
const ten = () => aBatch(someRows(10));
const always = (status: number, headers: http.OutgoingHttpHeaders = {}): void =>
  stub.respond((_call, response) => answerJson(response, status, { error: `status ${status}` }, headers));
describe('refused access', () => {
  test.each([401, 403])('%i in the middle of a run ends it at once, for all lanes', async (status) => {
    const lanes = await Promise.all([1, 2, 3].map(() => destination.openLane(target, never)));
    await lanes[0]?.write(ten(), never);
    always(status);
    for (const lane of lanes) {
      const failure = await failureOfPromise(lane.write(ten(), never));
      expect(failure).toMatchObject({
        failure: { code: 'destination_auth_expired', message: 'Destination authentication expired' },
        retryable: false,
      });
    }
    expect(stub.calls).toHaveLength(2);
  });

  test.each([301, 302, 307, 308])('a redirect (%i) is not followed', async (status) => {
    always(status, { location: `${stub.url}/elsewhere` });
    const failure = await failureOfPromise(write(destination, ten()));
    expect(failure.failure.code).toBe('destination_misconfigured');
    expect(failure.failure.message).toContain(`HTTP ${status}`);
    expect(stub.calls).toHaveLength(1);
  });

  test.each([404, 405, 410, 415])('%i is a fault of the configuration, not of the rows', async (status) => {
    always(status);
    const failure = await failureOfPromise(write(destination, ten()));
    expect(failure.failure).toEqual({
      code: 'destination_misconfigured',
      message: `Destination cannot take this sync: HTTP ${status}`,
      cause: `status ${status}`,
    });
    expect(stub.calls).toHaveLength(1);
  });

  test('a secret the destination repeats shows up nowhere', async () => {
    stub.respond((call, response) =>
      answerJson(response, 401, { message: `bad ${call.headers.authorization}` }),
    );
    const { failure } = await failureOfPromise(write(destination, ten()));
    expect(failure.cause).toBe('HTTP 401: bad [secret]');
    expect(JSON.stringify(failure)).not.toContain('secret-token');
  });
});

describe('check and prepare', () => {
  test('neither writes anything, and both carry the credentials', async () => {
    const seen: unknown[] = [];
    stub.answerHead(({ authorization }) => {
      seen.push(authorization);
      return 200;
    });
    expect(await destination.check(never)).toMatchObject({
      ok: true,
      checks: [{ name: 'connection', ok: true, detail: expect.stringContaining('HTTP 200') }],
    });
    await destination.prepare(target, never);
    expect(seen).toEqual(['Bearer secret-token', 'Bearer secret-token']);
    expect(stub.calls).toEqual([]);
  });

  test.each([200, 204, 301, 404, 405, 429, 501])(
    '%i is an answer: the destination is there',
    async (status) => {
      stub.answerHead(() => status);
      expect(await destination.check(never)).toMatchObject({ ok: true });
      await destination.prepare(target, never);
    },
  );

  test.each([
    [401, 'destination_auth_expired'],
    [403, 'destination_auth_expired'],
    [500, 'destination_unreachable'],
  ])('%i fails both', async (status, code) => {
    stub.answerHead(() => status);
    expect(await destination.check(never)).toMatchObject({ ok: false });
    expect((await failureOfPromise(destination.prepare(target, never))).failure.code).toBe(code);
  });

  test('a renewed key is tried afresh by prepare', async () => {
    stub.answerHead(() => 401);
    await failureOfPromise(destination.prepare(target, never));
    stub.answerHead(() => 200);
    await expect(destination.prepare(target, never)).resolves.toBeUndefined();
  });

  test('what does not fit is said before any call', async () => {
    const mirror = { ...target, mode: 'mirror' } as const;
    const double = { ...target, columns: target.columns.map((column) => ({ ...column, field: 'id' })) };
    expect((await failureOfPromise(destination.prepare(mirror, never))).message).toContain(
      'mirror mode needs delete_url',
    );
    expect((await failureOfPromise(destination.prepare(double, never))).message).toContain(
      'several columns are mapped to the field "id"',
    );
  });
});
