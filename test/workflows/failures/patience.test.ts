import { setTimeout as sleep } from 'node:timers/promises';
import { Engine } from '../../support/engine/engine';
import { PostgresGate } from '../../support/outside/postgres-gate';
import { eventTypes } from '../../support/engine/run-facts';
import { until } from '../../support/until';

const rowCount = 30;
const patienceSeconds = 2;
// Longer than patience: work that counted against it would use it up.
const workMs = patienceSeconds * 1_000 + 500;

// Patience counts trouble, not work: what a run may do between two setbacks without coming nearer to its failure.
describe('patience', () => {
  let engine: Engine;
  let gate: PostgresGate;
  beforeAll(async () => {
    engine = await Engine.start();
    await engine.warehouse.raw(
      `CREATE TABLE users AS SELECT 'u' || n AS id FROM generate_series(1, ${rowCount}) n`,
    );
    await engine.warehouse.raw(`CREATE TABLE pace AS SELECT 60.0 AS seconds`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY)`);
  });
  afterAll(() => engine.close());
  beforeEach(() => engine.target.raw(`TRUNCATE contacts`));
  afterEach(() => gate.shut());

  const syncOf = (sql: string, through: { sourceUrl?: string; url?: string }) =>
    engine.sync({
      sql,
      mapping: [{ column: 'id', field: 'id' }],
      object: { table: 'contacts' },
      settings: { patienceSeconds },
      ...(through.sourceUrl === undefined ? {} : { sourceUrl: through.sourceUrl }),
      ...(through.url === undefined
        ? {}
        : { destination: { kind: 'postgres', config: {}, secrets: { url: through.url } } }),
    });
  const untilWaited = (runId: string, times: number) =>
    until(`setback ${times}`, async () => {
      const types = await eventTypes(engine, runId);
      if (types.includes('run_failed')) throw new Error(`the run failed before setback ${times}`);
      return types.filter((type) => type === 'waiting').length === times;
    });
  const cutAndOpen = async () => {
    await gate.shut();
    await gate.open();
  };
  /** Waits for a query other than the one told; returns which it is. */
  const untilReading = (other = 0): Promise<number> =>
    until('the query to run', async () => {
      const { rows } = await engine.warehouse.raw(
        `SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'active' AND query LIKE 'COPY%' AND pid <> ?`,
        [other],
      );
      return rows[0]?.pid;
    });

  test('is not used up by a query that ran long before it broke again', async () => {
    gate = await PostgresGate.openTo(engine.databases.warehouse.url);
    const slow = `SELECT id FROM users WHERE pg_sleep((SELECT seconds FROM pace) / ${rowCount}) IS NOT NULL`;
    const runId = await engine.trigger(await syncOf(slow, { sourceUrl: gate.url }));
    const first = await untilReading();
    await cutAndOpen();
    await untilWaited(runId, 1);
    await untilReading(first);
    await sleep(workMs);
    await engine.warehouse.raw(`UPDATE pace SET seconds = 0`);
    await cutAndOpen();
    await untilWaited(runId, 2);
    expect(await engine.ended(runId)).toMatchObject({ status: 'completed', rows_created: rowCount });
  });

  test('is used up by a source that breaks off every time, however many rows it gave', async () => {
    gate = await PostgresGate.openTo(engine.databases.warehouse.url);
    const sql = `SELECT id FROM users WHERE id <> 'u${rowCount}' OR pg_terminate_backend(pg_backend_pid())`;
    const run = await engine.run(await syncOf(sql, { sourceUrl: gate.url }));
    expect(run).toMatchObject({ status: 'failed', failure_code: 'source_connection_failed' });
    const waits = (await eventTypes(engine, run.id)).filter((type) => type === 'waiting');
    expect(waits.length).toBeGreaterThan(1);
  });

  test('is not used up by planning between two tries to reach the destination', async () => {
    gate = await PostgresGate.openTo(engine.databases.target.url);
    await gate.shut();
    const runId = await engine.trigger(await syncOf('SELECT id FROM users', { url: gate.url }));
    await untilWaited(runId, 1);
    // The plan is made from the journal's batches: it takes as long as they are locked.
    const holding = await engine.knex.transaction();
    await holding.raw(`LOCK TABLE journal_batches IN ACCESS EXCLUSIVE MODE`);
    await until('the plan to be held up', async () => {
      const { rows } = await engine.knex.raw(
        `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'journal_batches'::regclass
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return rows.length > 0;
    });
    await sleep(workMs);
    await holding.commit();
    await untilWaited(runId, 2);
    await gate.open();
    expect(await engine.ended(runId)).toMatchObject({ status: 'completed', rows_created: rowCount });
  });
});
