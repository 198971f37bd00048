// Creating, reading and triggering syncs.
import { defaultSettings } from '../../../domain/sync';
import { aDestination } from '../../factories/a-destination';
import { aModel } from '../../factories/a-model';
import { aRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { uniqueSuffix } from '../../factories/a-workspace';
import { type Json, type RunningApi, startApi } from '../running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const mapping = [
  { column: 'id', field: 'External_Id__c' },
  { column: 'email', field: 'Email' },
];

async function syncBody(overrides: object = {}, kind = 'http'): Promise<Record<string, unknown>> {
  const { workspaceId } = api;
  return {
    name: `Sync ${uniqueSuffix()}`,
    model_id: (await aModel(api.knex, { workspaceId })).id,
    destination_id: (await aDestination(api.knex, { workspaceId, kind })).id,
    mode: 'upsert',
    mapping,
    ...overrides,
  };
}

interface WireFault {
  pointer: string;
  code: string;
  detail: string;
}

async function faultsOf(overrides: object, kind?: string): Promise<WireFault[]> {
  const { status, body } = await api.post('/api/v1/syncs', await syncBody(overrides, kind));
  expect([status, body.code]).toEqual([422, 'unprocessable']);
  return body.errors;
}

test('a sync is stored with every setting spelled out and read back the same', async () => {
  const body = await syncBody({
    settings: { patience_seconds: 5, max_rows: 1_000, stuck_after_seconds: 120, raw_value_days: 30 },
  });
  const created = await api.post('/api/v1/syncs', body);
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    ...body,
    object: {},
    settings: {
      key_match: 'exact',
      budget_seconds: defaultSettings.budgetSeconds,
      patience_seconds: 5,
      query_timeout_seconds: defaultSettings.queryTimeoutSeconds,
      max_rows: 1_000,
      stuck_after_seconds: 120,
      raw_values: 'keep',
      raw_value_days: 30,
    },
    version: 1,
    last_run: null,
  });
  expect((await api.get(`/api/v1/syncs/${created.body.id}`)).body).toEqual(created.body);
  const listed = (await api.get(`/api/v1/syncs?name=${encodeURIComponent(String(body['name']))}`)).body.data;
  expect(listed).toEqual([{ ...created.body, last_run: undefined }]);
});

test('a sync shows its newest run', async () => {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  await aRun(api.knex, { sync });
  const newest = await aRun(api.knex, { sync, status: 'running' });
  const { last_run: lastRun } = (await api.get(`/api/v1/syncs/${sync.id}`)).body;
  expect(lastRun).toMatchObject({ id: newest.id, status: 'running' });
});

test('a mapping that does not fit the model is pointed at, place by place', async () => {
  const faults = await faultsOf({
    mapping: [
      { column: 'email', field: 'Email' },
      { column: 'lastname', field: 'LastName' },
      { column: 'email', field: 'Email' },
      { column: 'shoe_size', field: 'Shoe' },
    ],
  });
  expect(faults.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
    '/mapping/1/column unknown_column',
    '/mapping/3/column unknown_column',
    '/mapping/2/field duplicate_field',
    '/mapping row_key_not_mapped',
  ]);
  expect(faults[0]?.detail).toContain('did you mean "last_name"?');
  expect(faults[1]?.detail).toContain('there are "id", "email", "last_name"');
});

test('of very many faults a hundred are told, and how many more there are', async () => {
  const wrong = Array.from({ length: 1_000 }, (_, at) => ({ column: `x${at}`.repeat(9), field: `f${at}` }));
  const faults = await faultsOf({ mapping: [...wrong, ...mapping] });
  expect(faults).toHaveLength(101);
  expect(faults[99]?.pointer).toBe('/mapping/99/column');
  expect(faults[100]).toEqual({
    pointer: '',
    code: 'more_faults',
    detail: 'And 900 more, which are not listed.',
  });
  const unknown = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`key${at}`, 1]));
  const { status, body } = await api.post('/api/v1/syncs', await syncBody(unknown));
  expect([status, body.errors.length, body.errors[100].detail]).toEqual([
    400,
    101,
    'And 50 more, which are not listed.',
  ]);
});

test('the destination’s kind decides what object and mode need', async () => {
  expect((await faultsOf({}, 'postgres'))[0]?.pointer).toBe('/object/table');
  expect((await faultsOf({ object: { table: 'users' } }))[0]?.pointer).toBe('/object');
  expect((await faultsOf({ mode: 'mirror' }))[0]).toMatchObject({
    pointer: '/mode',
    code: 'delete_url_missing',
  });
  const config = { url: 'http://h', delete_url: 'http://h/d' };
  const able = await aDestination(api.knex, { workspaceId: api.workspaceId, config });
  const mirror = await api.post('/api/v1/syncs', await syncBody({ mode: 'mirror', destination_id: able.id }));
  expect(mirror.status).toBe(201);
  const table = await syncBody({ mode: 'mirror', object: { schema: 'crm', table: 'users' } }, 'postgres');
  expect((await api.post('/api/v1/syncs', table)).body.object).toEqual({ schema: 'crm', table: 'users' });
});

test('a model or destination that is missing or another workspace’s is 422, each named', async () => {
  const foreign = {
    model_id: (await aModel(api.knex)).id,
    destination_id: (await aDestination(api.knex)).id,
  };
  expect((await faultsOf(foreign)).map(({ pointer }) => pointer)).toEqual(['/model_id', '/destination_id']);
});

test.each([
  [{ schedule: '* * * * *' }, '/schedule'],
  [{ mode: 'replace' }, '/mode'],
  [{ mapping: [] }, '/mapping'],
  [{ mapping: [{ column: 'id' }] }, '/mapping/0/field'],
  [{ settings: { budgetSeconds: 1 } }, '/settings/budgetSeconds'],
  [{ settings: { max_rows: 0 } }, '/settings/max_rows'],
  [{ settings: { raw_values: 'hide' } }, '/settings/raw_values'],
  [{ settings: { raw_value_days: 0 } }, '/settings/raw_value_days'],
  [{ model_id: 'src_1' }, '/model_id'],
  [{ mapping: [{ column: 'id', field: 'a\0b' }] }, '/mapping/0/field'],
  [{ object: { table: 'a\0b' } }, '/object/table'],
  [{ object: { schema: 'x'.repeat(64), table: 'users' } }, '/object/schema'],
])('%j is 400 at %s', async (overrides, pointer) => {
  const { status, body } = await api.post('/api/v1/syncs', await syncBody(overrides));
  expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
});

test('the product page’s trigger, with neither body nor content type, starts a run', async () => {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  const answer = await fetch(`${api.url}/api/v1/syncs/${sync.id}/trigger`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${api.token}` },
  });
  const run = (await answer.json()) as Json;
  expect(answer.status).toBe(202);
  expect(answer.headers.get('location')).toBe(`/api/v1/syncs/${sync.id}/runs/${run.id}`);
  expect(run).toMatchObject({
    sync_id: sync.id,
    status: 'queued',
    trigger: 'api',
    kind: 'normal',
    note: null,
    allow_deletes: false,
    state: 'started',
  });
  expect((await api.get(`/api/v1/syncs/${sync.id}/runs`)).body.data[0].id).toBe(run.id);
  const launched = api.launcher.started.at(-1);
  expect(launched).toMatchObject({
    workspaceId: api.workspaceId,
    syncId: sync.id,
    runId: run.id,
    workflowId: run.id,
    trigger: 'api',
    kind: 'normal',
  });
  expect(launched?.summary).toMatch(/^Model \w+ → Destination \w+ \(api\)$/);
});

test('a trigger while a run is active is queued behind it, in order of arrival', async () => {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  const path = `/api/v1/syncs/${sync.id}/trigger`;
  const answers = await Promise.all(Array.from({ length: 8 }, () => api.post(path)));
  const states = answers.map(({ body }) => body.state);
  expect(states.filter((state) => state === 'started')).toHaveLength(1);
  expect(states.filter((state) => state === 'queued')).toHaveLength(7);
  const places = await api.knex('runs').where({ sync_id: sync.id }).orderBy('queue_no').pluck('queue_no');
  expect(places).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a trigger’s body is kept with the run', async () => {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  const body = { kind: 'full_resync', note: 'after the migration', allow_deletes: true };
  const answer = await api.post(`/api/v1/syncs/${sync.id}/trigger`, body);
  expect(answer.body).toMatchObject(body);
  const [tokenId] = await api.knex('api_tokens').where({ workspace_id: api.workspaceId }).pluck('id');
  expect(answer.body.triggered_by).toBe(tokenId);
  for (const wrong of [{ kind: 'partial' }, { trigger: 'schedule' }, { note: '' }, []]) {
    expect((await api.post(`/api/v1/syncs/${sync.id}/trigger`, wrong)).status).toBe(400);
  }
});

test('a trigger while Temporal is away is 202 all the same: the run stays queued', async () => {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  api.launcher.away = true;
  const answer = await api.post(`/api/v1/syncs/${sync.id}/trigger`);
  api.launcher.away = false;
  expect([answer.status, answer.body.status]).toEqual([202, 'queued']);
  expect(answer.body.links.temporal).toBeNull();
  expect((await api.get(answer.body.links.self)).body).toMatchObject({
    id: answer.body.id,
    status: 'queued',
  });
  expect(api.logged()).toContain('the run stays queued');
});

test('a sync that is deleted or another workspace’s cannot be triggered', async () => {
  const foreign = await aSync(api.knex);
  const deleted = await aSync(api.knex, { workspaceId: api.workspaceId });
  await api.knex('syncs').where({ id: deleted.id }).update({ deleted_at: new Date() });
  for (const id of [foreign.id, deleted.id, 'sync_xyz789', 'nonsense']) {
    const { status, body } = await api.post(`/api/v1/syncs/${id}/trigger`);
    expect([id, status, body.code]).toEqual([id, 404, 'not_found']);
  }
  expect(await api.knex('runs').whereIn('sync_id', [foreign.id, deleted.id])).toEqual([]);
});
