// The probes, and the end of the process: what is answered while draining.
import { connect as connectSocket } from 'node:net';
import { once } from 'node:events';
import { serve } from '../../api/serve';
import { connect } from '../../db/connect';
import { createEmptyDatabase } from '../support/database';
import { type RunningApi, startApi } from './running-api';

async function withApi(overrides: Parameters<typeof startApi>[0], look: (api: RunningApi) => Promise<void>) {
  const api = await startApi(overrides);
  try {
    await look(api);
  } finally {
    await api.stop();
  }
}

test('a healthy process is alive and ready, for anybody who asks', async () => {
  await withApi({}, async (api) => {
    expect(await api.get('/livez', null)).toMatchObject({ status: 200, body: { status: 'alive' } });
    expect(await api.get('/readyz', null)).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: { database: 'ok', temporal: 'ok' } },
    });
    expect((await api.get('/', null)).body.api).toBe('/api/v1');
  });
});

test('without Temporal the process is alive, not ready, and still answers reads', async () => {
  const checkTemporal = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1'));
  await withApi({ checkTemporal }, async (api) => {
    const ready = await api.get('/readyz', null);
    const checks = { database: 'ok', temporal: 'unreachable' };
    expect([ready.status, ready.body]).toEqual([503, { status: 'not_ready', checks }]);
    expect((await api.get('/livez', null)).status).toBe(200);
    expect((await api.get('/api/v1/syncs')).status).toBe(200);
  });
});

test('a service that never answers does not hold the probe', async () => {
  await withApi({ checkTemporal: () => new Promise(() => undefined) }, async (api) => {
    expect((await api.get('/readyz', null)).body.checks.temporal).toBe('no_answer');
  });
});

test('however many ask at once, each service is looked at once', async () => {
  let looks = 0;
  const checkTemporal = async () => void (looks += 1);
  await withApi({ checkTemporal }, async (api) => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => api.get('/readyz', null)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    // Were the hundred spread over seconds on a slow machine, it would be looked at again in each.
    expect(looks).toBeLessThanOrEqual(20);
  });
});

test('a database that is away, or not migrated, is told apart', async () => {
  const empty = await createEmptyDatabase();
  const [away, bare] = [connect('postgres://nobody@127.0.0.1:1/none'), connect(empty.url)];
  for (const [knex, word] of [
    [away, 'unreachable'],
    [bare, 'migrations_pending'],
  ] as const) {
    await withApi({ knex }, async (api) => {
      const { status, body } = await api.get('/readyz', null);
      expect([status, body.checks.database]).toEqual([503, word]);
    });
    await knex.destroy();
  }
  await empty.drop();
});

test('a draining process is not ready and closes each connection after its answer', async () => {
  let draining = false;
  await withApi({ isDraining: () => draining }, async (api) => {
    expect((await api.get('/api/v1/syncs')).headers.get('connection')).toBe('keep-alive');
    draining = true;
    const ready = await api.get('/readyz', null);
    expect([ready.status, ready.body.status]).toEqual([503, 'draining']);
    expect((await api.get('/api/v1/syncs')).headers.get('connection')).toBe('close');
  });
});

test('draining lets an open request end, and takes no new one', async () => {
  let answer = (): void => undefined;
  let arrived = (): void => undefined;
  const hasArrived = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const served = await serve(
    (_request, response) => {
      arrived();
      answer = () => response.end('done');
    },
    { host: '127.0.0.1', port: 0 },
  );
  const open = fetch(served.url);
  await hasArrived;
  const drained = served.drain();
  await expect(fetch(served.url, { headers: { connection: 'close' } })).rejects.toThrow();
  answer();
  expect(await (await open).text()).toBe('done');
  await drained;
});

test('what is not HTTP gets a problem for an answer', async () => {
  await withApi({}, async (api) => {
    const { hostname, port } = new URL(api.url);
    for (const [sent, status] of [
      ['nonsense\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
    ] as const) {
      const socket = connectSocket(Number(port), hostname);
      socket.write(sent);
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      await once(socket, 'close');
      expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} [A-Z]`));
      expect(text).toContain('application/problem+json');
    }
  });
});

test('a port that is taken rejects instead of listening elsewhere', async () => {
  const place = { host: '127.0.0.1', port: 0 };
  const first = await serve(() => undefined, place);
  const taken = serve(() => undefined, { ...place, port: Number(new URL(first.url).port) });
  await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await first.drain();
});
