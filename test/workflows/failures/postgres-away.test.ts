import { Engine } from '../../support/engine/engine';
import { PostgresGate } from '../../support/outside/postgres-gate';
import { eventsOf } from '../../support/engine/run-facts';
import { until } from '../../support/until';

const rowCount = 2_000;

// What a restart of somebody's PostgreSQL looks like from here: connections cut, then refused, then "starting up".
describe('a PostgreSQL that restarts under a run', () => {
  let engine: Engine;
  const gates: PostgresGate[] = [];
  beforeAll(async () => {
    engine = await Engine.start();
    await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n AS email
      FROM generate_series(1, ${rowCount}) n`);
  });
  afterAll(async () => {
    await Promise.all(gates.map((gate) => gate.shut()));
    await engine.close();
  });
  beforeEach(() =>
    engine.target.raw(`DROP TABLE IF EXISTS contacts; CREATE TABLE contacts (id text PRIMARY KEY, email text);
      CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(0.002); RETURN NEW; END $$;
      CREATE TRIGGER slow BEFORE INSERT ON contacts FOR EACH ROW EXECUTE FUNCTION slow()`),
  );

  async function gateTo(url: string): Promise<PostgresGate> {
    const gate = await PostgresGate.openTo(url);
    gates.push(gate);
    return gate;
  }

  const mapping = ['id', 'email'].map((column) => ({ column, field: column }));
  const waits = async (runId: string): Promise<string[]> =>
    (await eventsOf(engine, runId)).flatMap(({ type, detail }) =>
      type === 'waiting' ? [String(detail['reason'])] : [],
    );

  /** Restarts the server behind the gate, and gives it back only when the run has met each stage of it. */
  async function restart(gate: PostgresGate, runId: string, cause: string): Promise<void> {
    await gate.shut();
    await until('the refused connection to be waited out', async () =>
      (await waits(runId)).includes(`${cause}: connection refused`),
    );
    await gate.beginStarting();
    await until('the starting server to be waited out', async () =>
      (await waits(runId)).includes(`${cause}: the server is starting up`),
    );
    await gate.open();
  }

  test('is waited out by the query of the model, which is then read anew', async () => {
    const gate = await gateTo(engine.databases.warehouse.url);
    const sync = await engine.sync({
      // Slow enough to be cut in the middle of it.
      sql: 'SELECT id, email FROM users WHERE pg_sleep(0.002) IS NOT NULL',
      mapping,
      object: { table: 'contacts' },
      sourceUrl: gate.url,
    });
    const runId = await engine.trigger(sync);
    await until('the query to run', async () => {
      const { rows } = await engine.warehouse.raw(
        `SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(0.002)%' AND pid <> pg_backend_pid()`,
      );
      return rows.length > 0;
    });
    await restart(gate, runId, 'Source connection failed');
    expect(await engine.ended(runId)).toMatchObject({
      status: 'completed',
      rows_processed: rowCount,
      rows_created: rowCount,
      counter_mismatch: 0,
    });
  });

  test.each([
    ['in one transaction', {}],
    ['in several', { atomic_rows: 100 }],
  ])('is waited out by the writes %s, and no row is written twice or lost', async (_how, config) => {
    const gate = await gateTo(engine.databases.target.url);
    const sync = await engine.sync({
      sql: 'SELECT id, email FROM users',
      mapping,
      object: { table: 'contacts' },
      destination: { kind: 'postgres', config, secrets: { url: gate.url } },
    });
    const runId = await engine.trigger(sync);
    await until('the writes to begin', async () => {
      const sent = await engine.knex('batches').where({ run_id: runId }).whereNot({ state: 'planned' });
      return sent.length > 0;
    });
    await restart(gate, runId, 'Destination unreachable');
    expect(await engine.ended(runId)).toMatchObject({
      status: 'completed',
      outcome: 'clean',
      rows_created: rowCount,
      rows_updated: 0,
      rows_unknown: 0,
      counter_mismatch: 0,
    });
    const { rows } = await engine.target.raw(`SELECT count(*) AS n FROM contacts`);
    expect(rows[0].n).toBe(rowCount);
  });
});
