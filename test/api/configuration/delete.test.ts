// Deleting sources, models and destinations: what is in use stays, what is deleted is gone from sight, history stays readable.
import { aDestination } from '../../factories/a-destination';
import { aModel } from '../../factories/a-model';
import { aRun } from '../../factories/a-run';
import { aSource } from '../../factories/a-source';
import { aSync } from '../../factories/a-sync';
import { uniqueSuffix } from '../../factories/a-workspace';
import { type ApiAnswer, type RunningApi, startApi } from '../running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const inHere = () => ({ workspaceId: api.workspaceId });
const remove = (path: string, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
  api.send(path, { method: 'DELETE', headers });

interface Kind {
  readonly list: string;
  readonly make: (name?: string) => Promise<{ id: string; path: string }>;
  /** Makes something that needs it; the word and id it is named by. */
  readonly use: (id: string) => Promise<string>;
}

const kinds: [string, Kind][] = [
  [
    'source',
    {
      list: '/api/v1/sources',
      async make(name = `Source ${uniqueSuffix()}`) {
        const { id } = await aSource(api.knex, { ...inHere(), name });
        return { id, path: `/api/v1/sources/${id}` };
      },
      use: async (sourceId) => `(${(await aModel(api.knex, { ...inHere(), sourceId })).id})`,
    },
  ],
  [
    'model',
    {
      list: '/api/v1/models',
      async make(name = `Model ${uniqueSuffix()}`) {
        const { id } = await aModel(api.knex, { ...inHere(), name });
        return { id, path: `/api/v1/models/${id}` };
      },
      use: async (modelId) => `(${(await aSync(api.knex, { ...inHere(), modelId })).id})`,
    },
  ],
  [
    'destination',
    {
      list: '/api/v1/destinations',
      async make(name = `Destination ${uniqueSuffix()}`) {
        const { id } = await aDestination(api.knex, { ...inHere(), name });
        return { id, path: `/api/v1/destinations/${id}` };
      },
      use: async (destinationId) => `(${(await aSync(api.knex, { ...inHere(), destinationId })).id})`,
    },
  ],
];

describe.each(kinds)('a %s', (kind, { list, make, use }) => {
  test('is gone once deleted: from reads, lists and changes; its name is free again', async () => {
    const name = `Twice ${uniqueSuffix()}`;
    const { path } = await make(name);
    const gone = await remove(path);
    expect([gone.status, gone.body]).toEqual([204, null]);
    expect((await api.get(path)).status).toBe(404);
    expect((await remove(path)).status).toBe(404);
    const change = { method: 'PATCH', body: { name: 'x' }, headers: { 'If-Match': '*' } };
    expect((await api.send(path, change)).status).toBe(404);
    expect((await api.get(`${list}?name=${encodeURIComponent(name)}`)).body.pagination.total).toBe(0);
    const again = await make(name);
    expect((await api.get(again.path)).body.name).toBe(name);
  });

  test('stays while something needs it, and says what', async () => {
    const { id, path } = await make();
    const user = await use(id);
    const kept = await remove(path);
    expect([kept.status, kept.body.code]).toEqual([409, 'in_use']);
    expect(kept.body.detail).toContain(user);
    expect((await api.get(path)).status).toBe(200);
  });

  test('names twenty users at most', async () => {
    const { id, path } = await make();
    for (let made = 0; made < 21; made += 1) await use(id);
    const { detail } = (await remove(path)).body;
    expect(detail.match(/\((mdl|sync)_/g)).toHaveLength(20);
    expect(detail).toMatch(/, and others\.$/);
  });

  test('goes only in the state that If-Match names, when it names one', async () => {
    const { path } = await make();
    const etag = (await api.get(path)).headers.get('etag') ?? '';
    const rename = {
      method: 'PATCH',
      body: { name: `New ${uniqueSuffix()}` },
      headers: { 'If-Match': etag },
    };
    const changed = await api.send(path, rename);
    const stale = await remove(path, { 'If-Match': etag });
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition_failed']);
    expect((await remove(path, { 'If-Match': changed.headers.get('etag') ?? '' })).status).toBe(204);
  });

  test('of a delete and a change that race, one sees the other', async () => {
    const { path } = await make();
    const etag = (await api.get(path)).headers.get('etag') ?? '';
    const rename = {
      method: 'PATCH',
      body: { name: `Racer ${uniqueSuffix()}` },
      headers: { 'If-Match': etag },
    };
    const [removed, renamed] = await Promise.all([
      remove(path, { 'If-Match': etag }),
      api.send(path, rename),
    ]);
    expect([removed.status, renamed.status].filter((status) => status < 300)).toHaveLength(1);
    expect([404, 412]).toContain(Math.max(removed.status, renamed.status));
  });

  test('needs the scope write, and is not another workspace’s to delete', async () => {
    const { path } = await make();
    const stranger = await api.newToken(['write'], (await aSource(api.knex)).workspaceId);
    expect((await api.send(path, { method: 'DELETE', token: stranger })).status).toBe(404);
    const reader = await api.newToken(['read', 'trigger']);
    expect((await api.send(path, { method: 'DELETE', token: reader })).status).toBe(403);
    expect((await api.get(path)).status).toBe(200);
    expect(kind).not.toBe('');
  });
});

test('what only a deleted sync has used can go, and its runs still tell what they ran with', async () => {
  const sync = await aSync(api.knex, inHere());
  const run = await aRun(api.knex, { sync });
  const { source_id: sourceId } = (await api.get(`/api/v1/models/${sync.modelId}`)).body;
  expect((await api.send(`/api/v1/syncs/${sync.id}`, { method: 'DELETE' })).status).toBe(204);
  for (const path of [
    `/api/v1/models/${sync.modelId}`,
    `/api/v1/destinations/${sync.destinationId}`,
    `/api/v1/sources/${sourceId}`,
  ]) {
    expect([path, (await remove(path)).status]).toEqual([path, 204]);
  }
  const pinned = await api
    .knex('runs as r')
    .join('syncs as s', 's.id', 'r.sync_id')
    .join('model_versions as v', function () {
      this.on('v.model_id', 's.model_id').andOn('v.version', 'r.model_version');
    })
    .join('models as m', 'm.id', 's.model_id')
    .join('sources as o', 'o.id', 'm.source_id')
    .join('destinations as d', 'd.id', 's.destination_id')
    .where('r.id', run.id)
    .first('v.sql', 'm.name as model', 'o.secrets_sealed as source_secrets', 'd.secrets_sealed as secrets');
  // The words stay; what would open a door does not.
  expect(pinned).toEqual({
    sql: 'SELECT id, email, last_name FROM users',
    model: expect.any(String),
    source_secrets: null,
    secrets: null,
  });
});

test('what is to refer to something that is deleted meanwhile is refused as if that had been deleted before', async () => {
  const { id: sourceId } = await aSource(api.knex, inHere());
  const { inspect } = api.inspector;
  const slow = jest.spyOn(api.inspector, 'inspect').mockImplementationOnce(async function (input) {
    await remove(`/api/v1/sources/${sourceId}`);
    return inspect.call(api.inspector, input);
  });
  const body = { name: `Late ${uniqueSuffix()}`, source_id: sourceId, sql: 'SELECT 1', row_key: ['id'] };
  const late = await api.post('/api/v1/models', body);
  slow.mockRestore();
  const before = await api.post('/api/v1/models', body);
  expect([late.status, late.body.errors]).toEqual([422, before.body.errors]);
  expect(late.body.errors).toMatchObject([{ pointer: '/source_id', code: 'unknown_source' }]);
});
