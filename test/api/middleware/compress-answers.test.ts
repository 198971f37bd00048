// What is compressed and what is not, byte by byte: Node's fetch would undo it, so that plain requests are made.
import { once } from 'node:events';
import http from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import Koa from 'koa';
import type { ApiContext, Next } from '../../../api/api-context';
import { compressAnswers } from '../../../api/middleware/compress-answers';
import { serve, type ServedApp } from '../../../api/serve';
import { aSource } from '../../factories/a-source';
import { type RunningApi, startApi } from '../running-api';

let served: ServedApp;
let answer: (ctx: Koa.Context) => void = () => undefined;
beforeAll(async () => {
  const app = new Koa();
  app.silent = true;
  app.use((ctx, next) => compressAnswers(ctx as unknown as ApiContext, next as Next));
  app.use((ctx) => answer(ctx));
  served = await serve(app.callback(), { host: '127.0.0.1', port: 0 });
});
afterAll(() => served.drain());

interface Raw {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly isWhole: boolean;
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<Raw> {
  const request = http.get(url, { headers, agent: false });
  request.on('error', () => undefined);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A stream that is cut off ends in an error, which `isWhole` tells as well.
  response.on('error', () => undefined);
  await new Promise((resolve) => response.on('close', resolve));
  return { headers: response.headers, body: Buffer.concat(chunks), isWhole: response.complete };
}

const large = { data: Array.from({ length: 200 }, (_, at) => ({ id: at, name: 'the same again' })) };
const take = (encodings: string) => ({ 'Accept-Encoding': encodings });

test.each([
  ['br', (body: Buffer) => brotliDecompressSync(body)],
  ['gzip', (body: Buffer) => gunzipSync(body)],
])('a large answer is sent as %s to whoever takes it, and says that it varies', async (encoding, undo) => {
  answer = (ctx) => void (ctx.body = large);
  const { headers, body } = await ask(served.url, take(encoding));
  expect(headers).toMatchObject({ 'content-encoding': encoding, vary: 'Accept-Encoding' });
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(JSON.parse(undo(body).toString())).toEqual(large);
  expect(body.length).toBeLessThan(JSON.stringify(large).length / 4);
});

test('it is sent as it is to whoever does not, and small ones to everybody', async () => {
  answer = (ctx) => void (ctx.body = large);
  for (const headers of [{}, take('identity'), take('deflate')]) {
    const plain = await ask(served.url, headers);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(JSON.parse(plain.body.toString())).toEqual(large);
  }
  answer = (ctx) => void (ctx.body = { id: 1 });
  expect((await ask(served.url, take('br, gzip'))).headers['content-encoding']).toBeUndefined();
});

test('a strong ETag names the same bytes to everybody; a weak one goes with any', async () => {
  answer = (ctx) => {
    ctx.set('ETag', '"v1"');
    ctx.body = large;
  };
  const strong = await ask(served.url, take('br, gzip'));
  expect(strong.headers).toMatchObject({ etag: '"v1"' });
  expect(strong.headers['content-encoding']).toBeUndefined();
  expect(strong.body).toEqual((await ask(served.url)).body);
  answer = (ctx) => {
    ctx.set('ETag', 'W/"v1"');
    ctx.body = large;
  };
  expect((await ask(served.url, take('gzip'))).headers['content-encoding']).toBe('gzip');
});

test('events are never compressed: each arrives while the stream is still open', async () => {
  const events = new PassThrough();
  answer = (ctx) => {
    ctx.type = 'text/event-stream';
    ctx.body = events;
  };
  const request = http.get(served.url, { headers: take('br, gzip'), agent: false });
  events.write(`data: ${'x'.repeat(2_000)}\n\n`);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  expect(response.headers['content-encoding']).toBeUndefined();
  const [chunk] = (await once(response, 'data')) as [Buffer];
  expect(chunk.toString()).toMatch(/^data: x+/);
  events.end();
  await once(response.resume(), 'end');
});

test('a stream is compressed as it comes, and one that breaks off is cut off', async () => {
  const lines = (breaksOff: boolean) =>
    Readable.from(
      (function* () {
        for (let at = 0; at < 10_000; at += 1) yield `${at},the same again\n`;
        if (breaksOff) throw new Error('the database is gone');
      })(),
    );
  for (const breaksOff of [false, true]) {
    answer = (ctx) => {
      ctx.type = 'text/csv';
      ctx.body = lines(breaksOff);
    };
    const { headers, isWhole } = await ask(served.url, take('gzip'));
    expect([headers['content-encoding'], isWhole]).toEqual(['gzip', !breaksOff]);
  }
});

test('the API does so with its own answers, problems included', async () => {
  const api: RunningApi = await startApi();
  for (let at = 0; at < 10; at += 1) await aSource(api.knex, { workspaceId: api.workspaceId });
  const headers = { Authorization: `Bearer ${api.token}`, ...take('gzip') };
  const list = await ask(`${api.url}/api/v1/sources`, headers);
  expect(list.headers).toMatchObject({ 'content-encoding': 'gzip', 'cache-control': 'no-store' });
  expect(JSON.parse(gunzipSync(list.body).toString()).data).toHaveLength(10);
  const many = await ask(
    `${api.url}/api/v1/sources?${'x=1&'.repeat(1)}${Array.from({ length: 30 }, (_, at) => `y${at}=1`).join('&')}`,
    headers,
  );
  expect(many.headers['content-encoding']).toBe('gzip');
  expect(JSON.parse(gunzipSync(many.body).toString())).toMatchObject({ code: 'invalid_request' });
  await api.stop();
});
