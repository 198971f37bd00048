// What an HTTP destination makes of trouble on the way: limits, outages, broken connections, refused credentials.
import type http from 'node:http';
import type { Destination } from '../../../../connectors/destination';
import { rowOutcome } from '../../../../domain/row-outcome';
import { answerJson, type HttpStub, httpStub } from '../../../support/outside/http-stub';
import { aBatch } from '../../outgoing-batch';
import { failureOfPromise, keysOf, never, openDestination, someRows, target, write } from './http-fixture';

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
const afterwards = (times: number, status: number, headers: http.OutgoingHttpHeaders = {}): void =>
  stub.respond((_call, response, at) =>
    answerJson(response, at < times ? status : 200, {}, at < times ? headers : {}),
  );

describe('rate limits', () => {
  test('a short Retry-After is waited out inside the write', async () => {
    afterwards(1, 429, { 'retry-after': '1' });
    const batch = ten();
    const answer = await write(destination, batch);
    expect([...answer.outcomes]).toEqual(Array(10).fill(1));
    expect(keysOf(stub.calls)).toEqual([batch.key, batch.key]);
    expect(answer.callMs).toHaveLength(2);
  });

  test('a long Retry-After is handed up after one call, in seconds or as a date, at most an hour', async () => {
    const date = 'Mon, 23 Nov 2026 12:00:00 GMT';
    const cases: [http.OutgoingHttpHeaders, number][] = [
      [{ 'retry-after': '90' }, 90_000],
      [{ 'retry-after': 'Mon, 23 Nov 2026 12:01:30 GMT', date }, 90_000],
      [{ 'retry-after': '1000000000' }, 3_600_000],
    ];
    for (const [headers, waitMs] of cases) {
      const fresh = openDestination(stub.url);
      stub.calls.length = 0;
      always(429, headers);
      const failure = await failureOfPromise(write(fresh, ten()));
      await fresh.close();
      expect(failure.failure).toMatchObject({ code: 'rate_limit_exceeded', message: 'Rate limit exceeded' });
      expect(failure.retryAfterMs).toBe(waitMs);
      expect(stub.calls).toHaveLength(1);
    }
  });

  test('a limit without Retry-After gets two more tries', async () => {
    always(429);
    const failure = await failureOfPromise(write(destination, ten()));
    expect(failure).toMatchObject({ failure: { code: 'rate_limit_exceeded' }, retryAfterMs: undefined });
    expect(stub.calls).toHaveLength(3);
  });

  test('while one lane was told to wait long, the others make no call', async () => {
    always(429, { 'retry-after': '60' });
    const [one, other] = [
      await destination.openLane(target, never),
      await destination.openLane(target, never),
    ];
    await failureOfPromise(one.write(ten(), never));
    const failure = await failureOfPromise(other.write(ten(), never));
    expect(failure.failure.code).toBe('rate_limit_exceeded');
    expect(failure.retryAfterMs).toBeGreaterThan(10_000);
    expect(stub.calls).toHaveLength(1);
  });
});

describe('outages', () => {
  test.each([408, 502])('two answers of %i and then a good one are a good one', async (status) => {
    afterwards(2, status);
    const batch = ten();
    const answer = await write(destination, batch);
    expect([...answer.outcomes]).toEqual(Array(10).fill(1));
    expect(keysOf(stub.calls)).toEqual([batch.key, batch.key, batch.key]);
  });

  test('an outage that lasts is a failure of the run and no row error', async () => {
    always(503, { 'retry-after': '0' });
    const failure = await failureOfPromise(write(destination, ten()));
    expect(failure.failure).toEqual({
      code: 'destination_unreachable',
      message: 'Destination unreachable: HTTP 503',
      cause: 'status 503',
    });
    expect(failure.retryable).toBe(true);
    expect(stub.calls).toHaveLength(3);
  });

  test('a Retry-After of an outage is handed up too', async () => {
    always(503, { 'retry-after': '120' });
    expect(await failureOfPromise(write(destination, ten()))).toMatchObject({ retryAfterMs: 120_000 });
  });

  test('an abort ends a call that hangs, and its connection', async () => {
    const abort = new AbortController();
    const reason = new Error('cancelled by the test');
    const cut = new Promise<void>((resolve) => {
      stub.respond((_call, response) => {
        response.on('close', resolve);
        abort.abort(reason);
      });
    });
    await expect(write(destination, ten(), abort.signal)).rejects.toBe(reason);
    await cut;
  });
});

describe('broken connections', () => {
  const unreachable = (detail: string) => ({
    code: 'destination_unreachable',
    message: `Destination unreachable: ${detail}`,
  });

  test('nobody listening is "connection refused"', async () => {
    await stub.close();
    expect((await failureOfPromise(write(destination, ten()))).failure).toMatchObject(
      unreachable('connection refused'),
    );
  });

  test('a host that does not exist is "host not found"', async () => {
    const lost = openDestination('http://no-such-host.invalid/');
    expect((await failureOfPromise(write(lost, ten()))).failure).toMatchObject(unreachable('host not found'));
    await lost.close();
  });

  test.each([
    ['before the body was read', (request: http.IncomingMessage) => request.socket.resetAndDestroy()],
    ['by a polite end before the body was read', (request: http.IncomingMessage) => request.socket.end()],
  ])('a connection cut %s is "connection lost"', async (_when, cut) => {
    let tries = 0;
    stub.interceptBody((request) => {
      tries++;
      cut(request);
      return true;
    });
    expect((await failureOfPromise(write(destination, ten()))).failure).toMatchObject(
      unreachable('connection lost'),
    );
    expect(tries).toBe(3);
  });

  test.each([
    ['before the answer', (response: http.ServerResponse) => response.socket?.resetAndDestroy()],
    [
      'in the middle of the answer',
      (response: http.ServerResponse) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"results":[');
        setTimeout(() => response.socket?.resetAndDestroy(), 20);
      },
    ],
  ])(
    'a connection cut %s leaves the fate open: the batch is sent again under its key',
    async (_when, cut) => {
      stub.respond((_call, response, at) => (at === 0 ? cut(response) : answerJson(response, 200, {})));
      const batch = ten();
      const answer = await write(destination, batch);
      expect([...answer.outcomes]).toEqual(Array(10).fill(1));
      expect(keysOf(stub.calls)).toEqual([batch.key, batch.key]);
    },
  );

  const drip = (response: http.ServerResponse, write: () => unknown): void => {
    const timer = setInterval(write, 20);
    response.on('close', () => clearInterval(timer));
  };

  // Side by side, for each of them waits three deadlines.
  test('no answer, headers that drip and a body that drips all end at the deadline of the call', async () => {
    const slow: ((response: http.ServerResponse) => unknown)[] = [
      () => undefined,
      (response) => {
        response.socket?.write('HTTP/1.1 200 OK\r\n');
        drip(response, () => response.socket?.write('x-drip: 1\r\n'));
      },
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        drip(response, () => response.write(' '));
      },
    ];
    await Promise.all(
      slow.map(async (respond) => {
        const server = await httpStub((_call, response) => respond(response));
        const hasty = openDestination(server.url, { timeout_seconds: 0.3 });
        const batch = ten();
        expect((await failureOfPromise(write(hasty, batch))).failure).toMatchObject(unreachable('timeout'));
        expect(new Set(keysOf(server.calls))).toEqual(new Set([batch.key]));
        await hasty.close();
        await server.close();
      }),
    );
  });

  test('what is no HTTP is said to be none', async () => {
    stub.interceptBody((request) => {
      request.socket.end('SSH-2.0-OpenSSH_9.2\r\n');
      return true;
    });
    expect((await failureOfPromise(write(destination, ten()))).failure).toMatchObject(
      unreachable('its answer is not HTTP'),
    );
  });

  test('a plain HTTP port behind an https address is a fault of the configuration', async () => {
    const https = openDestination(stub.url.replace('http:', 'https:'));
    expect((await failureOfPromise(write(https, ten()))).failure).toMatchObject({
      code: 'destination_misconfigured',
      message: 'Destination cannot take this sync: TLS handshake failed',
    });
    await https.close();
  });
});

describe('a failure says that nothing was applied only when that is certain of every call of the write', () => {
  const nothingApplied = async (): Promise<boolean> =>
    (await failureOfPromise(write(destination, ten()))).nothingApplied;

  test.each([401, 403, 404, 405, 307])('%i is certain', async (status) => {
    always(status);
    expect(await nothingApplied()).toBe(true);
  });

  test('a rate limit and a refused connection are certain', async () => {
    always(429, { 'retry-after': '60' });
    expect(await nothingApplied()).toBe(true);
    expect(await nothingApplied()).toBe(true);
    expect(stub.calls).toHaveLength(1);
    await destination.close();
    destination = openDestination(stub.url);
    await stub.close();
    expect(await nothingApplied()).toBe(true);
  });

  test.each([302, 303])('%i is not: it may mean that all was done', async (status) => {
    always(status);
    expect(await nothingApplied()).toBe(false);
  });

  test('an unreadable answer and a lasting outage are not', async () => {
    always(500);
    expect(await nothingApplied()).toBe(false);
    await destination.close();
    destination = openDestination(stub.url, { response: { match_by: 'index', errors_field: 'errors' } });
    always(200);
    expect(await nothingApplied()).toBe(false);
  });

  test('a 401 after a lost connection is not: the first try may have been applied', async () => {
    stub.respond((_call, response, at) =>
      at === 0 ? response.socket?.resetAndDestroy() : answerJson(response, 401, {}),
    );
    expect(await nothingApplied()).toBe(false);
  });

  test('nor is a refusal after a lost connection: the row may have been stored by the first try', async () => {
    stub.respond((_call, response, at) =>
      at === 0 ? response.socket?.resetAndDestroy() : answerJson(response, 400, {}),
    );
    const answer = await write(destination, aBatch(someRows(1)));
    expect([...answer.outcomes]).toEqual([rowOutcome.failedUnsure]);
  });

  test('a 401 to the second half of a refused batch is not: the first half has landed', async () => {
    stub.respond((_call, response, at) => answerJson(response, [413, 200][at] ?? 401, {}));
    expect(await nothingApplied()).toBe(false);
  });
});
