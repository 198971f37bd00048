// Bodies that were announced and never came: a caller that hangs up has asked for nothing, and least of all for `{}`.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import Koa from 'koa';
import type { ApiContext } from '../../../api/api-context';
import { readBody } from '../../../api/middleware/read-body';
import { serve, type ServedApp } from '../../../api/serve';
import { aSync } from '../../factories/a-sync';
import { until } from '../../support/until';
import { startApi } from '../running-api';

/** When a request's body is looked at: as its headers arrive, or once its connection is closed. */
let readAt: 'once' | 'closed';
let arrived: () => void = () => undefined;
let hasRead: (read: unknown) => void = () => undefined;
let served: ServedApp;

beforeAll(async () => {
  const app = new Koa();
  app.silent = true;
  app.use(async (ctx) => {
    const closed = new Promise((resolve) => ctx.req.once('close', resolve));
    arrived();
    if (readAt === 'closed') await closed;
    const read = await readBody(ctx as unknown as ApiContext).catch((error: unknown) => error);
    hasRead(read);
    ctx.body = JSON.stringify(read);
  });
  served = await serve(app.callback(), { host: '127.0.0.1', port: 0 });
});
afterAll(() => served.drain());

function open(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname).on('error', () => undefined);
}

const json = '{"kind":"dry_run"}';
const zipped = gzipSync(json);
const length = (body: string | Buffer): string => `Content-Length: ${body.length}\r\n\r\n`;

describe.each(['once', 'closed'] as const)('read %s', (when) => {
  test.each([
    ['a part of it', `${length(json)}{"kind":`],
    ['nothing of it', length(json)],
    ['a chunk and no last one', 'Transfer-Encoding: chunked\r\n\r\n12\r\n{"kind":"dry_run"}\r\n'],
    [
      'a part of a compressed one',
      Buffer.concat([Buffer.from(`Content-Encoding: gzip\r\n${length(zipped)}`), zipped.subarray(0, 12)]),
    ],
  ])('of a body whose caller has sent %s and hung up is an error', async (_, rest) => {
    readAt = when;
    const isThere = new Promise<void>((resolve) => (arrived = resolve));
    const read = new Promise((resolve) => (hasRead = resolve));
    const socket = open(served.url);
    socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n');
    socket.write(rest);
    await isThere;
    socket.destroy();
    expect(await read).toMatchObject({ code: 'invalid_request' });
  });
});

test.each([
  ['no body', '\r\n', '{}'],
  ['an empty one', length(''), '{}'],
  ['a whole one', length(json) + json, json],
])('%s is read as it is meant', async (_, rest, expected) => {
  readAt = 'once';
  const socket = open(served.url);
  socket.write(`POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${rest}`);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'close');
  expect(text.split('\r\n\r\n')[1]).toBe(expected);
});

test('a dry run whose caller hangs up while its token is looked for starts no run', async () => {
  const api = await startApi();
  const { id } = await aSync(api.knex, { workspaceId: api.workspaceId });
  const holder = await api.knex.transaction();
  await holder.raw('LOCK TABLE api_tokens IN ACCESS EXCLUSIVE MODE');
  const closed = new Promise<void>((resolve) => {
    const channel = 'http.server.request.start';
    const heard = (message: unknown): void => {
      unsubscribe(channel, heard);
      (message as { request: IncomingMessage }).request.once('close', resolve);
      socket.destroy();
    };
    subscribe(channel, heard);
  });
  const socket = open(api.url);
  socket.write(
    `POST /api/v1/syncs/${id}/trigger HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${api.token}\r\n` +
      `Content-Type: application/json\r\n${length(json)}{"kind":`,
  );
  await closed;
  await holder.rollback();
  await until('its log line', () => /"status":400.*"msg":"request"/.test(api.logged()));
  expect(await api.knex('runs')).toEqual([]);
  await api.stop();
});
