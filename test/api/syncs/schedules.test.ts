// Schedules over the API: what may be asked for, what is answered, and what is refused where and why.
import { aSync } from '../../factories/a-sync';
import { aWorkspace } from '../../factories/a-workspace';
import { enqueueSlot } from '../../../db/runs/enqueue-slot';
import { closeRun } from '../../../db/runs/close-run';
import { reconcileSchedules } from '../../../worker/reconciler/reconcile-schedules';
import { type Json, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(() => {
  api.schedules.away = false;
});
afterAll(() => api.stop());

const aSyncHere = async (): Promise<string> => (await aSync(api.knex, { workspaceId: api.workspaceId })).id;
const put = (syncId: string, body: unknown) =>
  api.send(`/api/v1/syncs/${syncId}/schedule`, { method: 'PUT', body });
const remove = (path: string) => api.send(`/api/v1/syncs/${path}`, { method: 'DELETE' });
const quarterly = { interval_seconds: 900 };

test('a schedule is put, read with its next five times, written over and removed', async () => {
  const id = await aSyncHere();
  expect((await api.get(`/api/v1/syncs/${id}/schedule`)).status).toBe(404);
  const answer = await put(id, quarterly);
  expect(answer).toMatchObject({
    status: 200,
    body: {
      cadence: 'Every 15 minutes',
      interval_seconds: 900,
      cron: null,
      time_zone: 'UTC',
      jitter_seconds: 0,
      catch_up_seconds: 600,
      overlap_policy: 'queue_one',
      paused: null,
      applied: true,
      temporal: 'available',
      last_slots: [],
      slots_missed: 0,
    },
  });
  const next = answer.body.next.map((time: string) => Date.parse(time));
  expect(next).toHaveLength(5);
  expect(next).toEqual(next.map((_: number, at: number) => next[0] + at * 900_000));
  expect(next[0]).toBeGreaterThan(Date.now() - 1_000);
  expect((await api.get(`/api/v1/syncs/${id}/schedule`)).body).toEqual(answer.body);

  const cron = {
    cron: '0  9 * * MON-FRI',
    time_zone: 'Europe/Berlin',
    jitter_seconds: 60,
    overlap_policy: 'skip',
  };
  expect((await put(id, cron)).body).toMatchObject({
    cadence: 'At 09:00, Monday through Friday (Europe/Berlin)',
    interval_seconds: null,
    cron: '0 9 * * MON-FRI',
    jitter_seconds: 60,
    overlap_policy: 'skip',
  });
  expect((await api.get(`/api/v1/syncs/${id}`)).body).toMatchObject({
    schedule: { cron: '0 9 * * MON-FRI', cadence: expect.any(String) },
    overlap_policy: 'skip',
  });

  expect(await remove(`${id}/schedule`)).toMatchObject({ status: 204, body: null });
  expect(await remove(`${id}/schedule`)).toMatchObject({ status: 204 });
  expect((await api.get(`/api/v1/syncs/${id}/schedule`)).status).toBe(404);
  expect((await api.get(`/api/v1/syncs/${id}`)).body.schedule).toBeNull();
  expect(api.schedules.kept.has(id)).toBe(false);
});

test('a sync is created together with its schedule', async () => {
  const { modelId: model_id, destinationId: destination_id } = await aSync(api.knex, {
    workspaceId: api.workspaceId,
  });
  const mapping = [
    { column: 'id', field: 'Id' },
    { column: 'email', field: 'Email' },
  ];
  const body = { name: 'With a schedule', model_id, destination_id, mapping };
  const created = await api.post('/api/v1/syncs', {
    ...body,
    schedule: { cron: '*/5 * * * *' },
    overlap_policy: 'queue_all',
  });
  expect(created).toMatchObject({
    status: 201,
    body: {
      schedule: { cron: '*/5 * * * *', cadence: 'Every 5 minutes (UTC)' },
      overlap_policy: 'queue_all',
      paused: null,
    },
  });
  expect(api.schedules.kept.has(created.body.id)).toBe(true);
  expect((await api.get(`/api/v1/syncs/${created.body.id}`)).body).toEqual(created.body);
  const wrong = await api.post('/api/v1/syncs', { ...body, name: 'Wrong', schedule: { cron: '0 0 31 2 *' } });
  expect([wrong.status, faults(wrong.body)]).toEqual([400, ['/schedule/cron never_fires']]);
});

function faults(body: Json): string[] {
  return body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`);
}

describe('what a body alone tells', () => {
  let id: string;
  beforeAll(async () => {
    id = await aSyncHere();
  });

  // Pairs of neighbours: the first is refused, the second is fine.
  const pairs: [string, object, string, object][] = [
    ['no cadence', {}, ' one_cadence', quarterly],
    ['two cadences', { ...quarterly, cron: '* * * * *' }, ' one_cadence', { ...quarterly, cron: null }],
    ['an interval of 9 s', { interval_seconds: 9 }, '/interval_seconds too_small', { interval_seconds: 10 }],
    [
      'an interval over a year',
      { interval_seconds: 31_622_401 },
      '/interval_seconds too_big',
      { interval_seconds: 31_622_400 },
    ],
    ['half a second', { interval_seconds: 10.5 }, '/interval_seconds invalid_type', { interval_seconds: 11 }],
    ['a cron of four fields', { cron: '* * * *' }, '/cron invalid_cron', { cron: '* * * * *' }],
    ['a cron of seconds', { cron: '0 * * * * *' }, '/cron invalid_cron', { cron: '0 * * * *' }],
    ['minute 60', { cron: '60 * * * *' }, '/cron invalid_cron', { cron: '59 * * * *' }],
    ['hour 24', { cron: '0 24 * * *' }, '/cron invalid_cron', { cron: '0 23 * * *' }],
    ['a nickname', { cron: '@daily' }, '/cron invalid_cron', { cron: '0 0 * * *' }],
    [
      'a zone inside',
      { cron: 'TZ=UTC 0 0 * * *' },
      '/cron invalid_cron',
      { cron: '0 0 * * *', time_zone: 'UTC' },
    ],
    ['the last day', { cron: '0 0 L * *' }, '/cron invalid_cron', { cron: '0 0 28 * *' }],
    [
      'a weekday before its end',
      { cron: '0 0 * * FRI-MON' },
      '/cron invalid_cron',
      { cron: '0 0 * * MON-FRI' },
    ],
    ['a step of nothing', { cron: '*/0 * * * *' }, '/cron invalid_cron', { cron: '*/1 * * * *' }],
    ['a word', { cron: '0 0 * * xyz' }, '/cron invalid_cron', { cron: '0 0 * * sat' }],
    ['a day in no year', { cron: '0 0 31 2 *' }, '/cron never_fires', { cron: '0 0 29 2 *' }],
    ['both kinds of days', { cron: '0 0 1 * 1' }, '/cron ambiguous_days', { cron: '0 0 1 * *' }],
    [
      'an unknown zone',
      { ...quarterly, time_zone: 'Mars/Base' },
      '/time_zone unknown_time_zone',
      { ...quarterly, time_zone: 'Asia/Kolkata' },
    ],
    [
      'a zone in small letters',
      { ...quarterly, time_zone: 'europe/berlin' },
      '/time_zone unknown_time_zone',
      { ...quarterly, time_zone: 'Europe/Berlin' },
    ],
    [
      'an offset',
      { ...quarterly, time_zone: '+05:30' },
      '/time_zone unknown_time_zone',
      { ...quarterly, time_zone: 'US/Eastern' },
    ],
    [
      'jitter like the interval',
      { ...quarterly, jitter_seconds: 900 },
      '/jitter_seconds jitter_too_long',
      { ...quarterly, jitter_seconds: 899 },
    ],
    [
      'jitter like the closest pair',
      { cron: '0,5 9 * * *', jitter_seconds: 300 },
      '/jitter_seconds jitter_too_long',
      { cron: '0,5 9 * * *', jitter_seconds: 299 },
    ],
    [
      'negative jitter',
      { ...quarterly, jitter_seconds: -1 },
      '/jitter_seconds too_small',
      { ...quarterly, jitter_seconds: 0 },
    ],
    [
      'a catch-up of 9 s',
      { ...quarterly, catch_up_seconds: 9 },
      '/catch_up_seconds too_small',
      { ...quarterly, catch_up_seconds: 10 },
    ],
    [
      'an unknown policy',
      { ...quarterly, overlap_policy: 'buffer' },
      '/overlap_policy invalid_value',
      { ...quarterly, overlap_policy: 'skip' },
    ],
    [
      'an unknown key',
      { ...quarterly, timezone: 'UTC' },
      '/timezone unknown_key',
      { ...quarterly, time_zone: 'UTC' },
    ],
  ];

  test.each(pairs)('%s is refused, its neighbour is not', async (_, wrong, fault, right) => {
    const refused = await put(id, wrong);
    expect([refused.status, refused.body.code, faults(refused.body)]).toEqual([
      400,
      'invalid_request',
      [fault],
    ]);
    expect((await put(id, right)).status).toBe(200);
  });
});

test('pause and resume are answered with the sync, keep their note and are idempotent', async () => {
  const id = await aSyncHere();
  await put(id, quarterly);
  const paused = await api.post(`/api/v1/syncs/${id}/pause`, { note: 'CRM is being moved' });
  expect(paused).toMatchObject({ status: 200, body: { id, paused: { note: 'CRM is being moved' } } });
  expect((await api.post(`/api/v1/syncs/${id}/pause`, { note: 'CRM is being moved' })).body.paused).toEqual(
    paused.body.paused,
  );
  expect(api.schedules.kept.get(id)?.paused).toEqual({ note: 'CRM is being moved' });
  expect((await api.get(`/api/v1/syncs/${id}/schedule`)).body).toMatchObject({
    paused: { note: 'CRM is being moved', at: expect.any(String) },
    next: [],
    temporal: 'available',
  });
  expect((await api.post(`/api/v1/syncs/${id}/resume`)).body.paused).toBeNull();
  expect((await api.post(`/api/v1/syncs/${id}/resume`)).status).toBe(200);
  expect(api.schedules.kept.get(id)?.paused).toBeNull();
  expect((await api.post(`/api/v1/syncs/${id}/pause`, { reason: 'x' })).status).toBe(400);
});

test('while Temporal is away every change is answered, told as not applied, and applied afterwards', async () => {
  const [id, gone, bare] = [await aSyncHere(), await aSyncHere(), await aSyncHere()];
  for (const sync of [id, gone, bare]) await put(sync, quarterly);
  api.schedules.away = true;
  expect(await put(id, { interval_seconds: 60 })).toMatchObject({
    status: 200,
    body: { applied: false, next: null, temporal: 'unavailable', cadence: 'Every minute' },
  });
  expect((await api.post(`/api/v1/syncs/${id}/pause`, { note: 'later' })).status).toBe(200);
  expect([(await remove(gone)).status, (await remove(`${bare}/schedule`)).status]).toEqual([204, 204]);
  expect((await api.get(`/api/v1/syncs/${bare}/schedule`)).status).toBe(404);
  expect(api.logged()).toContain('a schedule could not be applied; it stays pending');
  api.schedules.away = false;
  expect(api.schedules.kept.has(gone)).toBe(true);
  expect(await reconcileSchedules(api.knex, api.schedules, { warn: () => undefined })).toBe(3);
  expect((await api.get(`/api/v1/syncs/${id}/schedule`)).body).toMatchObject({
    applied: true,
    paused: { note: 'later' },
  });
  expect([api.schedules.kept.has(gone), api.schedules.kept.has(bare)]).toEqual([false, false]);
  expect(api.schedules.kept.get(id)).toMatchObject({
    paused: { note: 'later' },
    schedule: { intervalSeconds: 60 },
  });
});

test('a sync with an active run is not deleted; without one it is gone with its schedule', async () => {
  const id = await aSyncHere();
  await put(id, quarterly);
  const { body: run } = await api.post(`/api/v1/syncs/${id}/trigger`);
  const refused = await remove(id);
  expect(refused).toMatchObject({ status: 409, body: { code: 'sync_active', blocking_run: run.id } });
  expect(api.schedules.kept.has(id)).toBe(true);
  await closeRun(api.knex, run.id, { kind: 'cancelled', failure: null });
  expect((await remove(id)).status).toBe(204);
  expect(api.schedules.kept.has(id)).toBe(false);
  for (const path of ['', '/schedule']) {
    expect((await api.get(`/api/v1/syncs/${id}${path}`)).status).toBe(404);
  }
  expect([(await remove(id)).status, (await put(id, quarterly)).status]).toEqual([404, 404]);
  expect((await api.post(`/api/v1/syncs/${id}/trigger`)).status).toBe(404);
});

test('the schedule tells what became of its last slots, and the events why', async () => {
  const id = await aSyncHere();
  await put(id, { ...quarterly, overlap_policy: 'skip' });
  const slots = ['2025-01-15T09:00:00Z', '2025-01-15T09:15:00Z'];
  const answers: unknown[] = [];
  for (const slot of slots) {
    const workflowId = `sync/${id}-${slot}`;
    answers.push(
      await enqueueSlot(api.knex, {
        workspaceId: api.workspaceId,
        syncId: id,
        workflowId,
        slotAt: new Date(slot),
      }),
    );
  }
  const { runId } = answers[0] as { runId: string };
  expect((await api.get(`/api/v1/syncs/${id}/schedule`)).body.last_slots).toEqual([
    { slot_at: slots[1], outcome: 'skipped', run: null, reason: 'overlap', blocking_run: runId },
    {
      slot_at: slots[0],
      outcome: 'run',
      run: { id: runId, status: 'queued' },
      reason: null,
      blocking_run: null,
    },
  ]);
  const events = await api.get(`/api/v1/syncs/${id}/events?per_page=1`);
  expect(events.body).toMatchObject({
    data: [{ type: 'slot_skipped', detail: { reason: 'overlap', policy: 'skip', blocking_run: runId } }],
    pagination: { page: 1, per_page: 1, total: 2 },
  });
  expect((await api.get(`/api/v1/syncs/${id}/events?page=2&per_page=1`)).body.data).toMatchObject([
    { type: 'schedule_changed' },
  ]);
  expect((await api.get(`/api/v1/syncs/${id}/events?since=1`)).status).toBe(400);
});

test("another workspace's sync answers like none, and reading needs no right to write", async () => {
  const theirs = await aWorkspace(api.knex);
  const { id } = await aSync(api.knex, { workspaceId: theirs.id });
  const answers = [
    await api.get(`/api/v1/syncs/${id}/schedule`),
    await api.get(`/api/v1/syncs/${id}/events`),
    await put(id, quarterly),
    await remove(`${id}/schedule`),
    await remove(id),
    await api.post(`/api/v1/syncs/${id}/pause`),
    await api.post(`/api/v1/syncs/${id}/resume`),
  ];
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
  const ours = await aSyncHere();
  const token = await api.newToken(['read', 'trigger']);
  for (const [method, path] of [
    ['PUT', '/schedule'],
    ['DELETE', '/schedule'],
    ['DELETE', ''],
    ['POST', '/pause'],
    ['POST', '/resume'],
  ] as const) {
    expect((await api.send(`/api/v1/syncs/${ours}${path}`, { method, token })).status).toBe(403);
  }
  expect((await api.send(`/api/v1/syncs/${ours}/schedule`, { method: 'PATCH' })).headers.get('allow')).toBe(
    'DELETE, GET, HEAD, PUT',
  );
});
