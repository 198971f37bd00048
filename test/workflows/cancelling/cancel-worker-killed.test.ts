// A cancel at the very moment at which the worker of the run dies: another one takes over and ends the run, on time.
import { cancelTook } from '../../support/engine/cancel-time';
import { Engine } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';
import { KillableWorker } from '../../support/processes/killable-worker';
import { eventTypes, letDeadlinesPass, temporalStatus } from '../../support/engine/run-facts';
import { contactMapping, TestCrm } from '../../support/engine/test-crm';
import { until } from '../../support/until';

/** What is promised, from the asking to the end, by the database's clock. */
const promisedMs = 10_000;
const rowCount = 40;
const batchRows = 10;
// When each run is cancelled, from the kill of their worker on. The close ones meet it with the workflow's task in hand.
const momentsMs = [-300, -40, -25, -10, 0, 10, 25, 300];

let engine: Engine;
let api: EngineApi;
let crm: TestCrm;
let first: KillableWorker;
let second: KillableWorker;

beforeAll(async () => {
  [engine, crm] = await Promise.all([Engine.start({ withWorker: false }), TestCrm.start()]);
  api = await engineApi(engine);
  await engine.warehouse
    .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email, 'Diaz' AS last_name
    FROM generate_series(1, ${rowCount}) n`);
}, 60_000);
afterEach(async () => {
  await first.kill();
  await second.shutDown();
});
afterAll(async () => {
  await api.close();
  await Promise.all([engine.close(), crm.close()]);
}, 60_000);

// Through the API: how a workflow is started is a part of the promise.
async function trigger(sync: string): Promise<string> {
  const { status, body } = await api.post(`/syncs/${sync}/trigger`, {});
  expect(status).toBe(202);
  return body.id as string;
}

test('runs cancelled as their worker dies are ended by another, on time, and what was open comes again', async () => {
  first = await KillableWorker.start(engine);
  crm.crm.behaviour.change({ hang: true });
  const syncs = await Promise.all(
    momentsMs.map(() =>
      engine.sync({
        sql: 'SELECT * FROM users',
        mapping: contactMapping,
        destination: crm.destination({ batch_rows: batchRows, concurrency: 1, timeout_seconds: 60 }),
      }),
    ),
  );
  const runIds = await Promise.all(syncs.map(trigger));
  await until('every run to have a call that hangs', () => crm.crm.behaviour.waitingCalls === runIds.length);
  second = await KillableWorker.start(engine);

  const killAt = Date.now() + 1_000;
  const at = (moment: number) => new Promise((resolve) => setTimeout(resolve, moment - Date.now()));
  const asked = runIds.map(async (runId, index) => {
    await at(killAt + (momentsMs[index] ?? 0));
    const answer = await api.post(`/syncs/${syncs[index]}/runs/${runId}/cancel`);
    expect(answer.status).toBe(202);
  });
  await Promise.all([at(killAt).then(() => first.kill()), ...asked]);

  const took: number[] = [];
  for (const runId of runIds) {
    const run = await engine.ended(runId);
    expect(run).toMatchObject({ status: 'cancelled', outcome: 'partial', counter_mismatch: 0 });
    // One batch has an open call. Another is marked as sent and waits for it to end: a worker that still lives takes it
    // back, after its death nobody can tell them apart.
    expect(run.rows_created).toBe(0);
    expect([batchRows, 2 * batchRows]).toContain(run.rows_unknown);
    expect(run.rows_not_attempted).toBe(rowCount - run.rows_unknown);
    expect(await temporalStatus(engine, runId)).toBe('CANCELLED');
    expect((await eventTypes(engine, runId)).at(-1)).toBe('run_cancelled');
    took.push(await cancelTook(engine, runId));
  }
  expect(Math.max(...took)).toBeLessThan(promisedMs);

  crm.crm.behaviour.change({ hang: false });
  const [sync = ''] = syncs;
  await letDeadlinesPass(engine, sync);
  expect(await engine.run(sync)).toMatchObject({ outcome: 'clean', counter_mismatch: 0 });
  expect(crm.crm.book.stats()).toMatchObject({ contacts: rowCount });
}, 60_000);
