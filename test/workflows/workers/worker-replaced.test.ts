import { Engine } from '../../support/engine/engine';
import { KillableWorker } from '../../support/processes/killable-worker';
import { eventTypes } from '../../support/engine/run-facts';
import { contactMapping, TestCrm } from '../../support/engine/test-crm';
import { until } from '../../support/until';

const rowCount = 1_000;

// A deploy: the old worker is told to stop while it writes, the new one takes over. Nobody asked for a cancel.
describe('a run whose worker is replaced while it writes', () => {
  let engine: Engine;
  let crm: TestCrm;
  let next: KillableWorker;
  beforeAll(async () => {
    [engine, crm] = await Promise.all([Engine.start({ withWorker: false }), TestCrm.start()]);
    await engine.warehouse
      .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email,
      'Diaz' AS last_name FROM generate_series(1, ${rowCount}) n`);
  });
  afterAll(async () => {
    await next?.kill();
    await Promise.all([engine.close(), crm.close()]);
  });

  test('goes on where it was and completes, without a call made twice', async () => {
    const old = await KillableWorker.start(engine, { shutdownGraceMs: 300 });
    const sync = await engine.sync({
      sql: 'SELECT * FROM users',
      mapping: contactMapping,
      destination: crm.destination({ batch_rows: 10, concurrency: 1 }),
    });
    // A hundred calls of 100 ms: far more than the old worker can make in the time it is given to stop.
    crm.crm.behaviour.change({ latency_ms: 100 });
    const runId = await engine.trigger(sync);
    await until('some batches', () => crm.crm.book.stats().created > 0);
    next = await KillableWorker.start(engine);
    await old.shutDown();
    expect(crm.crm.book.stats().created).toBeLessThan(rowCount);
    expect(await engine.record(runId)).toMatchObject({ status: 'running' });

    crm.crm.behaviour.change({ latency_ms: 0 });
    const run = await engine.ended(runId);
    expect(run).toMatchObject({
      status: 'completed',
      outcome: 'clean',
      rows_created: rowCount,
      rows_updated: 0,
      counter_mismatch: 0,
    });
    expect(crm.crm.book.stats()).toMatchObject({
      contacts: rowCount,
      created: rowCount,
      updated: 0,
      calls: rowCount / 10,
    });
    const types = await eventTypes(engine, runId);
    expect(types.filter((type) => type === 'worker_shutdown')).toHaveLength(1);
    expect(types).not.toContain('run_cancelled');
  });
});
