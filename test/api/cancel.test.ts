// Cancelling through the API: what is answered, what is remembered, what Temporal is asked. Nothing runs here.
import { aQueuedRun } from '../factories/a-planned-run';
import { aRun } from '../factories/a-run';
import { aSync } from '../factories/a-sync';
import { closeRun } from '../../db/runs/close-run';
import { requestCancel } from '../../db/runs/request-cancel';
import { startRun } from '../../db/runs/start-run';
import type { LaunchedRun } from '../../temporal/run-launcher';
import { type ApiAnswer, type RunningApi, startApi } from './running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());
beforeEach(() => {
  api.launcher.away = false;
});

interface Target {
  readonly id: string;
  readonly syncId: string;
}

const pathOf = (run: Target) => `/api/v1/syncs/${run.syncId}/runs/${run.id}`;
const cancel = (run: Target): Promise<ApiAnswer> => api.send(`${pathOf(run)}/cancel`, { method: 'POST' });

const ownSync = () => aSync(api.knex, { workspaceId: api.workspaceId });

/** A run that works, with its workflow. */
async function aRunningRun(): Promise<Target> {
  const { runId: id, syncId, workspaceId } = await aQueuedRun(api.knex, await ownSync());
  await startRun(api.knex, id);
  const launched: LaunchedRun = {
    workspaceId,
    syncId,
    runId: id,
    workflowId: id,
    trigger: 'api',
    kind: 'normal',
    summary: 'Users → CRM (api)',
  };
  await api.launcher.start(launched);
  return { id, syncId };
}

const requestsOf = (run: Target) =>
  api.knex('run_events').where({ run_id: run.id, type: 'cancel_requested' }).orderBy('id');

test('a running run is asked to cancel: remembered, told to Temporal, and answered with the run', async () => {
  const run = await aRunningRun();
  const { status, body } = await cancel(run);
  expect(status).toBe(202);
  expect(body).toMatchObject({ id: run.id, status: 'running', cancel_requested_at: expect.any(String) });
  expect(api.launcher.cancelled).toContain(run.id);
  const [event, ...more] = await requestsOf(run);
  expect(more).toEqual([]);
  const { id: tokenId } = await api.knex('api_tokens').where({ workspace_id: api.workspaceId }).first('id');
  expect(event).toMatchObject({ sync_id: run.syncId, detail: { by: tokenId } });
});

test('cancelling again, or many times at once, is one request', async () => {
  const run = await aRunningRun();
  const answers = await Promise.all(Array.from({ length: 20 }, () => cancel(run)));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
  expect(new Set(answers.map(({ body }) => body.cancel_requested_at)).size).toBe(1);
  expect(await requestsOf(run)).toHaveLength(1);
});

test('a cancelled run is answered with itself, however it was cancelled', async () => {
  const run = await aRun(api.knex, { sync: await ownSync(), status: 'cancelled' });
  const before = await api.knex('runs').where({ id: run.id }).first();
  const { status, body } = await cancel(run);
  expect(status).toBe(200);
  expect(body).toMatchObject({ id: run.id, status: 'cancelled', cancel_requested_at: null });
  expect(await api.knex('runs').where({ id: run.id }).first()).toEqual(before);
  expect(await requestsOf(run)).toEqual([]);
  expect(api.launcher.cancelled).not.toContain(run.id);
});

test.each(['completed', 'failed'] as const)('a run that has %s stays so, and says it', async (ended) => {
  const run = await aRun(api.knex, { sync: await ownSync(), status: ended });
  const before = await api.knex('runs').where({ id: run.id }).first();
  const { status, body } = await cancel(run);
  expect([status, body.code, body.run_status]).toEqual([409, 'run_finished', ended]);
  expect(body.detail).toContain(ended);
  expect(await api.knex('runs').where({ id: run.id }).first()).toEqual(before);
  expect(await requestsOf(run)).toEqual([]);
});

test('a cancel survives an outage of Temporal, and is delivered when it is asked for again', async () => {
  const run = await aRunningRun();
  api.launcher.away = true;
  const { status, body } = await cancel(run);
  expect(status).toBe(202);
  expect(body.cancel_requested_at).not.toBeNull();
  expect(api.launcher.cancelled).not.toContain(run.id);
  expect(api.logged()).toContain('a cancel could not be delivered to Temporal yet; it is remembered');
  api.launcher.away = false;
  expect((await cancel(run)).body.cancel_requested_at).toBe(body.cancel_requested_at);
  expect(api.launcher.cancelled).toContain(run.id);
  expect(await requestsOf(run)).toHaveLength(1);
});

test('a queued run that has no workflow yet remembers the cancel for it', async () => {
  const { runId: id, syncId } = await aQueuedRun(api.knex, await ownSync());
  const { status, body } = await cancel({ id, syncId });
  expect(status).toBe(202);
  expect(body).toMatchObject({ status: 'queued', cancel_requested_at: expect.any(String) });
});

test('a run under another sync, in another workspace, or that is not there is 404', async () => {
  const run = await aRunningRun();
  const foreign = await aRun(api.knex, { status: 'running' });
  const other = await ownSync();
  for (const target of [foreign, { ...run, syncId: other.id }, { ...run, id: foreign.id }]) {
    const { status, body } = await cancel(target);
    expect([status, body.code]).toEqual([404, 'not_found']);
    expect(await requestsOf(target)).toEqual([]);
  }
  expect((await cancel({ ...run, id: 'run_nonsense' })).status).toBe(404);
});

test('cancelling needs the scope trigger, and takes no body', async () => {
  const run = await aRunningRun();
  const path = `${pathOf(run)}/cancel`;
  const reader = await api.newToken(['read']);
  expect(await api.send(path, { method: 'POST', token: reader })).toMatchObject({
    status: 403,
    body: { code: 'scope_missing' },
  });
  expect(await api.post(path, { note: 'x' })).toMatchObject({
    status: 400,
    body: { code: 'invalid_request', errors: [{ pointer: '/note', code: 'unknown_key' }] },
  });
  expect(await requestsOf(run)).toEqual([]);
  const trigger = await api.newToken(['trigger']);
  expect((await api.send(path, { method: 'POST', token: trigger })).status).toBe(202);
  expect((await api.send(path, { token: trigger })).status).toBe(405);
});

test('a run is either cancelled on request or finished: a request never stands on a run that ended before it', async () => {
  for (let race = 0; race < 25; race += 1) {
    const run = await aRunningRun();
    const [answer] = await Promise.all([
      cancel(run),
      closeRun(api.knex, run.id, { kind: 'failed', failure: null }),
    ]);
    const row = await api.knex('runs').where({ id: run.id }).first();
    expect(row.status).toBe('failed');
    const types = await api.knex('run_events').where({ run_id: run.id }).orderBy('id').pluck('type');
    if (answer.status === 409) {
      expect(row.cancel_requested_at).toBeNull();
      expect(types).not.toContain('cancel_requested');
    } else {
      expect(answer.status).toBe(202);
      expect(row.cancel_requested_at.getTime()).toBeLessThanOrEqual(row.completed_at.getTime());
      expect(types.slice(-2)).toEqual(['cancel_requested', 'run_failed']);
    }
  }
});

test('a request waits a moment for a run that is being closed, and then says to come again', async () => {
  const run = await aRunningRun();
  const closing = await api.knex.transaction();
  await closing('runs').where({ id: run.id }).forUpdate();
  const { status, body, headers } = await cancel(run);
  expect([status, body.code]).toEqual([503, 'query_timed_out']);
  expect(headers.get('retry-after')).toBe('5');
  await closing.rollback();
  expect((await cancel(run)).status).toBe(202);
});

test('a request does not wait for what the run is writing', async () => {
  const run = await aRunningRun();
  const writing = await api.knex.transaction();
  await writing('sync_leases').where({ sync_id: run.syncId }).forShare();
  await writing('syncs').where({ id: run.syncId }).forKeyShare();
  const asked = await requestCancel(api.knex, {
    workspaceId: api.workspaceId,
    syncId: run.syncId,
    runId: run.id,
    by: 'tok_1',
  });
  expect(asked).toMatchObject({ status: 'running' });
  await writing.rollback();
});
