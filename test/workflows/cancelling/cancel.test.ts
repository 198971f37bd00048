import { expectCancelledInTime } from '../../support/engine/cancel-time';
import { Engine, type RunRecord } from '../../support/engine/engine';
import { eventTypes, leaseHolder, letDeadlinesPass, temporalStatus } from '../../support/engine/run-facts';
import { contactMapping, TestCrm } from '../../support/engine/test-crm';
import { until } from '../../support/until';

// The promise of 5 s is held by the record's own times; until Temporal has said so too, twice that is still far below any
// of the waits cancelled here.
const cancelledWithinMs = 10_000;

describe('a cancelled run', () => {
  let engine: Engine;
  let crm: TestCrm;
  beforeAll(async () => {
    [engine, crm] = await Promise.all([Engine.start(), TestCrm.start()]);
    await engine.warehouse
      .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email,
      'Diaz' AS last_name FROM generate_series(1, 40) n`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY, email text)`);
  });
  afterAll(() => Promise.all([engine.close(), crm.close()]));
  beforeEach(async () => {
    crm.reset();
    await engine.target.raw(`TRUNCATE contacts`);
  });

  const intoTable = (sql = 'SELECT * FROM users') =>
    engine.sync({
      sql,
      mapping: ['id', 'email'].map((column) => ({ column, field: column })),
      object: { table: 'contacts' },
    });
  const intoCrm = (config = {}) =>
    engine.sync({
      sql: 'SELECT * FROM users',
      mapping: contactMapping,
      destination: crm.destination({ batch_rows: 10, concurrency: 1, ...config }),
    });

  const cancel = (runId: string) => engine.client.workflow.getHandle(runId).cancel();

  const expectCancelled = async (run: RunRecord, outcome = 'nothing_applied') => {
    expect(run).toMatchObject({ status: 'cancelled', outcome, failure_code: null, counter_mismatch: 0 });
    expect(await temporalStatus(engine, run.id)).toBe('CANCELLED');
    expect((await eventTypes(engine, run.id)).at(-1)).toBe('run_cancelled');
    await expectCancelledInTime(engine, run.id);
  };

  const modelStatements = async (): Promise<number> => {
    const { rows } = await engine.warehouse.raw(
      `SELECT count(*) AS n FROM pg_stat_activity
       WHERE datname = current_database() AND state = 'active' AND query LIKE 'COPY%pg_sleep%'`,
    );
    return rows[0].n;
  };

  test('that queries the model stops its statement in the source, and the runs behind it go on in their order', async () => {
    const sync = await intoTable('SELECT * FROM users WHERE pg_sleep(60) IS NOT NULL');
    const querying = await engine.trigger(sync);
    const waiting = await engine.trigger(sync);
    const last = await engine.trigger(sync);
    await until('the statement to run', async () => (await modelStatements()) === 1);

    await cancel(waiting);
    const neverStarted = await engine.ended(waiting);
    await expectCancelled(neverStarted);
    expect(neverStarted).toMatchObject({ rows_processed: 0, started_at: null });
    expect(await eventTypes(engine, waiting)).toEqual(['run_queued', 'run_cancelled']);
    expect(await engine.record(querying)).toMatchObject({ status: 'running' });

    const askedAt = Date.now();
    await cancel(querying);
    const stopped = await engine.ended(querying);
    await expectCancelled(stopped);
    expect(stopped).toMatchObject({ rows_processed: 0 });
    expect(Date.now() - askedAt).toBeLessThan(cancelledWithinMs);

    await until('the last run to query in its place', async () => (await leaseHolder(engine, sync)) === last);
    await until('its statement to run', async () => (await modelStatements()) === 1);
    await cancel(last);
    await expectCancelled(await engine.ended(last));
    expect(await modelStatements()).toBe(0);
    expect(await leaseHolder(engine, sync)).toBeNull();
  });

  test('that writes to a destination that hangs ends soon; what was sent is unknown, and all of it stays due', async () => {
    crm.crm.behaviour.change({ latency_ms: 30 });
    const sync = await intoCrm({ timeout_seconds: 60 });
    const runId = await engine.trigger(sync);
    await until('the first batch', () => crm.crm.book.stats().created >= 10);
    crm.crm.behaviour.change({ hang: true });
    await until('a call that hangs', () => crm.crm.behaviour.waitingCalls === 1);
    const created = crm.crm.book.stats().created;
    const askedAt = Date.now();
    await cancel(runId);
    const run = await engine.ended(runId);
    expect(Date.now() - askedAt).toBeLessThan(cancelledWithinMs);
    await expectCancelled(run, 'partial');
    expect(run).toMatchObject({
      rows_processed: 40,
      rows_created: created,
      rows_unknown: 10,
      rows_not_attempted: 40 - created - 10,
    });
    crm.crm.behaviour.change({ hang: false, latency_ms: 0 });
    await letDeadlinesPass(engine, sync);
    expect(await engine.run(sync)).toMatchObject({ rows_unchanged: created, rows_created: 40 - created });
    expect(crm.crm.book.stats()).toMatchObject({ contacts: 40, created: 40, updated: 0 });
  });

  test('lets the call that is open answer, so that nothing is left unknown', async () => {
    crm.crm.behaviour.change({ latency_ms: 700 });
    const sync = await intoCrm();
    const runId = await engine.trigger(sync);
    await until('the first batch to be sent', async () => {
      const [sent] = await engine.knex('batches').where({ run_id: runId, state: 'sent' });
      return sent;
    });
    await cancel(runId);
    const run = await engine.ended(runId);
    const { created } = crm.crm.book.stats();
    await expectCancelled(run, 'partial');
    expect(run).toMatchObject({ rows_created: created, rows_unknown: 0, rows_not_attempted: 40 - created });
    expect(created).toBeLessThan(40);
  });

  test('that waits for its destination to come back does not wait to the end', async () => {
    crm.crm.behaviour.change({ rate_limit: { per_second: 0 } });
    const sync = await intoCrm();
    const runId = await engine.trigger(sync);
    await until('it to wait', async () => (await eventTypes(engine, runId)).includes('waiting'));
    await cancel(runId);
    const run = await engine.ended(runId);
    await expectCancelled(run);
    expect(run).toMatchObject({ rows_not_attempted: 40, rows_unknown: 0 });
  });

  test('in the middle of one transaction leaves the table as it was', async () => {
    await engine.target.raw(`CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;
      CREATE TRIGGER dawdle BEFORE INSERT ON contacts FOR EACH STATEMENT EXECUTE FUNCTION dawdle()`);
    const sync = await intoTable();
    const runId = await engine.trigger(sync);
    await until('the transaction to be open', async () => {
      const [sent] = await engine.knex('batches').where({ run_id: runId, state: 'sent' });
      return sent;
    });
    await cancel(runId);
    const run = await engine.ended(runId);
    await expectCancelled(run);
    expect(run).toMatchObject({ rows_not_attempted: 40, rows_unknown: 0 });
    await engine.target.raw(`DROP TRIGGER dawdle ON contacts`);
    expect(await engine.target('contacts')).toEqual([]);
    expect(await engine.run(sync)).toMatchObject({ outcome: 'clean', rows_created: 40 });
  });

  test('twice is the same as once, and after its end it changes nothing', async () => {
    const sync = await intoTable('SELECT * FROM users WHERE pg_sleep(60) IS NOT NULL');
    const runId = await engine.trigger(sync);
    await Promise.all([cancel(runId), cancel(runId)]);
    const run = await engine.ended(runId);
    await expectCancelled(run);
    await cancel(runId).catch((error: Error) => expect(error.name).toBe('WorkflowNotFoundError'));
    expect(await engine.record(runId)).toEqual(run);
  });
});
