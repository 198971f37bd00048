// GET /insights/sync-health: the product page's dashboard over real HTTP and a real database.
import { syncHealthAnswer } from '../../../api/insights/answers';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { aRun, type MadeRun, type RunOverrides } from '../../factories/a-run';
import { daily } from '../../factories/a-schedule';
import { aSync } from '../../factories/a-sync';
import { aToken, aWorkspace } from '../../factories/a-workspace';
import { type Json, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const path = '/api/v1/insights/sync-health';
const hourMs = 3_600_000;

/** A workspace of its own, and a token for it. */
async function aRoom() {
  const { id: workspaceId } = await aWorkspace(api.knex);
  const { token } = await aToken(api.knex, workspaceId, ['read']);
  const health = async (query = ''): Promise<Json> => {
    const { status, body } = await api.get(`${path}${query}`, token);
    expect(status).toBe(200);
    syncHealthAnswer.parse(body);
    return body;
  };
  return { workspaceId, token, health };
}

function endedAgo(sync: StoredSync, hours: number, overrides: RunOverrides = {}): Promise<MadeRun> {
  const seconds = overrides.durationSeconds ?? 60;
  const startedAt = new Date(Date.now() - hours * hourMs - seconds * 1_000);
  return aRun(api.knex, { sync, counts: { updated: 10 }, durationSeconds: seconds, startedAt, ...overrides });
}

test('an empty workspace has counts of nothing and no rates', async () => {
  const { health } = await aRoom();
  const body = await health();
  const nothing = { value: 0, before: 0, change: 0, change_ratio: null };
  const unknown = { value: null, before: null, change: null, change_ratio: null };
  expect(body).toEqual({
    window: '24h',
    period: { from: expect.any(String), until: expect.any(String) },
    period_before: { from: expect.any(String), until: body.period.from },
    total_runs: nothing,
    success_rate: unknown,
    average_duration_seconds: unknown,
    rows_synced: nothing,
    syncs_with_errors: nothing,
    runs: { completed: 0, failed: 0, cancelled: 0, dry_runs: 0 },
    worst_offenders: [],
    overdue_schedules: { total: 0, data: [] },
    open_alerts: { total: 0, critical: 0, warning: 0, acknowledged: 0 },
  });
});

test('each figure stands beside that of the period before, with the change', async () => {
  const { workspaceId, health } = await aRoom();
  const sync = await aSync(api.knex, { workspaceId, name: 'Users → CRM' });
  for (const seconds of [10, 20]) await endedAgo(sync, 1, { durationSeconds: seconds });
  await endedAgo(sync, 2, { counts: { updated: 4, failed: 2 }, durationSeconds: 30 });
  const failed = await endedAgo(sync, 0.5, { status: 'failed', counts: {} });
  await endedAgo(sync, 3, { status: 'cancelled', counts: {} });
  await endedAgo(sync, 3, { kind: 'dry_run', outcome: 'planned', counts: {} });
  for (const hours of [25, 47]) await endedAgo(sync, hours, { durationSeconds: 40 });
  await endedAgo(sync, 49, { status: 'failed', counts: {} });
  const links = `/api/v1/syncs/${sync.id}`;
  expect(await health('?window=24h')).toMatchObject({
    total_runs: { value: 6, before: 2, change: 4, change_ratio: 2 },
    success_rate: { value: 0.75, before: 1, change: -0.25, change_ratio: -0.25 },
    average_duration_seconds: { value: 20, before: 40, change: -20, change_ratio: -0.5 },
    rows_synced: { value: 24, before: 20, change: 4, change_ratio: 0.2 },
    syncs_with_errors: { value: 1, before: 0, change: 1, change_ratio: null },
    runs: { completed: 3, failed: 1, cancelled: 1, dry_runs: 1 },
    worst_offenders: [
      {
        sync_id: sync.id,
        name: 'Users → CRM',
        runs: 5,
        runs_failed: 1,
        rows_failed: 2,
        last_run_with_errors: failed.id,
        links: {
          sync: links,
          runs: `${links}/runs`,
          trends: `${links}/trends`,
          last_run_with_errors: `${links}/runs/${failed.id}`,
        },
      },
    ],
  });
  const offender = (await health()).worst_offenders[0];
  for (const link of Object.values(offender.links) as string[])
    expect((await api.get(link, (await aToken(api.knex, workspaceId)).token)).status).toBe(200);
  expect(await health('?window=7d')).toMatchObject({
    total_runs: { value: 9, before: 0 },
    success_rate: { before: null, change: null },
  });
  expect((await health('?window=30d')).total_runs.value).toBe(9);
});

test.each([
  ['24h', 24],
  ['7d', 168],
  ['30d', 720],
])(
  'a window of %s is so many hours, whatever the clocks do, and comes after one as long',
  async (window, hours) => {
    const { workspaceId, health } = await aRoom();
    const sync = await aSync(api.knex, { workspaceId });
    for (const ago of [hours - 0.1, hours + 0.1, 2 * hours - 0.1, 2 * hours + 0.1]) await endedAgo(sync, ago);
    const { period, period_before: before, total_runs: totalRuns } = await health(`?window=${window}`);
    const length = ({ from, until }: { from: string; until: string }) => Date.parse(until) - Date.parse(from);
    expect([length(period), length(before)]).toEqual([hours * hourMs, hours * hourMs]);
    expect([before.until, totalRuns.value, totalRuns.before]).toEqual([period.from, 1, 2]);
  },
);

test('runs of another workspace do not count, and a token without the scope sees nothing', async () => {
  const { health } = await aRoom();
  await endedAgo(await aSync(api.knex, { workspaceId: api.workspaceId }), 1);
  expect((await health()).total_runs.value).toBe(0);
  expect((await api.get(path)).body.total_runs.value).toBe(1);
  expect((await api.get(path, await api.newToken(['trigger']))).status).toBe(403);
  expect((await api.get(path, null)).status).toBe(401);
});

test('an unknown window and unknown parameters are refused', async () => {
  for (const query of ['?window=1d', '?window=', '?windows=24h', '?window=24h&window=7d']) {
    const { status, body } = await api.get(path + query);
    expect([query, status, body.code]).toEqual([query, 400, 'invalid_request']);
  }
});

test('a schedule that should have fired and did not is overdue until a slot of it is known again', async () => {
  const { workspaceId, health } = await aRoom();
  const sync = await aSync(api.knex, {
    workspaceId,
    name: 'Hourly',
    schedule: { ...daily, cron: null, intervalSeconds: 3_600 },
  });
  await aSync(api.knex, { workspaceId, schedule: daily });
  expect((await health()).overdue_schedules).toEqual({ total: 0, data: [] });
  const writtenAt = new Date(Date.now() - 3 * hourMs);
  await api.knex('sync_schedules').where({ sync_id: sync.id }).update({ updated_at: writtenAt });
  const dueAt = Math.ceil((writtenAt.getTime() + 60_001) / hourMs) * hourMs;
  const { total, data } = (await health()).overdue_schedules;
  expect(total).toBe(1);
  const links = `/api/v1/syncs/${sync.id}`;
  expect(data).toEqual([
    {
      sync_id: sync.id,
      name: 'Hourly',
      cadence: 'Every hour',
      due_at: new Date(dueAt).toISOString().replace('.000Z', 'Z'),
      late_seconds: expect.any(Number),
      last_slot_at: null,
      applied: false,
      links: { sync: links, schedule: `${links}/schedule` },
    },
  ]);
  const run = await aRun(api.knex, { sync });
  await api.knex('runs').where({ id: run.id }).update({ slot_at: new Date() });
  expect((await health()).overdue_schedules.total).toBe(0);
});

test('of more than a hundred overdue schedules the total tells, and the first hundred are shown', async () => {
  const { workspaceId, health } = await aRoom();
  const { modelId, destinationId } = await aSync(api.knex, { workspaceId });
  for (let at = 0; at < 101; at += 1)
    await aSync(api.knex, { workspaceId, modelId, destinationId, schedule: daily });
  await api.knex('sync_schedules').where({ workspace_id: workspaceId }).update({ updated_at: '2026-01-01' });
  const { total, data } = (await health()).overdue_schedules;
  expect([total, data.length]).toEqual([101, 100]);
});
