import { Engine } from '../../support/engine/engine';
import { eventTypes } from '../../support/engine/run-facts';
import { contactMapping, TestCrm } from '../../support/engine/test-crm';
import { until } from '../../support/until';

// Temporal ends a workflow whose history grows past a limit; a run of days goes on in a new execution before that.
describe('a run whose history has grown long', () => {
  let engine: Engine;
  let crm: TestCrm;
  beforeAll(async () => {
    [engine, crm] = await Promise.all([Engine.start(), TestCrm.start()]);
    await engine.warehouse
      .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email,
      'Diaz' AS last_name FROM generate_series(1, 40) n`);
  });
  afterAll(() => Promise.all([engine.close(), crm.close()]));
  beforeEach(() => crm.reset());

  const executionOf = async (runId: string): Promise<string> =>
    (await engine.client.workflow.getHandle(runId).describe()).runId;

  /** A run that keeps meeting a rate limit, whose history was made long meanwhile. */
  async function aLongRun(patienceSeconds: number): Promise<{ runId: string; firstExecution: string }> {
    const sync = await engine.sync({
      sql: 'SELECT * FROM users',
      mapping: contactMapping,
      settings: { patienceSeconds },
      destination: crm.destination({ batch_rows: 10, concurrency: 1 }),
    });
    crm.crm.behaviour.change({ rate_limit: { per_second: 0 } });
    const runId = await engine.trigger(sync);
    const firstExecution = await executionOf(runId);
    await until('it to wait', async () => (await eventTypes(engine, runId)).includes('waiting'));
    // 4 MB of history are the server's limit for its advice; these signals say nothing new to the run.
    const handle = engine.client.workflow.getHandle(runId);
    for (let sent = 0; sent < 5; sent += 1) await handle.signal('handOff', 'x'.repeat(1_000_000));
    return { runId, firstExecution };
  }

  test('goes on in a new execution, without reading its model or sending anything twice', async () => {
    const { runId, firstExecution } = await aLongRun(600);
    await until('the new execution', async () => (await executionOf(runId)) !== firstExecution);
    crm.crm.behaviour.change({ rate_limit: null });
    const run = await engine.ended(runId);
    expect(run).toMatchObject({
      status: 'completed',
      outcome: 'clean',
      rows_processed: 40,
      rows_created: 40,
    });
    expect(run).toMatchObject({ first_execution_run_id: firstExecution });
    expect(crm.crm.book.stats()).toMatchObject({ created: 40, updated: 0 });
    expect(await engine.knex('journals').where({ run_id: runId })).toHaveLength(1);
    const types = await eventTypes(engine, runId);
    for (const type of ['run_started', 'model_read', 'changes_planned', 'run_completed']) {
      expect(types.filter((one) => one === type)).toEqual([type]);
    }
  });

  test('can still be cancelled', async () => {
    const { runId, firstExecution } = await aLongRun(600);
    await until('the new execution', async () => (await executionOf(runId)) !== firstExecution);
    await engine.client.workflow.getHandle(runId).cancel();
    expect(await engine.ended(runId)).toMatchObject({ status: 'cancelled', rows_not_attempted: 40 });
  });

  test('fails all the same when its patience is over', async () => {
    const { runId, firstExecution } = await aLongRun(4);
    const run = await engine.ended(runId);
    expect(run).toMatchObject({
      status: 'failed',
      failure_code: 'rate_limit_exceeded',
      rows_not_attempted: 40,
    });
    expect(await executionOf(runId)).not.toBe(firstExecution);
  });
});
