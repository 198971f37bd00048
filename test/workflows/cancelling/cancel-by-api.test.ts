// Cancelling through the API while a real engine works: what API, events, Temporal, source and destination say agrees.
import { temporalRunLauncher } from '../../../temporal/run-launcher';
import { enqueueRun } from '../../../db/runs/run-queue';
import { expectCancelledInTime } from '../../support/engine/cancel-time';
import { Engine, type RunRecord } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';
import { eventTypes, leaseHolder, letDeadlinesPass, temporalStatus } from '../../support/engine/run-facts';
import { contactMapping, TestCrm } from '../../support/engine/test-crm';
import { until } from '../../support/until';

// The promise of 5 s is held by the record's own times. Until Temporal says so too, twice that is still no wait of these runs.
const cancelledWithinMs = 10_000;

let engine: Engine;
let api: EngineApi;
let crm: TestCrm;

beforeAll(async () => {
  [engine, crm] = await Promise.all([Engine.start(), TestCrm.start()]);
  api = await engineApi(engine);
  await engine.warehouse
    .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email,
    'Diaz' AS last_name FROM generate_series(1, 40) n`);
  await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY, email text)`);
});
afterAll(async () => {
  await api.close();
  await Promise.all([engine.close(), crm.close()]);
});
beforeEach(() => crm.reset());

const intoTable = (sql = 'SELECT * FROM users') =>
  engine.sync({
    sql,
    mapping: ['id', 'email'].map((column) => ({ column, field: column })),
    object: { table: 'contacts' },
  });
const intoCrm = (config = {}) =>
  engine.sync({
    sql: 'SELECT * FROM users',
    mapping: contactMapping,
    destination: crm.destination({ batch_rows: 10, concurrency: 1, ...config }),
  });
const sleeping = 'SELECT * FROM users WHERE pg_sleep(60) IS NOT NULL';

const pathOf = (sync: string, runId: string) => `/syncs/${sync}/runs/${runId}`;

async function trigger(sync: string): Promise<string> {
  const { status, body } = await api.post(`/syncs/${sync}/trigger`, {});
  expect(status).toBe(202);
  return body.id as string;
}

async function detail(sync: string, runId: string) {
  return (await api.get(pathOf(sync, runId))).body;
}

/** Asks once, waits for the end, and finds the same story everywhere. */
async function cancelled(sync: string, runId: string, outcome = 'nothing_applied'): Promise<RunRecord> {
  const askedAt = Date.now();
  expect((await api.post(`${pathOf(sync, runId)}/cancel`)).status).toBe(202);
  const run = await engine.ended(runId);
  expect(Date.now() - askedAt).toBeLessThan(cancelledWithinMs);
  await expectCancelledInTime(engine, runId);
  await expectOneStory(run, outcome);
  return run;
}

async function expectOneStory(run: RunRecord, outcome: string): Promise<void> {
  expect(run).toMatchObject({ status: 'cancelled', outcome, failure_code: null, counter_mismatch: 0 });
  const path = pathOf(run.sync_id, run.id);
  const [{ body: shown }, { body: events }] = await Promise.all([api.get(path), api.get(`${path}/events`)]);
  expect(shown).toMatchObject({
    status: 'cancelled',
    outcome,
    cancel_requested_at: expect.any(String),
    rows_processed: run.rows_processed,
    rows_created: run.rows_created,
    rows_not_attempted: run.rows_not_attempted,
    rows_unknown: run.rows_unknown,
    progress: null,
    queue: null,
  });
  const types: string[] = events.data.map(({ type }: { type: string }) => type);
  expect(types.filter((type) => type === 'cancel_requested')).toHaveLength(1);
  expect(types.at(-1)).toBe('run_cancelled');
  expect(await temporalStatus(engine, run.id)).toBe('CANCELLED');
  expect(await leaseHolder(engine, run.sync_id)).not.toBe(run.id);
}

async function modelStatements(): Promise<number> {
  const { rows } = await engine.warehouse.raw(
    `SELECT count(*) AS n FROM pg_stat_activity
     WHERE datname = current_database() AND state = 'active' AND query LIKE 'COPY%pg_sleep%'`,
  );
  return rows[0].n;
}

test('a run in the queue leaves it without having begun, and the others keep their places', async () => {
  const sync = await intoTable(sleeping);
  const [querying, waiting, last] = [await trigger(sync), await trigger(sync), await trigger(sync)];
  await until('the statement to run', async () => (await modelStatements()) === 1);
  expect((await detail(sync, last)).queue).toEqual({
    position: 2,
    ahead_run_id: waiting,
    holder_run_id: querying,
  });
  expect(await cancelled(sync, waiting)).toMatchObject({ rows_processed: 0, started_at: null });
  expect(await eventTypes(engine, waiting)).toEqual(['run_queued', 'cancel_requested', 'run_cancelled']);
  expect((await detail(sync, last)).queue).toMatchObject({ position: 1, ahead_run_id: querying });

  await cancelled(sync, querying);
  await until('the last run to query', async () => (await modelStatements()) === 1);
  await cancelled(sync, last);
  expect(await modelStatements()).toBe(0);
  expect(await leaseHolder(engine, sync)).toBeNull();
});

test('a run that queries shows that it lives; cancelled, its statement is gone from the source', async () => {
  const sync = await intoTable(sleeping);
  const runId = await trigger(sync);
  await until('the statement to run', async () => (await modelStatements()) === 1);
  const { progress } = await until('a sign of life', async () => {
    const shown = await detail(sync, runId);
    return shown.progress?.last_heartbeat_at ? shown : null;
  });
  expect(progress).toMatchObject({ phase: 'query', rows_planned: null, rows_answered: 0, waiting_for: null });
  await cancelled(sync, runId);
  expect(await modelStatements()).toBe(0);
});

test('a run that detects changes ends there, and nothing is sent', async () => {
  const sync = await intoTable();
  // The destination's table is locked: asking whether it can be written waits.
  const lock = await engine.target.transaction();
  await lock.raw(`LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE`);
  const runId = await trigger(sync);
  await until('the destination to be asked', async () => {
    // Outside that transaction, which would see the same activity for as long as it lasts.
    const { rows } = await engine.target.raw(
      `SELECT count(*) AS n FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0].n === 1;
  });
  expect((await detail(sync, runId)).progress).toMatchObject({
    phase: 'change_detection',
    rows_read: 40,
    rows_per_second: null,
  });
  const run = await cancelled(sync, runId);
  expect(run).toMatchObject({ rows_processed: 40, rows_not_attempted: 40 });
  await lock.rollback();
  expect(await engine.target('contacts')).toEqual([]);
});

test('a run whose destination hangs ends with exact counts, and what was not answered comes again', async () => {
  crm.crm.behaviour.change({ latency_ms: 30 });
  const sync = await intoCrm({ timeout_seconds: 60 });
  const runId = await trigger(sync);
  await until('the first batch', () => crm.crm.book.stats().created >= 10);
  crm.crm.behaviour.change({ hang: true });
  await until('a call that hangs', () => crm.crm.behaviour.waitingCalls === 1);
  const { created } = crm.crm.book.stats();
  expect((await detail(sync, runId)).progress).toMatchObject({
    phase: 'destination_writes',
    rows_planned: 40,
    rows_answered: created,
  });
  const run = await cancelled(sync, runId, 'partial');
  expect(run).toMatchObject({
    rows_created: created,
    rows_unknown: 10,
    rows_not_attempted: 30 - created,
  });
  crm.crm.behaviour.change({ hang: false, latency_ms: 0 });
  await letDeadlinesPass(engine, sync);
  expect(await engine.run(sync)).toMatchObject({ rows_unchanged: created, rows_created: 40 - created });
  expect(crm.crm.book.stats()).toMatchObject({ contacts: 40, created: 40, updated: 0 });
});

test('a run that waits out a rate limit says so and until when, and is cancelled in the middle of it', async () => {
  crm.crm.behaviour.change({ rate_limit: { per_second: 0 } });
  const sync = await intoCrm();
  const runId = await trigger(sync);
  const { progress } = await until('it to wait', async () => {
    const shown = await detail(sync, runId);
    return shown.progress?.waiting_for ? shown : null;
  });
  expect(progress.waiting_for).toEqual({
    reason: 'Rate limit exceeded',
    since: expect.any(String),
    until: expect.any(String),
  });
  expect(await cancelled(sync, runId)).toMatchObject({ rows_not_attempted: 40, rows_unknown: 0 });
});

test('rows that wait for their turn under a configured pace were never sent, and do not count as unknown', async () => {
  // One call every ten seconds, the look whether it lets us in being the first: the other lane waits for its turn with a
  // batch in hand.
  const sync = await intoCrm({ concurrency: 2, requests_per_second: 0.1 });
  const runId = await trigger(sync);
  await until('one batch to be answered and one to wait', async () => {
    const states = await engine.knex('batches').where({ run_id: runId }).pluck('state');
    return states.includes('acked') && states.includes('sent');
  });
  const run = await cancelled(sync, runId, 'partial');
  expect(run).toMatchObject({ rows_created: 10, rows_unknown: 0, rows_not_attempted: 30 });
  expect(crm.crm.book.stats()).toMatchObject({ created: 10 });
});

test('a run cancelled before it had a workflow does not begin when it gets one', async () => {
  const sync = await intoTable();
  const place = { workspaceId: engine.workspaceId, syncId: sync, trigger: 'api', kind: 'normal' } as const;
  const { runId, workflowId } = await enqueueRun(engine.knex, {
    ...place,
    triggeredBy: null,
    note: null,
    allowDeletes: false,
  });
  const cancel = () => api.post(`${pathOf(sync, runId)}/cancel`);
  expect(await cancel()).toMatchObject({ status: 202, body: { status: 'queued' } });
  const launcher = temporalRunLauncher(engine.client, engine.taskQueue);
  await launcher.start({ ...place, runId, workflowId, summary: 'Users → Table (api)' });
  await until('a worker to have taken it', async () => {
    const run = await engine.knex('runs').where({ id: runId }).first();
    return run.first_execution_run_id;
  });
  // As the reconciler delivers it once Temporal has the workflow.
  expect((await cancel()).status).toBe(202);
  const run = await engine.ended(runId);
  await expectOneStory(run, 'nothing_applied');
  expect(run).toMatchObject({ started_at: null, rows_processed: 0 });
  expect(await eventTypes(engine, runId)).not.toContain('run_started');
});

test('many cancels at once are one, and after the end each is answered with the cancelled run', async () => {
  const sync = await intoTable(sleeping);
  const runId = await trigger(sync);
  const cancel = () => api.post(`${pathOf(sync, runId)}/cancel`);
  const answers = await Promise.all(Array.from({ length: 10 }, cancel));
  // Those that come after the end find it cancelled.
  for (const { status } of answers) expect([200, 202]).toContain(status);
  const run = await engine.ended(runId);
  await expectOneStory(run, 'nothing_applied');
  await expectCancelledInTime(engine, runId);
  expect(await cancel()).toMatchObject({ status: 200, body: { status: 'cancelled', id: runId } });
  expect(await engine.record(runId)).toEqual(run);
});
