// Retrying through the API: what is accepted, what is answered, what is told to Temporal. Nothing runs here.
import { aRun, type MadeRun, type RunOverrides } from '../factories/a-run';
import { aSync } from '../factories/a-sync';
import { type ApiAnswer, type RunningApi, startApi } from './running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const ownSync = () => aSync(api.knex, { workspaceId: api.workspaceId });
const ownRun = async (overrides: RunOverrides = {}): Promise<MadeRun> =>
  aRun(api.knex, { sync: await ownSync(), ...overrides });
const pathOf = (run: Pick<MadeRun, 'id' | 'syncId'>) => `/api/v1/syncs/${run.syncId}/runs/${run.id}`;
const retry = (run: Pick<MadeRun, 'id' | 'syncId'>, body?: unknown): Promise<ApiAnswer> =>
  api.post(`${pathOf(run)}/retry`, body);
const runsOf = (syncId: string) => api.knex('runs').where({ sync_id: syncId });

test('without a body the run is run again: a new run, started at once, that names the one it retries', async () => {
  const run = await ownRun();
  const { status, body, headers } = await retry(run);
  expect(status).toBe(202);
  expect(body).toMatchObject({
    sync_id: run.syncId,
    status: 'queued',
    state: 'started',
    trigger: 'api',
    kind: 'normal',
    retry_of: run.id,
    retry_scope: 'all',
    note: null,
    allow_deletes: false,
  });
  expect(body.id).not.toBe(run.id);
  expect(headers.get('location')).toBe(pathOf({ ...run, id: body.id }));
  expect(api.launcher.started.at(-1)).toMatchObject({
    runId: body.id,
    workflowId: body.id,
    kind: 'normal',
    retryOf: run.id,
    summary: expect.stringMatching(/^Model \w+ → Destination \w+ \(api\)$/),
  });
  const { body: shown } = await api.get(body.links.self);
  expect(shown).toMatchObject({ id: body.id, retry_of: run.id, retry_scope: 'all' });
  const { body: list } = await api.get(`/api/v1/syncs/${run.syncId}/runs`);
  expect(list.data[0]).toMatchObject({ id: body.id, retry_of: run.id, retry_scope: 'all' });
});

test.each([
  [{ scope: 'failed', note: 'mended in the warehouse', allow_deletes: true }],
  [{ kind: 'full_resync' }],
  [{ scope: 'all', kind: 'dry_run', note: null }],
])('%j is kept with the new run', async (asked) => {
  const run = await ownRun();
  const { status, body } = await retry(run, asked);
  const { scope = 'all', ...rest } = asked as { scope?: string };
  expect([status, body.retry_scope]).toEqual([202, scope]);
  expect(body).toMatchObject(rest);
  const [tokenId] = await api.knex('api_tokens').where({ workspace_id: api.workspaceId }).pluck('id');
  expect(body.triggered_by).toBe(tokenId);
});

test('a retry while a run is active is queued behind it', async () => {
  const run = await ownRun();
  expect((await retry(run)).body.state).toBe('started');
  const { status, body } = await retry(run, { scope: 'failed' });
  expect([status, body.state]).toEqual([202, 'queued']);
});

test('a retry while Temporal is away is 202 all the same: the run stays queued', async () => {
  const run = await ownRun();
  api.launcher.away = true;
  const { status, body } = await retry(run);
  api.launcher.away = false;
  expect([status, body.status, body.retry_of]).toEqual([202, 'queued', run.id]);
});

test('a failed, a cancelled and a completed run can each be run again', async () => {
  for (const state of ['failed', 'cancelled', 'completed'] as const) {
    expect((await retry(await ownRun({ status: state }))).status).toBe(202);
  }
});

test.each(['queued', 'running'] as const)('a %s run is 409, with its status', async (state) => {
  const run = await ownRun({ status: state });
  const { status, body } = await retry(run);
  expect([status, body.code, body.run_status]).toEqual([409, 'run_not_finished', state]);
  expect(body.detail).toContain(state);
  expect(await runsOf(run.syncId)).toHaveLength(1);
});

test.each([
  ['failed', { created: 5, notAttempted: 3 }],
  ['not_attempted', { created: 5, failed: 3 }],
])('a run without rows of the scope %s is 409', async (scope, counts) => {
  const run = await ownRun({ status: 'cancelled', counts });
  const { status, body } = await retry(run, { scope });
  expect([status, body.code, body.run_status]).toEqual([409, 'nothing_to_retry', 'cancelled']);
  expect(await runsOf(run.syncId)).toHaveLength(1);
});

test('rows of unknown fate are of the scope not_attempted', async () => {
  const run = await ownRun({ status: 'failed', counts: { unknown: 3 } });
  expect((await retry(run, { scope: 'not_attempted' })).status).toBe(202);
});

test('a run whose row key is another one today is 409 for some of its rows, and 202 for all', async () => {
  const sync = await ownSync();
  const run = await aRun(api.knex, { sync });
  const { columns, ...old } = await api.knex('model_versions').where({ model_id: sync.modelId }).first();
  const next = { ...old, columns: JSON.stringify(columns), version: 2, row_key: ['email'] };
  await api.knex('model_versions').insert(next);
  await api.knex('models').where({ id: sync.modelId }).update({ version: 2 });
  const { status, body } = await retry(run, { scope: 'failed' });
  expect([status, body.code]).toEqual([409, 'retry_scope_lost']);
  expect(body.detail).toContain('row key has changed');
  expect((await retry(run)).status).toBe(202);
});

test.each([
  [{ scope: 'some' }, '/scope', 'invalid_value'],
  [{ scope: null }, '/scope', 'invalid_value'],
  [{ kind: 'partial' }, '/kind', 'invalid_value'],
  [{ scope: 'failed', kind: 'full_resync' }, '/kind', 'kind_needs_scope_all'],
  [{ scope: 'not_attempted', kind: 'dry_run' }, '/kind', 'kind_needs_scope_all'],
  [{ note: '' }, '/note', 'too_small'],
  [{ note: 'x'.repeat(501) }, '/note', 'too_big'],
  [{ allow_deletes: 'yes' }, '/allow_deletes', 'invalid_type'],
  [{ rows: ['u1'] }, '/rows', 'unknown_key'],
  [{ sync_id: 'sync_1' }, '/sync_id', 'unknown_key'],
  [[], '', 'invalid_type'],
])('%j is 400 at %s', async (asked, pointer, code) => {
  const run = await ownRun();
  const { status, body } = await retry(run, asked);
  expect([status, body.code]).toEqual([400, 'invalid_request']);
  expect(body.errors[0]).toMatchObject({ pointer, code });
  expect(await runsOf(run.syncId)).toHaveLength(1);
});

test('a run that is missing, of another sync, of a deleted sync or another workspace’s is 404', async () => {
  const run = await ownRun();
  const foreign = await aRun(api.knex);
  const { id: otherSync } = await ownSync();
  const gone = await ownRun();
  await api.knex('syncs').where({ id: gone.syncId }).update({ deleted_at: new Date() });
  for (const target of [
    foreign,
    gone,
    { id: run.id, syncId: otherSync },
    { id: foreign.id, syncId: run.syncId },
    { id: 'run_abc123', syncId: run.syncId },
    { id: 'nonsense', syncId: run.syncId },
  ]) {
    const { status, body } = await retry(target, { scope: 'all' });
    expect([target, status, body.code]).toEqual([target, 404, 'not_found']);
  }
  for (const syncId of [run.syncId, otherSync]) expect((await runsOf(syncId)).length).toBeLessThan(2);
  expect(await runsOf(foreign.syncId)).toHaveLength(1);
});

test('a token that may only read cannot retry', async () => {
  const run = await ownRun();
  const token = await api.newToken(['read']);
  const { status, body } = await api.send(`${pathOf(run)}/retry`, { method: 'POST', token });
  expect([status, body.code]).toEqual([403, 'scope_missing']);
  expect((await api.send(`${pathOf(run)}/retry`, { method: 'POST', token: null })).status).toBe(401);
});
