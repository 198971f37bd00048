// GET /syncs/{id}/trends: series by run and by day, and the anomalies among the runs, over real HTTP and a real database.
import { trendsAnswer } from '../../../api/insights/answers';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { aRun, type MadeRun, type RunOverrides } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { type Json, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const dayMs = 86_400_000;
const ownSync = (): Promise<StoredSync> => aSync(api.knex, { workspaceId: api.workspaceId });

async function trends(sync: Pick<StoredSync, 'id'>, query = ''): Promise<Json> {
  const { status, body } = await api.get(`/api/v1/syncs/${sync.id}/trends${query}`);
  expect(status).toBe(200);
  trendsAnswer.parse(body);
  return body;
}

/** A run that ended so many days ago, a minute after it began. */
function endedAgo(sync: StoredSync, days: number, overrides: RunOverrides = {}): Promise<MadeRun> {
  const seconds = overrides.durationSeconds ?? 60;
  const startedAt = new Date(Date.now() - days * dayMs - seconds * 1_000);
  return aRun(api.knex, {
    sync,
    counts: { unchanged: 1_000 },
    durationSeconds: seconds,
    startedAt,
    ...overrides,
  });
}

async function steadyDays(sync: StoredSync, from: number, to: number): Promise<void> {
  for (let days = from; days >= to; days -= 1) await endedAgo(sync, days);
}

test('a sync that never ran has empty trends', async () => {
  const sync = await ownSync();
  const nothing = {
    sync_id: sync.id,
    duration_seconds: { p50: null, p95: null },
    anomalies: [],
    judged_runs: 0,
    judged_since: null,
  };
  expect(await trends(sync)).toEqual({ by: 'run', series: [], ...nothing });
  const day = new Date().toISOString().slice(0, 10);
  const noRuns = {
    day,
    runs: { completed: 0, failed: 0, cancelled: 0 },
    rows_processed: 0,
    rows_created: 0,
    rows_updated: 0,
    rows_deleted: 0,
    rows_failed: 0,
    error_rate: null,
    duration_seconds: { p50: null, p95: null },
  };
  const byDay = await trends(sync, '?by=day&days=1');
  // Midnight may pass between the two clocks.
  expect(byDay).toEqual({ by: 'day', series: [{ ...noRuns, day: byDay.series[0].day }], ...nothing });
});

test('by run: every run that has ended, oldest first, with what may be compared', async () => {
  const sync = await ownSync();
  const first = await endedAgo(sync, 3, {
    counts: { created: 1_205, updated: 13_891, failed: 336 },
    durationSeconds: 263,
  });
  const failed = await endedAgo(sync, 2, { status: 'failed', counts: {}, trigger: 'api' });
  const retry = await endedAgo(sync, 1, { durationSeconds: 1.5, trigger: 'manual' });
  await api.knex('runs').where({ id: retry.id }).update({ retry_of: failed.id, retry_scope: 'all' });
  await endedAgo(sync, 0.5, { status: 'running' });
  const body = await trends(sync);
  expect(body).toMatchObject({
    by: 'run',
    sync_id: sync.id,
    judged_runs: 0,
    duration_seconds: { p50: 1.5, p95: 263 },
  });
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(body.series[0]).toEqual({
    run_id: first.id,
    status: 'completed',
    outcome: 'with_row_errors',
    kind: 'normal',
    trigger: 'schedule',
    retry_of: null,
    comparable: true,
    started_at: time,
    completed_at: time,
    rows_processed: 15_432,
    rows_created: 1_205,
    rows_updated: 13_891,
    rows_deleted: 0,
    rows_failed: 336,
    error_rate: 0.021773,
    duration_seconds: 263,
  });
  expect(body.judged_since).toBe(body.series[0].completed_at);
  expect(body.series.slice(1)).toMatchObject([
    {
      run_id: failed.id,
      status: 'failed',
      outcome: 'nothing_applied',
      comparable: false,
      error_rate: null,
      trigger: 'api',
    },
    { run_id: retry.id, retry_of: failed.id, comparable: false, duration_seconds: 1.5 },
  ]);
  const last = await trends(sync, '?by=run&runs=1');
  expect(last.series.map((point: Json) => point.run_id)).toEqual([retry.id]);
  expect(last.judged_since).toBeNull();
});

test('a run that was cancelled in the queue has no duration', async () => {
  const sync = await ownSync();
  const { id } = await endedAgo(sync, 1, { status: 'cancelled', counts: {} });
  await api.knex('runs').where({ id }).update({ started_at: null });
  expect((await trends(sync)).series).toMatchObject([
    { status: 'cancelled', started_at: null, duration_seconds: null },
  ]);
});

test('each sudden change is named at its run, with what was expected and the product page’s likely causes', async () => {
  const sync = await ownSync();
  await steadyDays(sync, 40, 6);
  const changed: [RunOverrides, object][] = [
    [
      { counts: { unchanged: 3_000 } },
      {
        kind: 'row_count_spike',
        baseline: 1_000,
        observed: 3_000,
        unit: 'rows',
        likely_causes: ['New data loaded into the warehouse', 'A model query change'],
      },
    ],
    [
      { counts: { unchanged: 100 } },
      {
        kind: 'row_count_drop',
        baseline: 1_000,
        observed: 100,
        unit: 'rows',
        likely_causes: ['Data deleted from the warehouse', 'A filter change in the model'],
      },
    ],
    [
      { counts: { unchanged: 950, failed: 50 } },
      {
        kind: 'error_rate_increase',
        baseline: 0,
        observed: 0.05,
        unit: 'share',
        likely_causes: ['Destination schema change', 'Data quality issue', 'API limit hit'],
      },
    ],
    [
      { durationSeconds: 180 },
      {
        kind: 'duration_increase',
        baseline: 60,
        observed: 180,
        unit: 'seconds',
        likely_causes: ['Growing dataset', 'Warehouse performance degradation', 'Destination throttling'],
      },
    ],
  ];
  const expected: object[] = [];
  for (const [at, [overrides, words]] of changed.entries()) {
    const run = await endedAgo(sync, 5 - at, overrides);
    expected.push({
      run_id: run.id,
      started_at: expect.any(String),
      score: expect.any(Number),
      runs_in_a_row: 1,
      links: { run: `/api/v1/syncs/${sync.id}/runs/${run.id}` },
      ...words,
    });
  }
  const byRun = await trends(sync);
  expect(byRun.anomalies).toEqual(expected);
  expect(byRun.judged_runs).toBe(39 - 13);
  // Judged by the runs before the series too, and alike when the series is by day.
  const short = await trends(sync, '?runs=4');
  expect(short).toMatchObject({ anomalies: expected, judged_runs: 4 });
  const byDay = await trends(sync, '?by=day&days=7');
  expect(byDay.anomalies).toEqual(expected);
  expect((await api.get(byDay.anomalies[0].links.run)).status).toBe(200);
});

test('runs that may not be compared raise no alarm and are not what is usual', async () => {
  const sync = await ownSync();
  await steadyDays(sync, 20, 4);
  await endedAgo(sync, 3, { kind: 'full_resync', durationSeconds: 6_000 });
  await endedAgo(sync, 2, { kind: 'dry_run', outcome: 'planned', counts: { notAttempted: 9_000 } });
  await endedAgo(sync, 1, { status: 'failed', counts: {}, durationSeconds: 9_000 });
  expect((await trends(sync)).anomalies).toEqual([]);
});

test('by day: every day of UTC until today, those without runs too, by the day a run ended', async () => {
  const sync = await ownSync();
  const midnight = Math.floor(Date.now() / dayMs) * dayMs;
  const endedAt = (at: number, overrides: RunOverrides = {}) => {
    const seconds = overrides.durationSeconds ?? 60;
    return aRun(api.knex, {
      sync,
      counts: { updated: 8, failed: 2 },
      startedAt: new Date(at - seconds * 1_000),
      durationSeconds: seconds,
      ...overrides,
    });
  };
  await endedAt(midnight - 2 * dayMs - 1);
  await endedAt(midnight - 2 * dayMs, { durationSeconds: 3_600 });
  await endedAt(midnight - dayMs - 1, { status: 'failed', counts: {} });
  const { series, duration_seconds: durations } = await trends(sync, '?by=day&days=3');
  expect(series.slice(0, 2)).toMatchObject([
    {
      runs: { completed: 1, failed: 1, cancelled: 0 },
      rows_processed: 10,
      rows_updated: 8,
      rows_failed: 2,
      error_rate: 0.2,
      duration_seconds: { p50: 3_600, p95: 3_600 },
    },
    {
      runs: { completed: 0, failed: 0, cancelled: 0 },
      error_rate: null,
      duration_seconds: { p50: null, p95: null },
    },
  ]);
  const days = series.map(({ day }: Json) => Date.parse(day));
  expect(days).toEqual([days[2] - 2 * dayMs, days[2] - dayMs, days[2]]);
  expect([midnight, midnight + dayMs]).toContain(days[2]);
  expect(durations).toEqual({ p50: 3_600, p95: 3_600 });
});

test.each([
  ['runs=0', '/runs'],
  ['runs=501', '/runs'],
  ['by=day&days=91', '/days'],
  ['days=7', '/days'],
  ['by=day&runs=7', '/runs'],
  ['by=week', '/by'],
  ['limit=5', '/limit'],
])('%s is refused', async (query, pointer) => {
  const sync = await ownSync();
  const { status, body } = await api.get(`/api/v1/syncs/${sync.id}/trends?${query}`);
  expect([status, body.code, body.errors.map((fault: Json) => fault.pointer)]).toEqual([
    400,
    'invalid_request',
    [pointer],
  ]);
});

test('500 runs and 90 days can be asked for', async () => {
  const sync = await ownSync();
  expect((await trends(sync, '?runs=500')).series).toEqual([]);
  expect((await trends(sync, '?by=day&days=90')).series).toHaveLength(90);
});

test('another workspace’s sync is as absent as one that never was', async () => {
  const [stranger, sync] = [await aSync(api.knex), await ownSync()];
  const { status, body } = await api.get(`/api/v1/syncs/${stranger.id}/trends`);
  const missing = await api.get(`/api/v1/syncs/${stranger.id.slice(0, -1)}0/trends`);
  expect([status, body.code, body.detail]).toEqual([404, 'not_found', missing.body.detail]);
  const scoped = await api.get(`/api/v1/syncs/${sync.id}/trends`, await api.newToken(['trigger']));
  expect(scoped.status).toBe(403);
});
