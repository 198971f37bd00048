// The versions of a sync over HTTP: who changed what and when, newest first.
import { TokenStore } from '../../../db/configuration/token-store';
import { aSync } from '../../factories/a-sync';
import { aToken, aWorkspace } from '../../factories/a-workspace';
import { type Json, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const aSyncHere = () => aSync(api.knex, { workspaceId: api.workspaceId });

async function patch(syncId: string, body: unknown, token = api.token): Promise<void> {
  const headers = { 'If-Match': '*' };
  const path = `/api/v1/syncs/${syncId}`;
  expect((await api.send(path, { method: 'PATCH', body, headers, token })).status).toBe(200);
}

test('each version tells what differs from the one before, value by value and column by column', async () => {
  const sync = await aSyncHere();
  const path = `/api/v1/syncs/${sync.id}/versions`;
  await patch(sync.id, {
    mode: 'update',
    settings: { max_rows: 7, key_match: 'lower' },
    name: 'With versions',
  });
  await patch(sync.id, { overlap_policy: 'skip' });
  await patch(sync.id, {
    mapping: [
      { column: 'id', field: 'External_Id__c' },
      { column: 'id', field: 'Key' },
      { column: 'email', field: 'Mail' },
    ],
  });
  const { body } = await api.get(path);
  expect(body.pagination).toEqual({ page: 1, per_page: 20, total: 3 });
  const by = { id: expect.stringMatching(/^tok_/), name: expect.any(String) };
  expect(body.data).toEqual([
    {
      version: 3,
      created_at: time,
      created_by: by,
      changes: {
        values: [],
        mapping: {
          added: [{ column: 'id', field: 'Key' }],
          removed: [{ column: 'last_name', field: 'LastName' }],
          changed: [{ column: 'email', from: 'Email', to: 'Mail' }],
        },
      },
    },
    {
      version: 2,
      created_at: time,
      created_by: by,
      changes: {
        values: [
          { member: 'mode', before: 'upsert', after: 'update' },
          { member: 'settings.key_match', before: 'exact', after: 'lower' },
          { member: 'settings.max_rows', before: null, after: 7 },
        ],
        mapping: { added: [], removed: [], changed: [] },
      },
    },
    { version: 1, created_at: time, created_by: null, changes: null },
  ]);
  const pages = await Promise.all([1, 2, 3, 4].map((page) => api.get(`${path}?page=${page}&per_page=1`)));
  expect(pages.flatMap((page) => page.body.data)).toEqual(body.data);
  expect(pages.map((page) => page.body.pagination.total)).toEqual([3, 3, 3, 3]);
});

test('one version is read whole, as runs that pinned it have it', async () => {
  const sync = await aSyncHere();
  const before = (await api.get(`/api/v1/syncs/${sync.id}`)).body;
  await patch(sync.id, { mode: 'update' });
  const { mode, mapping, object, settings } = before;
  const [first, second] = [1, 2].map((number) => api.get(`/api/v1/syncs/${sync.id}/versions/${number}`));
  expect((await first)?.body).toEqual({
    version: 1,
    created_at: time,
    created_by: null,
    changes: null,
    mode,
    mapping,
    object,
    settings,
  });
  expect((await second)?.body).toMatchObject({
    version: 2,
    changes: { values: [{ member: 'mode' }] },
    mode: 'update',
    mapping,
  });
});

test('who made and changed it is told by name, also when the token has been revoked', async () => {
  const [maker, changer] = [await aToken(api.knex, api.workspaceId), await aToken(api.knex, api.workspaceId)];
  const { modelId: model_id, destinationId: destination_id } = await aSyncHere();
  const mapping = [{ column: 'id', field: 'Id' }];
  const given = { name: 'Made by one', model_id, destination_id, mapping };
  const made = await api.send('/api/v1/syncs', { method: 'POST', body: given, token: maker.token });
  const ref = ({ id, name }: { id: string; name: string }) => ({ id, name });
  expect(made.body).toMatchObject({ created_by: ref(maker), updated_by: ref(maker) });
  await patch(made.body.id, { mode: 'update' }, changer.token);
  const tokens = new TokenStore(api.knex);
  for (const { id } of [maker, changer]) await tokens.revoke(api.workspaceId, id, id);
  const path = `/api/v1/syncs/${made.body.id}`;
  expect((await api.get(path)).body).toMatchObject({ created_by: ref(maker), updated_by: ref(changer) });
  const versions = (await api.get(`${path}/versions`)).body.data;
  expect(versions.map(({ created_by: by }: Json) => by)).toEqual([ref(changer), ref(maker)]);
  await api.post(`${path}/pause`);
  expect((await api.get(path)).body.updated_by).not.toEqual(ref(changer));
});

test('a version that is not there, of a sync that is not ours, is 404', async () => {
  const sync = await aSyncHere();
  for (const number of ['0', '2', '01', '-1', '1.0', 'x', '9'.repeat(30), '%00']) {
    const answer = await api.get(`/api/v1/syncs/${sync.id}/versions/${number}`);
    expect([number, answer.status]).toEqual([number, 404]);
  }
  const theirs = await aSync(api.knex, { workspaceId: (await aWorkspace(api.knex)).id });
  for (const rest of ['versions', 'versions/1']) {
    expect((await api.get(`/api/v1/syncs/${theirs.id}/${rest}`)).status).toBe(404);
  }
  expect((await api.get(`/api/v1/syncs/${(await aSyncHere()).id}/versions?since=1`)).status).toBe(400);
});
