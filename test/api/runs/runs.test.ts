// Reading runs: the product page's curl calls with its keys, types and paging, and what comes beside them.
import { aRun, type MadeRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { type RunningApi, startApi } from '../running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

async function ownSync(): Promise<StoredSync> {
  return aSync(api.knex, { workspaceId: api.workspaceId });
}

const runsOf = (sync: { id: string }) => `/api/v1/syncs/${sync.id}/runs`;
const pathOf = (run: MadeRun) => `${runsOf({ id: run.syncId })}/${run.id}`;

test('the list begins with the product page’s keys, values and paging, exactly', async () => {
  const sync = await ownSync();
  const run = await aRun(api.knex, { sync });
  const { status, body } = await api.get(runsOf(sync));
  expect(status).toBe(200);
  expect(body.pagination).toEqual({ page: 1, per_page: 20, total: 1 });
  const page = {
    id: run.id,
    sync_id: sync.id,
    status: 'completed',
    trigger: 'schedule',
    started_at: '2025-01-15T09:00:00Z',
    completed_at: '2025-01-15T09:04:23Z',
    duration_seconds: 263,
    rows_processed: 15_432,
    rows_created: 1_205,
    rows_updated: 13_891,
    rows_deleted: 0,
    rows_failed: 336,
  };
  expect(Object.entries(body.data[0]).slice(0, 12)).toEqual(Object.entries(page));
  expect(body.data[0]).toEqual({
    ...page,
    outcome: 'with_row_errors',
    kind: 'normal',
    rows_skipped: 0,
    rows_unchanged: 0,
    rows_not_attempted: 0,
    rows_unknown: 0,
    queued_at: '2025-01-15T08:59:59Z',
    retry_of: null,
    retry_scope: null,
    failure: null,
    triggered_by: null,
    triggered_by_name: null,
  });
});

test('a queued and a running run have no times or durations they do not have yet', async () => {
  const sync = await ownSync();
  await aRun(api.knex, { sync, status: 'running' });
  await aRun(api.knex, { sync, status: 'queued' });
  const { data } = (await api.get(runsOf(sync))).body;
  expect(data[0]).toMatchObject({
    status: 'queued',
    started_at: null,
    duration_seconds: null,
    outcome: null,
  });
  expect(data[1]).toMatchObject({ status: 'running', completed_at: null, duration_seconds: null });
  expect(data[1].started_at).toBe('2025-01-15T09:00:00Z');
});

test('a failed run says why in the product page’s words, and keeps the cause to itself', async () => {
  const run = await aRun(api.knex, {
    sync: await ownSync(),
    status: 'failed',
    failure: 'model_query_failed',
    failureDetail: 'syntax error at line 12',
  });
  const { body } = await api.get(pathOf(run));
  expect(body).toMatchObject({ status: 'failed', outcome: 'nothing_applied' });
  expect(body.failure).toEqual({
    code: 'model_query_failed',
    message: 'Model query failed: syntax error at line 12',
    origin: 'model',
    retryable: false,
  });
  expect(JSON.stringify(body)).not.toContain('ETIMEDOUT');
});

test('pages cut the list newest first, without gaps or repeats', async () => {
  const sync = await ownSync();
  const made: string[] = [];
  for (let number = 0; number < 7; number += 1) made.unshift((await aRun(api.knex, { sync })).id);
  const pages = [1, 2, 3, 4].map((page) => api.get(`${runsOf(sync)}?page=${page}&per_page=3`));
  const answers = await Promise.all(pages);
  expect(answers.flatMap(({ body }) => body.data.map((run: { id: string }) => run.id))).toEqual(made);
  expect(answers.map(({ body }) => body.pagination)).toEqual(
    [1, 2, 3, 4].map((page) => ({ page, per_page: 3, total: 7 })),
  );
});

test.each([
  'page=0',
  'page=-1',
  'page=1.5',
  'page=abc',
  'page=',
  'page=1&page=2',
  'page=99999999',
  'per_page=101',
  'per_page=0',
  'status=done',
  'status=',
  'status=failed,',
  'started_after=yesterday',
  'started_after=2025-13-01T00:00:00Z',
  'has_errors=1',
  'sort=id',
  'Page=1',
])('the query ?%s is refused and named', async (query) => {
  const sync = await ownSync();
  const { status, body } = await api.get(`${runsOf(sync)}?${query}`);
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'invalid_request', status: 400 });
  expect(body.errors[0].pointer).toMatch(new RegExp(`^/${query.split('=')[0]}`));
});

test('the detail has the product page’s summary, phases and durations', async () => {
  const run = await aRun(api.knex, { sync: await ownSync(), note: 'after the import' });
  const { body } = await api.get(pathOf(run));
  expect(body.summary).toMatchObject({
    total_rows: 15_432,
    created: 1_205,
    updated: 13_891,
    deleted: 0,
    failed: 336,
    skipped: 0,
  });
  expect(body.phases.map((phase: { phase: string }) => phase.phase)).toEqual([
    'query',
    'change_detection',
    'destination_writes',
    'finalization',
  ]);
  expect(body.phases[0]).toEqual({
    phase: 'query',
    started_at: '2025-01-15T09:00:00.000Z',
    ended_at: '2025-01-15T09:00:45.000Z',
    duration_ms: 45_000,
    attempts: 1,
    waited_ms: 0,
  });
  // 4m 23s, of which 45s query and 3m 38s processing: the product page's table.
  expect(body.performance).toMatchObject({ total_ms: 263_000, query_ms: 45_000, processing_ms: 218_000 });
  expect(body.performance.api_call_ms).toEqual({ count: 0, p50: null, p95: null });
  expect(body).toMatchObject({ note: 'after the import', progress: null });
  expect(body.performance).toMatchObject({
    change_detection_ms: 18_000,
    destination_writes_ms: 190_000,
    finalization_ms: 10_000,
  });
});

test('call times and progress of a running run come from its ledger', async () => {
  const run = await aRun(api.knex, { sync: await ownSync(), status: 'running' });
  const place = { run_id: run.id, workspace_id: run.workspaceId };
  await api.knex('journals').insert({
    ...place,
    attempt: 1,
    published_at: new Date(),
    columns: '[]',
    snapshot_version: 1,
    snapshot_delta: 0,
    snapshot_rows: 0,
    lines_read: 500,
    unchanged: 0,
    skipped: 0,
    journalled: 500,
    unseen: 0,
  });
  await api.knex('change_plans').insert({
    ...place,
    attempt: 1,
    skipped: 0,
    failed: 0,
    planned_deletes: 10,
    skipped_deletes: 4,
    creates: 400,
    updates: 100,
    batches: 2,
  });
  const batch = { ...place, kind: 'write', operations: Buffer.from([1]), line_from: 0, line_to: 1 };
  const sent = { entries: Buffer.alloc(24), sent_operations: Buffer.from([1]), row_keys: Buffer.from('1') };
  await api.knex('batches').insert({
    ...batch,
    ...sent,
    batch_no: 1,
    state: 'acked',
    creates: 250,
    updates: 0,
    deletes: 0,
    created: 250,
    deadline_at: new Date(),
    outcomes: Buffer.from([1]),
    call_ms: [10, 20, 30, 400],
  });
  await api.knex('batches').insert({ ...batch, batch_no: 2, creates: 150, updates: 100, deletes: 0 });
  const { body } = await api.get(pathOf(run));
  expect(body.progress).toEqual({
    phase: null,
    rows_read: 500,
    rows_planned: 506,
    rows_answered: 250,
    rows_per_second: null,
    waiting_for: null,
    last_heartbeat_at: null,
  });
  expect(body.queue).toBeNull();
  expect(body.performance.api_call_ms).toEqual({ count: 4, p50: 20, p95: 400 });
  expect(body.performance).toMatchObject({ total_ms: null, processing_ms: null });
});

test('a run under another sync, another workspace or with a strange id is as absent as a missing one', async () => {
  const [sync, other] = [await ownSync(), await ownSync()];
  const run = await aRun(api.knex, { sync });
  const foreign = await aRun(api.knex);
  const paths = [
    `${runsOf(other)}/${run.id}`,
    pathOf(foreign),
    runsOf({ id: foreign.syncId }),
    `${runsOf(sync)}/run_abc123`,
    `${runsOf(sync)}/nonsense`,
    `${runsOf(sync)}/${run.id}%00`,
    `${runsOf(sync)}/%ff%fe`,
    runsOf({ id: 'sync_xyz789' }),
  ];
  for (const path of paths) {
    for (const suffix of path.includes('/runs/') ? ['', '/errors', '/events'] : ['']) {
      const { status, body } = await api.get(path + suffix);
      expect([path + suffix, status, body.code]).toEqual([path + suffix, 404, 'not_found']);
    }
  }
});

test('a run that waits out trouble says for what, and since when', async () => {
  const run = await aRun(api.knex, { sync: await ownSync(), status: 'running' });
  const place = { run_id: run.id, workspace_id: run.workspaceId };
  const since = new Date('2026-01-15T09:00:07.250Z');
  await api.knex('run_phases').where({ run_id: run.id, phase: 'query' }).delete();
  await api
    .knex('run_phases')
    .insert({ ...place, phase: 'query', started_at: new Date('2026-01-15T09:00:00Z'), waiting_since: since });
  for (const reason of [
    'Source connection failed: timeout',
    'Source connection failed: connection refused',
  ]) {
    const event = { ...place, sync_id: run.syncId, type: 'waiting', detail: JSON.stringify({ reason }) };
    await api.knex('run_events').insert(event);
  }
  const { body } = await api.get(pathOf(run));
  expect(body.progress.waiting_for).toEqual({
    reason: 'Source connection failed: connection refused',
    since: '2026-01-15T09:00:07Z',
    until: null,
  });
});
