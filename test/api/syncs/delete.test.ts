// Deleting a sync over HTTP: what stands in the way, what is left of it, and who wins when two things happen at once.
import { closeRun } from '../../../db/runs/close-run';
import { aRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { type ApiAnswer, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const aSyncHere = () => aSync(api.knex, { workspaceId: api.workspaceId });
const remove = (syncId: string, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
  api.send(`/api/v1/syncs/${syncId}`, { method: 'DELETE', headers });
const etagOf = async (syncId: string): Promise<string> =>
  (await api.get(`/api/v1/syncs/${syncId}`)).headers.get('etag') ?? '';

test.each(['queued', 'running'] as const)('a %s run keeps its sync, and is named', async (status) => {
  const sync = await aSyncHere();
  await aRun(api.knex, { sync });
  const run = await aRun(api.knex, { sync, status });
  expect(await remove(sync.id)).toMatchObject({
    status: 409,
    body: { code: 'sync_active', blocking_run: run.id },
  });
  expect((await api.get(`/api/v1/syncs/${sync.id}`)).status).toBe(200);
  await closeRun(api.knex, run.id, { kind: 'cancelled', failure: null });
  expect((await remove(sync.id)).status).toBe(204);
});

test('a deleted sync is gone, and its name is free', async () => {
  const sync = await aSyncHere();
  expect(await remove(sync.id)).toMatchObject({ status: 204, body: null });
  expect((await remove(sync.id)).status).toBe(404);
  expect((await api.get(`/api/v1/syncs?name=${encodeURIComponent(sync.name)}`)).body.data).toEqual([]);
  const { modelId: model_id, destinationId: destination_id, mapping, name } = sync;
  const again = await api.post('/api/v1/syncs', { name, model_id, destination_id, mapping });
  expect([again.status, again.body.name]).toEqual([201, name]);
});

test('an If-Match that is sent is honoured', async () => {
  const sync = await aSyncHere();
  const old = await etagOf(sync.id);
  await api.post(`/api/v1/syncs/${sync.id}/pause`, { note: 'not now' });
  const refused = await remove(sync.id, { 'If-Match': old });
  expect([refused.status, refused.body.code]).toEqual([412, 'precondition_failed']);
  expect((await remove(sync.id, { 'If-Match': await etagOf(sync.id) })).status).toBe(204);
  expect((await remove(sync.id, { 'If-Match': '*' })).status).toBe(404);
});

test('a trigger and a delete at once: one of them is told that the other was first', async () => {
  const ends = new Set<string>();
  for (let time = 0; time < 12; time += 1) {
    const { id } = await aSyncHere();
    const trigger = () => api.post(`/api/v1/syncs/${id}/trigger`);
    const [first, second] = time % 2 === 0 ? [trigger, () => remove(id)] : [() => remove(id), trigger];
    const [one, other] = await Promise.all([first(), second()]);
    ends.add([one.status, other.status].toSorted((a, b) => a - b).join(' '));
    const runs = await api.knex('runs').where({ sync_id: id });
    const gone = await api.knex('syncs').where({ id }).whereNotNull('deleted_at');
    expect(runs.length + gone.length).toBe(1);
  }
  for (const end of ends) expect(['202 409', '204 404']).toContain(end);
});

test('a change and a delete at once: the change is made before it, or there is nothing to change', async () => {
  for (let time = 0; time < 6; time += 1) {
    const { id } = await aSyncHere();
    const etag = await etagOf(id);
    const headers = { 'If-Match': etag };
    const [changed, removed] = await Promise.all([
      api.send(`/api/v1/syncs/${id}`, { method: 'PATCH', body: { mode: 'update' }, headers }),
      remove(id, headers),
    ]);
    const end = `${changed.status} ${removed.status}`;
    expect(['200 412', '404 204']).toContain(end);
  }
});
