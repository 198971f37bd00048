// What callers may keep: nothing, unless an answer has an ETag, and that only after asking.
import http from 'node:http';
import { once } from 'node:events';
import Koa from 'koa';
import type { ApiContext } from '../../api/api-context';
import { dispatch } from '../../api/dispatch';
import { route } from '../../api/route';
import { serve, type ServedApp } from '../../api/serve';

let served: ServedApp;
beforeAll(async () => {
  const app = new Koa();
  app.use(async (ctx, next) => {
    ctx.set('Cache-Control', 'no-store');
    Object.assign((ctx as unknown as ApiContext).state, {
      requestId: 'r',
      token: { id: 't', workspaceId: 'w', name: 'n', scopes: ['read'] },
    });
    await next();
  });
  const read = { method: 'GET', scope: 'read' } as const;
  const routes = [
    route({ ...read, path: '/moving', handle: async () => ({ body: { a: 1 } }) }),
    route({ ...read, path: '/final', handle: async () => ({ etag: 'v1', body: { a: 1 } }) }),
    route({
      ...read,
      path: '/public',
      handle: async () => ({ etag: 'v1', headers: { 'Cache-Control': 'public' }, body: { a: 1 } }),
    }),
  ];
  app.use(dispatch('/api/v1', routes).routes());
  served = await serve(app.callback(), { host: '127.0.0.1', port: 0 });
});
afterAll(() => served.drain());

// Node's fetch asks for a fresh answer whenever it is conditional.
async function ask(path: string, headers = {}): Promise<http.IncomingMessage> {
  const [response] = await once(
    http.get(`${served.url}/api/v1${path}`, { headers, agent: false }),
    'response',
  );
  (response as http.IncomingMessage).resume();
  return response as http.IncomingMessage;
}

test('an answer without an ETag is kept nowhere', async () => {
  expect((await ask('/moving')).headers).toMatchObject({ 'cache-control': 'no-store' });
});

test('one with an ETag may be kept by the caller, who is told in short when it still holds', async () => {
  const first = await ask('/final');
  expect(first.headers).toMatchObject({ 'cache-control': 'private, no-cache', etag: '"v1"' });
  const again = await ask('/final', { 'If-None-Match': '"v1"' });
  expect([again.statusCode, again.headers['content-length']]).toEqual([304, undefined]);
  expect(again.headers).toMatchObject({ 'cache-control': 'private, no-cache', etag: '"v1"' });
  expect((await ask('/final', { 'If-None-Match': '"v0"' })).statusCode).toBe(200);
});

test('a route may say otherwise', async () => {
  expect((await ask('/public')).headers['cache-control']).toBe('public');
});
