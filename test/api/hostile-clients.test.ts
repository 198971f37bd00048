// Clients that hold sockets on purpose lose them, and cost the others nothing: real sockets against a server in a hurry.
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { createApp } from '../../api/create-app';
import { LiveEvents } from '../../api/events/live-events';
import { clientPatience, serve, type ServedApp } from '../../api/serve';
import { type RunningApi, startApi } from './running-api';

const hurry = { headersMs: 300, requestMs: 600, silenceMs: 900, lookEveryMs: 50 };

let api: RunningApi;
let hurried: ServedApp;
beforeAll(async () => {
  api = await startApi();
  const logger = pino({ level: 'silent' });
  const app = createApp({
    knex: api.knex,
    secretKey: Buffer.alloc(32),
    inspector: api.inspector,
    launcher: api.launcher,
    schedules: api.schedules,
    checkTemporal: async () => undefined,
    temporalUi: null,
    liveEvents: new LiveEvents({ knex: api.knex, databaseUrl: api.databaseUrl, logger }),
    logger,
    isDraining: () => false,
  });
  hurried = await serve(app.callback(), { host: '127.0.0.1', port: 0, patience: hurry });
});
afterAll(async () => {
  await hurried.drain();
  await api.stop();
});

interface Heard {
  readonly text: () => string;
  readonly closed: Promise<unknown>;
  readonly socket: Socket;
}

async function open(url = hurried.url): Promise<Heard> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  // What is sent after the server has hung up is lost, and that is no fault of the test.
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  return { text: () => text, closed, socket };
}

/** Sends a byte now and then until the socket is closed. */
async function drip({ socket, closed }: Heard, bytes: string): Promise<void> {
  let at = 0;
  const timer = setInterval(() => {
    at += 1;
    if (socket.writable) socket.write(bytes[at % bytes.length] ?? 'x');
  }, 20);
  await closed;
  clearInterval(timer);
}

const start = (length: number): string =>
  `POST /api/v1/sources HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${api.token}\r\n` +
  `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

test('a socket that says nothing is closed', async () => {
  const heard = await open();
  await heard.closed;
  expect(heard.text()).toMatch(/^HTTP\/1.1 408 /);
});

test('headers that never end are broken off with a problem', async () => {
  const heard = await open();
  heard.socket.write('GET /api/v1/syncs HTTP/1.1\r\nHost: h\r\nX-Slow: ');
  await drip(heard, 'abc');
  expect(heard.text()).toMatch(/^HTTP\/1.1 408 Request Timeout\r\nContent-Type: application\/problem\+json/);
  const problem = JSON.parse(heard.text().split('\r\n\r\n')[1] ?? '');
  expect(problem).toMatchObject({ code: 'request_timeout', status: 408, request_id: expect.any(String) });
});

test('a body that never ends is broken off with a problem', async () => {
  const heard = await open();
  heard.socket.write(`${start(100_000)}{"name": "`);
  await drip(heard, 'abc');
  expect(heard.text()).toContain('"code":"request_timeout"');
});

describe('an error of the connection is told only where it is not taken for something else', () => {
  let own: ServedApp;
  let answer: (response: ServerResponse) => Promise<void>;
  beforeAll(async () => {
    const handle = (_: IncomingMessage, response: ServerResponse) => answer(response);
    own = await serve(handle, { host: '127.0.0.1', port: 0, patience: hurry });
  });
  afterAll(() => own.drain());

  const get = 'GET / HTTP/1.1\r\nHost: h\r\n';
  const statuses = ({ text }: Heard): string[] => text().match(/HTTP\/1\.1 \d+/g) ?? [];
  /** Longer than a request may take to arrive. */
  const overdue = (): Promise<void> => sleep(hurry.requestMs + 4 * hurry.lookEveryMs);

  test.each([
    ['a request that never arrives whole', `${get}Content-Length: 9\r\n\r\n`, ''],
    ['what is not HTTP', `${get}\r\n`, 'nonsense\r\n\r\n'],
    ['headers that never end', `${get}\r\n`, 'GET / HTTP/1.1\r\nX: '],
  ])('%s leaves an open answer whole, and closes behind it', async (_, asked, then) => {
    answer = async (response) => {
      response.write('begun, ');
      await overdue();
      response.end('ended');
    };
    const heard = await open(own.url);
    heard.socket.write(asked);
    await once(heard.socket, 'data');
    heard.socket.write(then);
    await heard.closed;
    expect(statuses(heard)).toEqual(['HTTP/1.1 200']);
    expect(heard.text()).toMatch(/begun, \r\n5\r\nended\r\n0\r\n\r\n$/);
  });

  test('a request that is being done gets its own answer, whatever follows it', async () => {
    let isAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    answer = async (response) => {
      isAsked();
      await sleep(100);
      response.end('done');
    };
    const heard = await open(own.url);
    heard.socket.write(`${get}\r\n`);
    await asked;
    heard.socket.write('nonsense\r\n\r\n');
    await heard.closed;
    expect(statuses(heard)).toEqual(['HTTP/1.1 200']);
    expect(heard.text()).toMatch(/done$/);
  });

  test('a request that was answered before it arrived whole is answered once', async () => {
    answer = async (response) => void response.end('too much');
    const heard = await open(own.url);
    heard.socket.write(`${get}Content-Length: 9\r\n\r\n`);
    await heard.closed;
    expect(statuses(heard)).toEqual(['HTTP/1.1 200']);
  });

  test('between two requests it is', async () => {
    answer = async (response) => void response.end('done');
    const heard = await open(own.url);
    heard.socket.write(`${get}\r\n`);
    await once(heard.socket, 'data');
    heard.socket.write('nonsense\r\n\r\n');
    await heard.closed;
    expect(statuses(heard)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
    expect(heard.text()).toContain('application/problem+json');
  });
});

test('an answer that nobody reads is given up', async () => {
  let closed: Promise<unknown> = Promise.resolve();
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const large = await serve(
    (request, response) => {
      closed = once(request.socket, 'close');
      // More than the buffers of both ends take.
      response.end(Buffer.alloc(100_000_000));
      begin();
    },
    { host: '127.0.0.1', port: 0, patience: hurry },
  );
  const { hostname, port } = new URL(large.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
  await begun;
  // The server's end: whoever does not read does not hear of it either.
  await closed;
  socket.destroy();
  await large.drain();
});

test('with hundreds of them about, others are answered, and none of their sockets is left', async () => {
  const slow = await Promise.all(Array.from({ length: 300 }, () => open()));
  for (const { socket } of slow) socket.write('GET /api/v1/syncs HTTP/1.1\r\nX: ');
  const answer = await fetch(`${hurried.url}/api/v1/syncs`, {
    headers: { Authorization: `Bearer ${api.token}` },
  });
  expect(answer.status).toBe(200);
  await Promise.all(slow.map(({ closed }) => closed));
});

test.each([
  ['is too large', 413, 300_000, ''],
  ['is not compressed as it says', 400, 200_000, 'Content-Encoding: br\r\n'],
  ['is compressed in a way nobody knows', 415, 200_000, 'Content-Encoding: x\r\n'],
])('after a body that %s the connection is good for the next request', async (_, status, length, header) => {
  const heard = await open();
  heard.socket.write(start(length).replace('Content-Type', `${header}Content-Type`));
  heard.socket.write('x'.repeat(length));
  heard.socket.write('GET /livez HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
  await heard.closed;
  expect(heard.text().match(/HTTP\/1.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`, 'HTTP/1.1 200']);
});

test('headers of 64 kB are 431, and an address of 9 kB is 414', async () => {
  const heard = await open();
  heard.socket.write(`GET /livez HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(64_000)}\r\n\r\n`);
  await heard.closed;
  expect(heard.text()).toMatch(/^HTTP\/1.1 431 /);
  expect(heard.text()).toContain('"code":"headers_too_large"');
  const long = await fetch(`${hurried.url}/api/v1/syncs?name=${'x'.repeat(9_000)}`, {
    headers: { Authorization: `Bearer ${api.token}` },
  });
  expect(long.status).toBe(414);
  expect(await long.json()).toMatchObject({ code: 'url_too_long' });
});

test('as it is shipped, no such socket is open for longer than half a minute', () => {
  const { headersMs, requestMs, lookEveryMs } = clientPatience;
  expect(Math.max(headersMs, requestMs) + lookEveryMs).toBeLessThanOrEqual(30_000);
});
