import { Engine } from '../../support/engine/engine';
import { until } from '../../support/until';

describe('a worker that is shut down while it reads a model', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start({ withWorker: false });
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY)`);
  });
  afterAll(() => engine.close());

  test('hands the run to the next worker, and nobody takes it for a cancel', async () => {
    const first = await engine.startWorker({ shutdownGraceMs: 0 });
    const sync = await engine.sync({
      // Three seconds of reading, whoever does it.
      sql: `SELECT 'u' || n AS id FROM generate_series(1, 30) n, LATERAL (SELECT pg_sleep(0.1 + n * 0)) s`,
      mapping: [{ column: 'id', field: 'id' }],
      object: { table: 'contacts' },
    });
    const runId = await engine.trigger(sync);
    await until(
      'the query to begin',
      async () => (await engine.knex('run_phases').where({ run_id: runId, phase: 'query' })).length > 0,
    );
    first.shutdown();
    await engine.startWorker();
    expect(await engine.ended(runId)).toMatchObject({
      status: 'completed',
      outcome: 'clean',
      rows_created: 30,
    });
    const [phase] = await engine.knex('run_phases').where({ run_id: runId, phase: 'query' });
    expect(phase.attempts).toBeGreaterThan(1);
  });
});
