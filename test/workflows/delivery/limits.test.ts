import { Engine } from '../../support/engine/engine';
import { FaultyDestination, refusal, rowMapping } from '../../support/outside/faulty-destination';
import { PostgresGate } from '../../support/outside/postgres-gate';
import { eventsOf, eventTypes, expectFailed } from '../../support/engine/run-facts';
import { until } from '../../support/until';

const rowCount = 20;
const timedOut = { code: 'timed_out', message: 'Run timed out: its budget is used up' };

// Budget and patience at their edges: what ends first decides, and what has been achieved is kept.
describe('the limits of a run', () => {
  let engine: Engine;
  let far: FaultyDestination;
  beforeAll(async () => {
    [engine, far] = await Promise.all([Engine.start(), FaultyDestination.start()]);
    await engine.warehouse
      .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email
      FROM generate_series(1, ${rowCount}) n`);
  });
  afterAll(() => Promise.all([engine.close(), far.close()]));
  beforeEach(() => far.reset());

  const syncOf = (settings: { budgetSeconds?: number; patienceSeconds?: number }, sourceUrl?: string) =>
    engine.sync({
      sql: 'SELECT * FROM users',
      mapping: rowMapping,
      settings,
      destination: far.destination({ concurrency: 1 }),
      ...(sourceUrl === undefined ? {} : { sourceUrl }),
    });

  test('a budget that ends while a rate limit is waited out ends the wait, and keeps what was sent', async () => {
    far.faultOf = (at) => (at === 0 ? null : refusal(429, { 'retry-after': '300' }));
    const run = await engine.run(await syncOf({ budgetSeconds: 3 }));
    await expectFailed(engine, run, { ...timedOut, outcome: 'partial' });
    expect(run).toMatchObject({ rows_created: 10, rows_not_attempted: rowCount - 10, rows_unknown: 0 });
    expect((await eventsOf(engine, run.id)).filter(({ type }) => type === 'waiting')).toHaveLength(1);
  });

  test('a budget that ends while the source is away ends the run, though its patience would last', async () => {
    const gate = await PostgresGate.openTo(engine.databases.warehouse.url);
    await gate.shut();
    const run = await engine.run(await syncOf({ budgetSeconds: 2 }, gate.url));
    await expectFailed(engine, run, timedOut);
    expect(await eventTypes(engine, run.id)).toContain('waiting');
  });

  test('a budget that ends while a run is closed takes nothing away from it', async () => {
    const runId = await engine.trigger(await syncOf({ budgetSeconds: 4 }));
    const { sync_id: syncId } = await engine.record(runId);
    const holding = await engine.knex.transaction();
    try {
      // The first lock of a close; the work before it takes only shares of this row.
      await until('the run to write', async () =>
        (await eventTypes(engine, runId)).includes('changes_planned'),
      );
      await holding.raw(`SELECT 1 FROM syncs WHERE id = ? FOR NO KEY UPDATE`, [syncId]);
      await until('the end of the budget', async () => {
        const { rows } = await engine.knex.raw(
          `SELECT budget_ends_at < now() AS over FROM runs WHERE id = ?`,
          [runId],
        );
        return rows[0].over;
      });
      expect(await engine.record(runId)).toMatchObject({ status: 'running' });
    } finally {
      await holding.commit();
    }
    expect(await engine.ended(runId)).toMatchObject({
      status: 'completed',
      outcome: 'clean',
      rows_created: rowCount,
      failure_code: null,
    });
  });

  test('patience that is longer than the budget ends with the budget', async () => {
    far.faultOf = () => refusal(503);
    const run = await engine.run(await syncOf({ budgetSeconds: 3, patienceSeconds: 600 }));
    expect(run).toMatchObject({ status: 'failed', failure_code: 'timed_out', counter_mismatch: 0 });
  });

  test('patience that is over ends the run long before its budget, with the trouble as its reason', async () => {
    far.faultOf = () => refusal(429);
    const run = await engine.run(await syncOf({ budgetSeconds: 600, patienceSeconds: 1 }));
    await expectFailed(engine, run, { code: 'rate_limit_exceeded', message: 'Rate limit exceeded' });
    expect(run).toMatchObject({ rows_not_attempted: rowCount });
  });
});
