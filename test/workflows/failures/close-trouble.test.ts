import { Engine } from '../../support/engine/engine';
import { eventTypes, expectFailed, leaseHolder } from '../../support/engine/run-facts';
import { until } from '../../support/until';

// Faults of ours, planted in our own database: closing must end whatever happens, or the sync would never run again.
describe('a run whose closing fails', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start();
    await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'u' || n AS id FROM generate_series(1, 5) n`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY)`);
    await engine.knex.raw(`CREATE FUNCTION break_down() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'broken on purpose'; END $$`);
  });
  afterAll(() => engine.close());

  const aSyncOf = () =>
    engine.sync({
      sql: 'SELECT * FROM users',
      mode: 'mirror',
      mapping: [{ column: 'id', field: 'id' }],
      object: { table: 'contacts' },
    });
  const breakTable = (table: string, syncId: string) =>
    engine.knex.raw(`CREATE TRIGGER broken BEFORE INSERT ON ${table} FOR EACH ROW
      WHEN (NEW.sync_id = '${syncId}') EXECUTE FUNCTION break_down()`);
  const mend = (table: string) => engine.knex.raw(`DROP TRIGGER broken ON ${table}`);

  test('passes with the trouble when that goes away', async () => {
    const sync = await aSyncOf();
    await breakTable('snapshot_deltas', sync);
    const runId = await engine.trigger(sync);
    await until('the writes to be finished', async () =>
      (await eventTypes(engine, runId)).includes('writes_finished'),
    );
    await mend('snapshot_deltas');
    expect(await engine.ended(runId)).toMatchObject({ status: 'completed', rows_created: 5 });
  });

  test('is closed as internal with the cause kept, and the next run offers every row again and deletes none', async () => {
    await engine.target.raw(`TRUNCATE contacts`);
    const sync = await aSyncOf();
    await breakTable('snapshot_deltas', sync);
    const run = await engine.run(sync);
    await expectFailed(engine, run, {
      code: 'internal',
      message: 'Internal error: the run could not be closed in order',
      outcome: 'partial',
    });
    expect(run).toMatchObject({
      rows_created: 5,
      failure_cause: expect.stringContaining('broken on purpose'),
    });
    expect(await leaseHolder(engine, sync)).toBeNull();
    await mend('snapshot_deltas');
    const next = await engine.run(sync);
    expect(next).toMatchObject({ status: 'completed', rows_updated: 5, planned_deletes: 0 });
    expect(await eventTypes(engine, next.id)).toContain('snapshot_rebaselined');
  });
});
