import { Engine, type RunRecord } from '../../support/engine/engine';
import { FaultyDestination, refusal, rowMapping } from '../../support/outside/faulty-destination';
import { changeModel, eventTypes, expectFailed, letDeadlinesPass } from '../../support/engine/run-facts';
import { until } from '../../support/until';

const rowCount = 40;
const batches = rowCount / 10;

// One failure at each place where one thing is done and the next has not begun. Before the first write a run fails with
// no call made; after it, with exact counts. The next run carries on from there.
describe('a failure between two steps of a run', () => {
  let engine: Engine;
  let far: FaultyDestination;
  beforeAll(async () => {
    [engine, far] = await Promise.all([Engine.start(), FaultyDestination.start()]);
    await engine.warehouse
      .raw(`CREATE TABLE users AS SELECT n, 'u' || n AS id, 'e' || n || '@example.org' AS email
      FROM generate_series(1, ${rowCount}) n`);
    await engine.knex.raw(`CREATE FUNCTION break_down() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'broken on purpose'; END $$`);
  });
  afterAll(() => Promise.all([engine.close(), far.close()]));
  beforeEach(() => far.reset());

  const rows = 'SELECT id, email FROM users ORDER BY n';
  const intoFar = (sql = rows, settings = {}) =>
    engine.sync({
      sql,
      mapping: rowMapping,
      settings,
      destination: far.destination({ concurrency: 1, timeout_seconds: 1 }),
    });

  const expectUntouched = (run: RunRecord, processed: number): void => {
    expect(far.calls).toEqual([]);
    expect(run).toMatchObject({ rows_processed: processed, rows_not_attempted: processed, rows_unknown: 0 });
  };

  /** The run after the failed one sends what is still due, and then the destination holds every row. */
  const expectNextCarriesOn = async (syncId: string, due: number): Promise<void> => {
    far.faultOf = () => null;
    far.stub.answerHead(() => 405);
    await letDeadlinesPass(engine, syncId);
    expect(await engine.run(syncId)).toMatchObject({
      status: 'completed',
      rows_processed: rowCount,
      rows_unchanged: rowCount - due,
      rows_created: due,
      rows_failed: 0,
      counter_mismatch: 0,
    });
    expect(far.taken.size).toBe(rowCount);
  };

  test.each([
    ['the query is opened', 'SELECT id, email FROM nowhere', 'relation "nowhere" does not exist'],
    [
      'half of the rows have been read',
      `SELECT id, email || 1 / (n - ${rowCount / 2}) AS email FROM users`,
      'division by zero',
    ],
    [
      'the last row has been read',
      `SELECT id, email FROM users UNION ALL SELECT 'x', (1 / (count(*) - ${rowCount}))::text FROM users`,
      'division by zero',
    ],
  ])('when %s fails the run with no call made', async (_when, sql, detail) => {
    const syncId = await intoFar(sql);
    const run = await engine.run(syncId);
    await expectFailed(engine, run, {
      code: 'model_query_failed',
      message: expect.stringContaining(detail),
    });
    expectUntouched(run, 0);
    await changeModel(engine, syncId, { sql: rows });
    await expectNextCarriesOn(syncId, rowCount);
  });

  test('when the destination is prepared fails the run with no call made', async () => {
    far.stub.answerHead(() => 403);
    const run = await engine.run(await intoFar());
    await expectFailed(engine, run, {
      code: 'destination_auth_expired',
      message: 'Destination authentication expired',
    });
    expectUntouched(run, rowCount);
    await expectNextCarriesOn(run.sync_id, rowCount);
  });

  test.each<[string, number, number, Partial<RunRecord>]>([
    ['at the first call', 0, 0, { outcome: 'nothing_applied' }],
    ['after the first batch', 1, 10, { outcome: 'partial' }],
    ['at the last batch', batches - 1, rowCount - 10, { outcome: 'partial' }],
  ])('%s is told with exact counts', async (_when, goodCalls, created, { outcome }) => {
    far.faultOf = (at) => (at < goodCalls ? null : refusal(404));
    const run = await engine.run(await intoFar());
    await expectFailed(engine, run, {
      code: 'destination_misconfigured',
      message: 'Destination cannot take this sync: HTTP 404',
      outcome: outcome ?? '',
    });
    expect(run).toMatchObject({
      rows_created: created,
      rows_not_attempted: rowCount - created,
      rows_unknown: 0,
    });
    expect(far.calls).toHaveLength(goodCalls + 1);
    await expectNextCarriesOn(run.sync_id, rowCount - created);
  });

  test('after the first batch, in the middle of a call that had effect, leaves those rows unknown', async () => {
    far.faultOf = (at) => (at === 0 ? null : (_response, take) => take());
    const run = await engine.run(await intoFar(rows, { patienceSeconds: 1 }));
    await expectFailed(engine, run, {
      code: 'destination_unreachable',
      message: 'Destination unreachable: timeout',
      outcome: 'partial',
    });
    expect(run).toMatchObject({ rows_created: 10, rows_unknown: 10, rows_not_attempted: rowCount - 20 });
    expect(far.taken.size).toBe(20);
    far.faultOf = () => null;
    await letDeadlinesPass(engine, run.sync_id);
    // Rows without an answer are offered again, as updates: over there they may be new or not.
    expect(await engine.run(run.sync_id)).toMatchObject({ status: 'completed', rows_unchanged: 10 });
    expect(far.taken.size).toBe(rowCount);
  });

  // Faults of our own database between the steps, which go away: no step is taken twice, none is left out.
  test.each([
    ['when the journal is published', 'journals', 'UPDATE', 'NEW.published_at IS NOT NULL', 'query'],
    ['when the plan is published', 'change_plans', 'INSERT', 'true', 'change_detection'],
    ['when a batch is handed over', 'batches', 'UPDATE', `NEW.state = 'sent'`, 'destination_writes'],
    [
      'when an answer is written down',
      'batches',
      'UPDATE',
      `NEW.state = 'acked' AND NEW.batch_no = 2`,
      'destination_writes',
    ],
    [
      'when the end of the writes is told',
      'run_events',
      'INSERT',
      `NEW.type = 'writes_finished'`,
      'destination_writes',
    ],
  ])('%s is passed by the next try', async (_when, table, act, condition, phase) => {
    const syncId = await intoFar();
    const ofSync = table === 'run_events' ? `NEW.sync_id = '${syncId}'` : 'true';
    await engine.knex.raw(`CREATE TRIGGER broken BEFORE ${act} ON ${table} FOR EACH ROW
      WHEN (${condition} AND ${ofSync}) EXECUTE FUNCTION break_down()`);
    const runId = await engine.trigger(syncId);
    await until('the phase to be tried again', async () =>
      (await eventTypes(engine, runId)).includes('phase_retried'),
    );
    await engine.knex.raw(`DROP TRIGGER broken ON ${table}`);
    expect(await engine.ended(runId)).toMatchObject({
      status: 'completed',
      outcome: 'clean',
      rows_created: rowCount,
      rows_unknown: 0,
      counter_mismatch: 0,
    });
    const { attempts } = await engine.knex('run_phases').where({ run_id: runId, phase }).first();
    expect(attempts).toBeGreaterThan(1);
    // One key per batch, however often a batch was sent; rows came twice only where their answer could not be kept.
    expect(new Set(far.calls.map(({ key }) => key)).size).toBe(batches);
    for (const keys of far.taken.values()) expect(new Set(keys).size).toBe(1);
    expect(far.taken.size).toBe(rowCount);
    expect(await engine.knex('batches').where({ run_id: runId })).toHaveLength(batches);
  });
});
