// What the detail of an open run says of its place in the queue, its phase, its speed and its waits.
import { aQueuedRun } from '../factories/a-planned-run';
import { aRun, type MadeRun } from '../factories/a-run';
import { aSync } from '../factories/a-sync';
import { closeRun } from '../../db/runs/close-run';
import { startRun } from '../../db/runs/start-run';
import { type Json, type RunningApi, startApi } from './running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

async function detail(run: { id: string; syncId: string }): Promise<Json> {
  const { status, body } = await api.get(`/api/v1/syncs/${run.syncId}/runs/${run.id}`);
  expect(status).toBe(200);
  return body;
}

const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1_000);

async function aRunningRun(): Promise<MadeRun> {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  return aRun(api.knex, { sync, status: 'running', startedAt: secondsAgo(100) });
}

const phaseOf = (run: MadeRun, phase: string, row: Record<string, unknown>) =>
  api.knex('run_phases').insert({ run_id: run.id, workspace_id: run.workspaceId, phase, ...row });

const pulseOf = (run: MadeRun, row: Record<string, unknown>) =>
  api.knex('run_pulses').insert({ run_id: run.id, workspace_id: run.workspaceId, ...row });

test('a run that reads its model tells the rows read so far, how fast, and its last sign of life', async () => {
  const run = await aRunningRun();
  await phaseOf(run, 'query', { started_at: secondsAgo(20) });
  await pulseOf(run, { rows_read: 40_000, heartbeat_at: new Date('2026-01-15T09:00:07.250Z') });
  const { progress } = await detail(run);
  expect(progress).toMatchObject({
    phase: 'query',
    rows_read: 40_000,
    rows_planned: null,
    rows_answered: 0,
    waiting_for: null,
    last_heartbeat_at: '2026-01-15T09:00:07.250Z',
  });
  expect(progress.rows_per_second).toBeGreaterThan(1_500);
  expect(progress.rows_per_second).toBeLessThanOrEqual(2_000);
});

test('the speed of a phase leaves its waits out, the present one too', async () => {
  const run = await aRunningRun();
  await phaseOf(run, 'query', {
    started_at: new Date('2026-01-15T09:00:00Z'),
    // Thirty seconds since it began, twenty of them waited out before the present wait.
    waiting_since: new Date('2026-01-15T09:00:30Z'),
    waiting_until: new Date('2026-01-15T09:05:00Z'),
    waited_ms: 20_000,
  });
  await pulseOf(run, { rows_read: 12_345 });
  const { progress } = await detail(run);
  expect(progress.rows_per_second).toBe(1_234.5);
  expect(progress.waiting_for).toMatchObject({
    since: '2026-01-15T09:00:30Z',
    until: '2026-01-15T09:05:00Z',
  });
});

test('a wait that is over is not shown, and a phase without rows of its own has no speed', async () => {
  const run = await aRunningRun();
  await phaseOf(run, 'query', {
    started_at: secondsAgo(20),
    ended_at: secondsAgo(10),
    waited_ms: 5_000,
  });
  await phaseOf(run, 'change_detection', { started_at: secondsAgo(10) });
  await api.knex('run_events').insert({
    run_id: run.id,
    workspace_id: run.workspaceId,
    sync_id: run.syncId,
    type: 'waiting',
    detail: JSON.stringify({ reason: 'Source connection failed: timeout' }),
  });
  expect((await detail(run)).progress).toMatchObject({
    phase: 'change_detection',
    waiting_for: null,
    rows_per_second: null,
  });
});

test('the speed of the first second is not told', async () => {
  const run = await aRunningRun();
  await phaseOf(run, 'query', { started_at: new Date(), ended_at: new Date(Date.now() + 999) });
  await pulseOf(run, { rows_read: 10_000 });
  expect((await detail(run)).progress).toMatchObject({ rows_read: 10_000, rows_per_second: null });
});

test('a queued run knows its place, who is before it and whom all wait for', async () => {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  const queued = [];
  for (let number = 0; number < 4; number += 1) queued.push(await aQueuedRun(api.knex, sync));
  const [first, second, third, fourth] = queued.map(({ runId }) => runId);
  const queueOf = async (id: string | undefined) => (await detail({ id: id ?? '', syncId: sync.id })).queue;
  expect(await queueOf(first)).toEqual({ position: 0, ahead_run_id: null, holder_run_id: null });
  await startRun(api.knex, first ?? '');
  expect(await queueOf(first)).toBeNull();
  expect(await queueOf(second)).toEqual({ position: 1, ahead_run_id: first, holder_run_id: first });
  expect(await queueOf(fourth)).toEqual({ position: 3, ahead_run_id: third, holder_run_id: first });
  await closeRun(api.knex, third ?? '', { kind: 'cancelled', failure: null });
  expect(await queueOf(fourth)).toEqual({ position: 2, ahead_run_id: second, holder_run_id: first });
  await closeRun(api.knex, first ?? '', { kind: 'cancelled', failure: null });
  expect(await queueOf(second)).toEqual({ position: 0, ahead_run_id: null, holder_run_id: null });
  expect(await queueOf(fourth)).toEqual({ position: 1, ahead_run_id: second, holder_run_id: second });
});

test('a finished run has neither progress nor a place', async () => {
  const run = await aRun(api.knex, { sync: await aSync(api.knex, { workspaceId: api.workspaceId }) });
  expect(await detail(run)).toMatchObject({ progress: null, queue: null });
});
