// The limits as a caller meets them: which request draws on which, what the headers say, and that tokens do not share.
import { aSync } from '../../factories/a-sync';
import { aWorkspace } from '../../factories/a-workspace';
import { type ApiAnswer, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi({ rateLimits: { reads: 4, writes: 3, triggers: 2 } });
});
afterAll(() => api.stop());

const limitOf = (answer: ApiAnswer): string | undefined =>
  /^"(\w+)";q=\d+;w=60$/.exec(answer.headers.get('ratelimit-policy') ?? '')?.[1];
const leftOf = (answer: ApiAnswer): number =>
  Number(/^"\w+";r=(\d+);t=\d+$/.exec(answer.headers.get('ratelimit') ?? '')?.[1]);

test('reads, writes and triggers have a limit each, and each token its own', async () => {
  const { id } = await aSync(api.knex, { workspaceId: api.workspaceId });
  const token = await api.newToken(['read', 'write', 'trigger']);
  const post = (path: string, by = token) =>
    api.send(`/api/v1/syncs/${id}${path}`, { method: 'POST', token: by });
  const read = await api.get('/api/v1/syncs', token);
  expect([limitOf(read), leftOf(read)]).toEqual(['reads', 3]);
  const resumed = await post('/resume');
  expect([limitOf(resumed), leftOf(resumed)]).toEqual(['writes', 2]);
  const triggered = await post('/trigger');
  expect([limitOf(triggered), leftOf(triggered)]).toEqual(['triggers', 1]);
  expect((await post('/trigger')).status).toBe(202);
  const runs = await api.knex('runs').where({ sync_id: id });
  const refused = await post('/trigger');
  expect([refused.status, refused.body.code, refused.body.limit]).toEqual([
    429,
    'too_many_requests',
    'triggers',
  ]);
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(leftOf(refused)).toBe(0);
  expect(await api.knex('runs').where({ sync_id: id })).toHaveLength(runs.length);
  // A storm of triggers can be ended: a cancel is a write.
  const cancelled = await post(`/runs/${triggered.body.id}/cancel`);
  expect([cancelled.status, limitOf(cancelled)]).toEqual([202, 'writes']);
  expect((await post('/trigger', await api.newToken(['trigger']))).status).toBe(202);
});

test('a workspace has five times as much, however many tokens: beyond it none gets more, and others do', async () => {
  const { id: workspaceId } = await aWorkspace(api.knex);
  const tokens = await Promise.all(Array.from({ length: 12 }, () => api.newToken(['write'], workspaceId)));
  const send = (token = '') => api.send('/api/v1/sources', { method: 'POST', body: { junk: 1 }, token });
  const statuses: number[] = [];
  for (const token of tokens) statuses.push((await send(token)).status, (await send(token)).status);
  // Three writes a minute for each; on a slow machine some come in while this is asked.
  expect(statuses.slice(0, 15)).toEqual(Array.from({ length: 15 }, () => 400));
  expect(statuses).toContain(429);
  for (;;) {
    const token = await api.newToken(['write'], workspaceId);
    const refused = await send(token);
    if (refused.status === 400) continue;
    expect([refused.status, refused.body.code, refused.body.limit]).toEqual([
      429,
      'too_many_requests',
      'writes',
    ]);
    expect(refused.body.detail).toMatch(
      /^The workspace may make 15 writes a minute; the next one in \d+ s\.$/,
    );
    expect([limitOf(refused), leftOf(refused)]).toEqual(['workspace_writes', 0]);
    break;
  }
  expect((await send(await api.newToken(['write'], (await aWorkspace(api.knex)).id))).status).toBe(400);
});

test('a refusal comes before the body is looked at, and after the token is', async () => {
  const token = await api.newToken(['write']);
  const send = (by: string) => api.send('/api/v1/sources', { method: 'POST', body: { junk: 1 }, token: by });
  for (let time = 1; time <= 3; time += 1) expect((await send(token)).status).toBe(400);
  expect((await send(token)).status).toBe(429);
  expect((await send('nobody')).status).toBe(401);
});

test('probes, metrics and the meanings of problems have no limit', async () => {
  for (let time = 1; time <= 10; time += 1) {
    for (const path of ['/livez', '/readyz', '/problems']) {
      const answer = await api.get(path, null);
      expect([answer.status, answer.headers.get('ratelimit')]).toEqual([200, null]);
    }
  }
});

test('without limits there are no headers', async () => {
  const other = await startApi({ rateLimits: { reads: 0, writes: 0, triggers: 0 } });
  for (let time = 1; time <= 20; time += 1) {
    const answer = await other.get('/api/v1/syncs');
    expect([answer.status, answer.headers.get('ratelimit-policy')]).toEqual([200, null]);
  }
  await other.stop();
});
