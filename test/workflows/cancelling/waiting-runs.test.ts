import { expectCancelledInTime } from '../../support/engine/cancel-time';
import { Engine } from '../../support/engine/engine';
import { eventTypes, leaseHolder, temporalStatus } from '../../support/engine/run-facts';
import { until } from '../../support/until';

describe('runs that wait', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start();
    await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'u' || n AS id FROM generate_series(1, 5) n`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY)`);
  });
  afterAll(() => engine.close());

  const aSyncOf = (sql = 'SELECT * FROM users') =>
    engine.sync({ sql, mapping: [{ column: 'id', field: 'id' }], object: { table: 'contacts' } });
  const slow = 'SELECT * FROM users WHERE pg_sleep(60) IS NOT NULL';
  const handle = (runId: string) => engine.client.workflow.getHandle(runId);
  const historyOf = async (runId: string) => (await handle(runId).fetchHistory()).events ?? [];
  /** Nothing is scheduled: the workflow waits. */
  const isIdle = async (runId: string) =>
    (await historyOf(runId)).at(-1)?.workflowTaskCompletedEventAttributes !== undefined;
  const started = (runId: string) =>
    until('the run to start', async () => (await eventTypes(engine, runId)).includes('run_started'));

  test('cost no history: neither timer nor repeated step, however long it takes', async () => {
    const sync = await aSyncOf(slow);
    const first = await engine.trigger(sync);
    await started(first);
    const waiting = await engine.trigger(sync);
    const queued = await until('the run to be queued', async () => {
      const events = await historyOf(waiting);
      return events.some((event) => event.activityTaskCompletedEventAttributes) ? events : null;
    });
    await until('its workflow task to be done', () => isIdle(waiting));
    const settled = await historyOf(waiting);
    expect(settled.filter((event) => event.timerStartedEventAttributes)).toEqual([]);
    expect(settled.length - queued.length).toBeLessThanOrEqual(3);

    // A signal without the lease is somebody's mistake: it costs a step and changes nothing.
    await handle(waiting).signal('handOff');
    await until('it to be told', async () => (await eventTypes(engine, waiting)).includes('signal_ignored'));
    expect(await engine.record(waiting)).toMatchObject({ status: 'queued' });
    expect(await leaseHolder(engine, sync)).toBe(first);

    await Promise.all([handle(first).cancel(), handle(waiting).cancel()]);
    for (const runId of [waiting, first]) {
      expect(await engine.ended(runId)).toMatchObject({ status: 'cancelled' });
      await expectCancelledInTime(engine, runId);
    }
  });

  test('whose cancel was asked for before their workflow began do no work, and end when it arrives', async () => {
    const sync = await aSyncOf();
    await engine.knex.raw(`CREATE FUNCTION ask_for_cancel() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.cancel_requested_at := clock_timestamp(); RETURN NEW; END $$;
      CREATE TRIGGER ask BEFORE INSERT ON runs FOR EACH ROW WHEN (NEW.sync_id = '${sync}')
        EXECUTE FUNCTION ask_for_cancel()`);
    const runId = await engine.trigger(sync);
    await until('the run to be claimed', async () => {
      const run = await engine.knex('runs').where({ id: runId }).first();
      return run.first_execution_run_id;
    });
    await until('its workflow task to be done', () => isIdle(runId));
    expect(await engine.record(runId)).toMatchObject({ status: 'queued' });
    await handle(runId).cancel();
    expect(await engine.ended(runId)).toMatchObject({ status: 'cancelled', outcome: 'nothing_applied' });
    expect(await temporalStatus(engine, runId)).toBe('CANCELLED');
    expect(await eventTypes(engine, runId)).toEqual(['run_queued', 'run_admitted', 'run_cancelled']);
  });

  test('for a worker whose hands are full of long queries are still queued, and cancelled at once', async () => {
    const syncs = await Promise.all(Array.from({ length: 21 }, () => aSyncOf(slow)));
    const runs = await Promise.all(syncs.map((sync) => engine.trigger(sync)));
    await Promise.all(runs.map(started));
    const { rows } = await until('every hand to be full', async () => {
      const found = await engine.knex.raw(`SELECT run_id FROM run_phases WHERE run_id = ANY (?)`, [runs]);
      return found.rows.length === 20 && found;
    });
    const unserved = runs.find((id) => !rows.some((row: { run_id: string }) => row.run_id === id)) ?? '';
    await handle(unserved).cancel();
    expect(await engine.ended(unserved)).toMatchObject({ status: 'cancelled', outcome: 'nothing_applied' });
    // The queries take a minute.
    await expectCancelledInTime(engine, unserved);
    await Promise.all(runs.filter((id) => id !== unserved).map((id) => handle(id).cancel()));
    for (const id of runs) {
      expect(await engine.ended(id)).toMatchObject({ status: 'cancelled' });
      await expectCancelledInTime(engine, id);
    }
  });
});
