// Changing a sync over HTTP: what is merged, checked, versioned and refused, and that nobody overwrites what they never saw.
import { request } from 'undici';
import { ModelStore } from '../../../db/configuration/model-store';
import { loadPinnedConfig } from '../../../db/configuration/pinned-config';
import { aDestination } from '../../factories/a-destination';
import { aModel } from '../../factories/a-model';
import { aRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { aWorkspace, uniqueSuffix } from '../../factories/a-workspace';
import { type ApiAnswer, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const aSyncHere = (overrides: Parameters<typeof aSync>[1] = {}) =>
  aSync(api.knex, { workspaceId: api.workspaceId, ...overrides });
const tagOf = (answer: ApiAnswer): string => answer.headers.get('etag') ?? '';

async function etagOf(syncId: string): Promise<string> {
  return tagOf(await api.get(`/api/v1/syncs/${syncId}`));
}

/** As a careful caller does it: read, then change what was read. */
async function patch(syncId: string, body: unknown, etag?: string): Promise<ApiAnswer> {
  const headers = { 'If-Match': etag ?? (await etagOf(syncId)) };
  return api.send(`/api/v1/syncs/${syncId}`, { method: 'PATCH', body, headers });
}
const faults = ({ body }: ApiAnswer): string[] =>
  body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`);

test('what is given changes, what is left out stays, and a new version tells who', async () => {
  const sync = await aSyncHere({ settings: { maxRows: 9 } });
  const before = (await api.get(`/api/v1/syncs/${sync.id}`)).body;
  const answer = await patch(sync.id, {
    mode: 'update',
    mapping: [...sync.mapping.slice(0, 2), { column: 'last_name', field: 'Surname' }],
    settings: { patience_seconds: 5, raw_values: 'mask' },
  });
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    ...before,
    mode: 'update',
    mapping: [...before.mapping.slice(0, 2), { column: 'last_name', field: 'Surname' }],
    settings: { ...before.settings, patience_seconds: 5, raw_values: 'mask' },
    version: 2,
    updated_at: answer.body.updated_at,
    updated_by: { id: expect.stringMatching(/^tok_/), name: expect.stringMatching(/^token /) },
  });
  const read = await api.get(`/api/v1/syncs/${sync.id}`);
  expect([read.body, tagOf(read)]).toEqual([answer.body, tagOf(answer)]);
  expect(tagOf(answer)).toMatch(/^"[^"]+"$/);
});

test('a name and an overlap policy are no version: no run does anything else', async () => {
  const sync = await aSyncHere();
  const name = `Renamed ${uniqueSuffix()}`;
  const answer = await patch(sync.id, { name, overlap_policy: 'skip' });
  expect(answer).toMatchObject({ status: 200, body: { name, overlap_policy: 'skip', version: 1 } });
  const listed = await api.get(`/api/v1/syncs?name=${encodeURIComponent(name)}`);
  expect(listed.body.data).toMatchObject([{ id: sync.id, updated_by: { id: expect.any(String) } }]);
  const events = await api.get(`/api/v1/syncs/${sync.id}/events`);
  expect(events.body.data).toMatchObject([
    { type: 'sync_changed', detail: { members: ['name', 'overlap_policy'], version: 1 } },
  ]);
});

test('a change to what is there already changes nothing, the order of a mapping included', async () => {
  const sync = await aSyncHere();
  const before = await api.get(`/api/v1/syncs/${sync.id}`);
  for (const body of [
    {},
    { name: sync.name, model_id: sync.modelId, destination_id: sync.destinationId },
    { mapping: [...sync.mapping].toReversed(), settings: { max_rows: null }, object: { table: null } },
  ]) {
    const answer = await patch(sync.id, body);
    expect([answer.status, answer.body, tagOf(answer)]).toEqual([200, before.body, tagOf(before)]);
  }
  expect((await api.get(`/api/v1/syncs/${sync.id}/events`)).body.data).toEqual([]);
});

test('an object is merged member by member, and null takes a member out', async () => {
  const { id: destinationId } = await aDestination(api.knex, {
    workspaceId: api.workspaceId,
    kind: 'postgres',
  });
  const sync = await aSyncHere({ destinationId, object: { schema: 'crm', table: 'users' } });
  expect((await patch(sync.id, { object: { table: 'people' } })).body.object).toEqual({
    schema: 'crm',
    table: 'people',
  });
  expect((await patch(sync.id, { object: { schema: null } })).body.object).toEqual({ table: 'people' });
  expect(faults(await patch(sync.id, { object: { table: null } }))).toEqual(['/object/table required']);
});

test('a run that has started keeps its version, the next one takes the new one', async () => {
  const sync = await aSyncHere();
  const running = await aRun(api.knex, { sync, status: 'running' });
  expect((await patch(sync.id, { mode: 'update' })).body.version).toBe(2);
  expect(await loadPinnedConfig(api.knex, running.id)).toMatchObject({
    syncVersion: 1,
    sync: { mode: 'upsert' },
  });
});

test('a change is checked against model and destination as a new sync is', async () => {
  const sync = await aSyncHere();
  const mapping = [{ column: 'emial', field: 'Email' }];
  expect(faults(await patch(sync.id, { mapping, mode: 'mirror', object: { table: 'users' } }))).toEqual([
    '/mapping/0/column unknown_column',
    '/mapping row_key_not_mapped',
    '/object object_not_supported',
    '/mode delete_url_missing',
  ]);
  expect((await api.get(`/api/v1/syncs/${sync.id}`)).body).toMatchObject({ version: 1, mode: 'upsert' });
});

test('a sync whose mapping fits its model no more can still be renamed', async () => {
  const model = await aModel(api.knex, { workspaceId: api.workspaceId });
  const sync = await aSyncHere({ modelId: model.id });
  const columns = JSON.stringify([{ name: 'id', type: 'text' }]);
  await api.knex('model_versions').where({ model_id: model.id }).update({ columns });
  expect((await new ModelStore(api.knex).find(api.workspaceId, model.id))?.columns).toHaveLength(1);
  expect((await patch(sync.id, { name: `Broken ${uniqueSuffix()}` })).status).toBe(200);
  const answer = await patch(sync.id, { settings: { patience_seconds: 1 } });
  expect([answer.status, faults(answer)]).toEqual([
    422,
    ['/mapping/1/column unknown_column', '/mapping/2/column unknown_column'],
  ]);
});

test('model and destination cannot be exchanged, and it is said why', async () => {
  const sync = await aSyncHere();
  const other = await aSyncHere();
  const answer = await patch(sync.id, { model_id: other.modelId, destination_id: other.destinationId });
  expect([answer.status, answer.body.code, faults(answer)]).toEqual([
    422,
    'unprocessable',
    ['/model_id not_changeable', '/destination_id not_changeable'],
  ]);
  expect(answer.body.errors[0].detail).toMatch(/^A sync stays with its model: /);
});

describe('an insert sync that has sent rows', () => {
  const identity = (table: string) => JSON.stringify({ object: { table }, keyMatch: 'exact' });

  async function aPostgresSync(mode: 'insert' | 'upsert') {
    const { id } = await aDestination(api.knex, { workspaceId: api.workspaceId, kind: 'postgres' });
    return aSyncHere({ destinationId: id, mode, object: { table: 'users' } });
  }
  const aSnapshot = (syncId: string, table: string) =>
    api
      .knex('snapshots')
      .insert({ sync_id: syncId, workspace_id: api.workspaceId, identity: identity(table) });

  test('keeps its object and key match: its snapshot could not tell any more which rows', async () => {
    const sync = await aPostgresSync('insert');
    await aSnapshot(sync.id, 'users');
    expect((await patch(sync.id, { object: { table: 'people' } })).status).toBe(200);
    await patch(sync.id, { object: { table: 'users' } });
    await aRun(api.knex, { sync });
    const answer = await patch(sync.id, { object: { table: 'people' }, settings: { key_match: 'lower' } });
    expect([answer.status, faults(answer)]).toEqual([
      422,
      ['/object snapshot_would_be_lost', '/settings/key_match snapshot_would_be_lost'],
    ]);
    expect((await patch(sync.id, { mode: 'upsert', object: { table: 'people' } })).status).toBe(200);
    expect(faults(await patch(sync.id, { mode: 'insert' }))).toEqual(['/object snapshot_would_be_lost']);
    expect((await patch(sync.id, { mode: 'insert', object: { table: 'users' } })).status).toBe(200);
  });

  test('waits for a run at work, which may be sending its first rows', async () => {
    const sync = await aPostgresSync('insert');
    await aRun(api.knex, { sync, status: 'running', kind: 'dry_run' });
    expect((await patch(sync.id, { object: { table: 'people' } })).status).toBe(200);
    const other = await aPostgresSync('insert');
    await aRun(api.knex, { sync: other, status: 'running' });
    expect(faults(await patch(other.id, { object: { table: 'people' } }))).toEqual([
      '/object snapshot_would_be_lost',
    ]);
  });
});

test('a name another sync has is 409; that of a deleted one is free', async () => {
  const [one, other] = [await aSyncHere(), await aSyncHere()];
  const taken = await patch(one.id, { name: other.name, mode: 'update' });
  expect([taken.status, taken.body.code, faults(taken)]).toEqual([409, 'name_taken', ['/name name_taken']]);
  expect((await api.get(`/api/v1/syncs/${one.id}`)).body).toMatchObject({ name: one.name, version: 1 });
  await api.send(`/api/v1/syncs/${other.id}`, { method: 'DELETE' });
  expect((await patch(one.id, { name: other.name })).status).toBe(200);
});

test.each([
  [{ name: '' }, '/name'],
  [{ mode: 'replace' }, '/mode'],
  [{ mapping: [] }, '/mapping'],
  [{ mapping: null }, '/mapping'],
  [{ settings: { budget_seconds: 59 } }, '/settings/budget_seconds'],
  [{ settings: { retries: 1 } }, '/settings/retries'],
  [{ object: { bucket: 'x' } }, '/object/bucket'],
  [{ schedule: null }, '/schedule'],
  [{ workspace_id: 'ws_1' }, '/workspace_id'],
  [{ version: 7 }, '/version'],
  [{ id: 'sync_1' }, '/id'],
  [{ created_by: null }, '/created_by'],
  [{ model_id: 'dst_1' }, '/model_id'],
])('%j is 400 at %s', async (body, pointer) => {
  const sync = await aSyncHere();
  const answer = await patch(sync.id, body);
  expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, pointer]);
});

test('a change needs the ETag of what it changes: none is 428, an old or weak one 412, a star any', async () => {
  const sync = await aSyncHere();
  const old = await etagOf(sync.id);
  const bare = await api.send(`/api/v1/syncs/${sync.id}`, { method: 'PATCH', body: { mode: 'update' } });
  expect([bare.status, bare.body.code]).toEqual([428, 'precondition_required']);
  await patch(sync.id, { mode: 'update' }, old);
  for (const etag of [old, `W/${await etagOf(sync.id)}`, '"x"', 'x']) {
    const answer = await patch(sync.id, { mode: 'upsert' }, etag);
    expect([etag, answer.status, answer.body.code]).toEqual([etag, 412, 'precondition_failed']);
  }
  expect((await patch(sync.id, { mode: 'upsert' }, `${old}, ${await etagOf(sync.id)}`)).status).toBe(200);
  expect((await patch(sync.id, { mode: 'update' }, '*')).status).toBe(200);
});

test('a pause and a schedule are changes too; runs that come and go are not, though the ETag shows them', async () => {
  const sync = await aSyncHere();
  const first = await etagOf(sync.id);
  await aRun(api.knex, { sync });
  const second = await etagOf(sync.id);
  expect(second).not.toBe(first);
  expect((await patch(sync.id, { mode: 'update' }, first)).status).toBe(200);
  const third = await etagOf(sync.id);
  await api.post(`/api/v1/syncs/${sync.id}/pause`, { note: 'moving' });
  expect((await patch(sync.id, { mode: 'upsert' }, third)).status).toBe(412);
  const fourth = await etagOf(sync.id);
  await api.send(`/api/v1/syncs/${sync.id}/schedule`, { method: 'PUT', body: { interval_seconds: 900 } });
  expect((await patch(sync.id, { mode: 'upsert' }, fourth)).status).toBe(412);
});

test('a sync that is read again unchanged is 304, and not when only its newest run has changed', async () => {
  const sync = await aSyncHere();
  const path = `/api/v1/syncs/${sync.id}`;
  // Node's fetch asks for a fresh answer as soon as it is given a condition.
  const again = async (etag: string) => {
    const headers = { Authorization: `Bearer ${api.token}`, 'If-None-Match': etag };
    const { statusCode, body } = await request(api.url + path, { headers });
    await body.dump();
    return statusCode;
  };
  const etag = await etagOf(sync.id);
  const before = await again(etag);
  await aRun(api.knex, { sync, status: 'queued' });
  expect([before, await again(etag)]).toEqual([304, 200]);
});

test('of many who change what they all have read, exactly one does', async () => {
  for (const sync of [await aSyncHere(), await aSyncHere()]) {
    const etag = await etagOf(sync.id);
    const names = Array.from({ length: 8 }, () => `Mine ${uniqueSuffix()}`);
    const answers = await Promise.all(names.map((name) => patch(sync.id, { name, mode: 'update' }, etag)));
    const won = answers.flatMap(({ status }, at) => (status === 200 ? [names[at]] : []));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(7).fill(412)]);
    expect((await api.get(`/api/v1/syncs/${sync.id}`)).body).toMatchObject({ name: won[0], version: 2 });
  }
});

test('without the scope it is 403, in another workspace 404 like a sync that never was', async () => {
  const ours = await aSyncHere();
  const theirs = await aSync(api.knex, { workspaceId: (await aWorkspace(api.knex)).id });
  const headers = { 'If-Match': '*' };
  const token = await api.newToken(['read', 'trigger', 'admin']);
  const path = (id: string) => `/api/v1/syncs/${id}`;
  const send = (id: string, options = {}) =>
    api.send(path(id), { method: 'PATCH', body: { mode: 'update' }, headers, ...options });
  expect((await send(ours.id, { token })).status).toBe(403);
  for (const id of [theirs.id, 'sync_00000000000000000000000000', 'nonsense']) {
    expect(await send(id)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  }
});
