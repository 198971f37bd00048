// What can be read of a deleted sync, what can be done still, and what cannot be done with it any more: one rule over all routes below a sync.
import { type AppDependencies, apiRoutes } from '../../../api/create-app';
import { aRun, type MadeRun } from '../../factories/a-run';
import { aRowError, closeGroups } from '../../factories/a-row-error';
import { aSchedule } from '../../factories/a-schedule';
import { aSync } from '../../factories/a-sync';
import { type RunningApi, startApi } from '../running-api';

let api: RunningApi;
let run: MadeRun;

beforeAll(async () => {
  api = await startApi();
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  await aSchedule(api.knex, { workspaceId: api.workspaceId, syncId: sync.id });
  run = await aRun(api.knex, { sync, counts: { created: 1, failed: 1 } });
  await aRowError(api.knex, run);
  await closeGroups(api.knex, run);
  await api.post(`/api/v1/syncs/${sync.id}/pause`, { note: 'for good' });
});
afterAll(() => api.stop());

const readable = [
  'GET /syncs/:sync_id/runs',
  'GET /syncs/:sync_id/runs/:run_id',
  'GET /syncs/:sync_id/runs/:run_id/errors',
  'GET /syncs/:sync_id/runs/:run_id/errors/groups',
  'GET /syncs/:sync_id/runs/:run_id/errors/export',
  'GET /syncs/:sync_id/runs/:run_id/events',
  'GET /syncs/:sync_id/rows',
  'GET /syncs/:sync_id/rows/:row_key',
  'GET /syncs/:sync_id/trends',
  'GET /syncs/:sync_id/events',
  'GET /syncs/:sync_id/versions',
  'GET /syncs/:sync_id/versions/:version',
];
const gone = [
  'GET /syncs/:sync_id',
  'PATCH /syncs/:sync_id',
  'DELETE /syncs/:sync_id',
  'GET /syncs/:sync_id/schedule',
  'PUT /syncs/:sync_id/schedule',
  'DELETE /syncs/:sync_id/schedule',
  'POST /syncs/:sync_id/check',
  'POST /syncs/:sync_id/pause',
  'POST /syncs/:sync_id/resume',
  'POST /syncs/:sync_id/trigger',
  'POST /syncs/:sync_id/runs/:run_id/cancel',
  'POST /syncs/:sync_id/runs/:run_id/retry',
  'GET /syncs/:sync_id/alert-rules/:rule',
  'PUT /syncs/:sync_id/alert-rules/:rule',
  'DELETE /syncs/:sync_id/alert-rules/:rule',
];

// What its runs have left of a row is there as long as they are.
const done = ['POST /syncs/:sync_id/rows/erase'];

const queries: Readonly<Record<string, string>> = {
  '/syncs/:sync_id/rows': '?row_key=usr_123',
  '/syncs/:sync_id/runs/:run_id/errors/export': '?format=ndjson',
};
const bodies: Readonly<Record<string, unknown>> = {
  'PUT /syncs/:sync_id/schedule': { interval_seconds: 900 },
  'PUT /syncs/:sync_id/alert-rules/:rule': { enabled: false },
  'PATCH /syncs/:sync_id': { name: 'Another' },
  'POST /syncs/:sync_id/rows/erase': { row_key: 'usr_123' },
};

async function ask(declared: string): Promise<{ status: number; text: string }> {
  const [method = '', path = ''] = declared.split(' ');
  const asked = path
    .replace(':sync_id', run.syncId)
    .replace(':run_id', run.id)
    .replace(':row_key', 'usr_123')
    .replace(':version', '1')
    .replace(':rule', 'run_failed');
  const body = bodies[declared];
  const answer = await fetch(`${api.url}/api/v1${asked}${queries[path] ?? ''}`, {
    method,
    headers: {
      Authorization: `Bearer ${api.token}`,
      'If-Match': '*',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

test('every route below a sync is one of these', () => {
  const declared = apiRoutes({ secretKey: Buffer.alloc(32) } as AppDependencies)
    .filter(({ path }) => path.startsWith('/syncs/:sync_id'))
    .map(({ method, path }) => `${method} ${path}`);
  expect(declared.toSorted()).toEqual([...readable, ...done, ...gone].toSorted());
});

describe('once the sync is deleted', () => {
  const before = new Map<string, { status: number; text: string }>();
  beforeAll(async () => {
    for (const declared of readable) before.set(declared, await ask(declared));
    const removed = await api.send(`/api/v1/syncs/${run.syncId}`, { method: 'DELETE' });
    expect(removed.status).toBe(204);
  });

  test.each(readable)('%s answers as before', async (declared) => {
    const answer = await ask(declared);
    expect(answer.status).toBe(200);
    // The timeline has grown by the deletion, and a retry is no longer offered.
    if (declared === 'GET /syncs/:sync_id/events') {
      expect(JSON.parse(answer.text).data.map(({ type }: { type: string }) => type)).toContain('sync_paused');
    } else if (declared === 'GET /syncs/:sync_id/runs/:run_id') {
      const shown = JSON.parse(before.get(declared)?.text ?? '');
      expect(JSON.parse(answer.text)).toEqual({ ...shown, links: { ...shown.links, retry: null } });
    } else expect(answer).toEqual(before.get(declared));
  });

  test.each(gone)('%s is 404', async (declared) => {
    const { status, text } = await ask(declared);
    expect([status, JSON.parse(text).code]).toEqual([404, 'not_found']);
  });

  test.each(done)('%s is done', async (declared) => {
    const { status, text } = await ask(declared);
    expect([status, JSON.parse(text)]).toEqual([200, { row_errors: 1, snapshot_parts: 0 }]);
  });

  test('the runs of all syncs have its run, and so has the picture of all', async () => {
    const { data } = (await api.get(`/api/v1/runs?sync_id=${run.syncId}`)).body;
    expect(data).toMatchObject([{ id: run.id }]);
  });
});
