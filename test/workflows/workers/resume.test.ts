import { Engine, type RunRecord } from '../../support/engine/engine';
import { eventTypes, letDeadlinesPass } from '../../support/engine/run-facts';
import { outOfScope, retry } from '../../support/engine/retry';
import { contactMapping, TestCrm } from '../../support/engine/test-crm';
import { until } from '../../support/until';

const scope = 'not_attempted';
const rowCount = 40;

describe('a resumed run', () => {
  let engine: Engine;
  let crm: TestCrm;
  beforeAll(async () => {
    [engine, crm] = await Promise.all([Engine.start(), TestCrm.start()]);
    await engine.warehouse.raw(`CREATE TABLE users (id text, email text, last_name text DEFAULT 'Diaz')`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY, email text CHECK (email <> 'bad'))`);
  });
  afterAll(() => Promise.all([engine.close(), crm.close()]));
  beforeEach(async () => {
    crm.reset();
    await engine.warehouse.raw(`TRUNCATE users`);
    await engine.target.raw(`TRUNCATE contacts`);
    await engine.warehouse.raw(
      `INSERT INTO users SELECT 'u' || n, 'e' || n || '@x.org' FROM generate_series(1, ?::int) n`,
      [rowCount],
    );
  });

  const user = async (id: string, email: string | null) => {
    await engine.warehouse('users').where({ id }).delete();
    if (email !== null) await engine.warehouse('users').insert({ id, email });
  };
  const intoCrm = (sketch = {}, config = {}) =>
    engine.sync({
      sql: 'SELECT * FROM users ORDER BY substr(id, 2)::int',
      mapping: contactMapping,
      destination: crm.destination({ batch_rows: 2, concurrency: 1, ...config }),
      ...sketch,
    });
  const intoTable = (sketch = {}) =>
    engine.sync({
      sql: 'SELECT * FROM users',
      mapping: ['id', 'email'].map((column) => ({ column, field: column })),
      object: { table: 'contacts' },
      ...sketch,
    });

  /** Cancels once `holds`, and waits for the end. */
  const cancelledWhen = async (
    runId: string,
    what: string,
    holds: () => Promise<boolean> | boolean,
  ): Promise<RunRecord> => {
    await until(what, holds);
    await engine.client.workflow.getHandle(runId).cancel();
    const run = await engine.ended(runId);
    expect(run).toMatchObject({ status: 'cancelled', counter_mismatch: 0 });
    return run;
  };
  /** Lets the CRM take some calls and then no more, and cancels the run that waits for it. */
  const cancelledAfter = async (runId: string, what: string, holds: () => boolean): Promise<RunRecord> => {
    await until(what, holds);
    crm.crm.behaviour.change({ rate_limit: { per_second: 0 } });
    const waits = async () => (await eventTypes(engine, runId)).includes('waiting');
    const run = await cancelledWhen(runId, 'it to wait', waits);
    crm.crm.behaviour.change({ rate_limit: null, latency_ms: 0 });
    expect(run).toMatchObject({ outcome: 'partial', rows_unknown: 0 });
    return run;
  };
  const sends = (runId: string) => async () =>
    (await engine.knex('batches').where({ run_id: runId, state: 'sent' })).length > 0;

  test('sends what a cancel in the middle of writing left unsent, and nothing that has changed since', async () => {
    crm.crm.behaviour.change({ latency_ms: 150 });
    const sync = await intoCrm();
    const first = await engine.trigger(sync);
    const cancelled = await cancelledAfter(first, 'a batch', () => crm.crm.book.stats().created > 0);
    const { rows_created: created, rows_not_attempted: left } = cancelled;
    expect(created + left).toBe(rowCount);
    expect(left).toBeGreaterThan(0);

    // Changed: a row that was written, one that was not; and a new one.
    await user('u1', 'changed@x.org');
    await user('u40', 'changed@x.org');
    await user('u41', 'e41@x.org');
    const resumed = await retry(engine, cancelled, { scope });
    expect(resumed).toMatchObject({
      outcome: 'clean',
      rows_processed: rowCount + 1,
      rows_created: left,
      rows_unchanged: created - 1,
      rows_skipped: 2,
      counter_mismatch: 0,
    });
    expect(await outOfScope(engine, resumed.id)).toBe(2);
    expect(crm.emails()).toMatchObject({ u1: 'e1@x.org', u40: 'changed@x.org' });
    expect(crm.crm.book.stats()).toMatchObject({ contacts: rowCount, created: rowCount, updated: 0 });
    expect(await engine.run(sync)).toMatchObject({ rows_created: 1, rows_updated: 1 });
  });

  test('sends everything that was planned when a cancel came before the first row went out', async () => {
    crm.crm.behaviour.change({ rate_limit: { per_second: 0 } });
    const sync = await intoCrm();
    const first = await engine.trigger(sync);
    const cancelled = await cancelledWhen(first, 'it to wait', async () =>
      (await eventTypes(engine, first)).includes('waiting'),
    );
    expect(cancelled).toMatchObject({ outcome: 'nothing_applied', rows_not_attempted: rowCount });
    crm.crm.behaviour.change({ rate_limit: null });
    await user('u41', 'e41@x.org');
    expect(await retry(engine, cancelled, { scope })).toMatchObject({
      outcome: 'clean',
      rows_created: rowCount,
      rows_skipped: 1,
      counter_mismatch: 0,
    });
  });

  test('sends every changed row of a run that ended before it had a plan', async () => {
    await engine.target.raw(`ALTER TABLE contacts RENAME TO elsewhere`);
    const sync = await intoTable();
    const first = await engine.run(sync);
    await engine.target.raw(`ALTER TABLE elsewhere RENAME TO contacts`);
    expect(first).toMatchObject({ status: 'failed', rows_not_attempted: rowCount });
    await user('u41', 'e41@x.org');
    expect(await retry(engine, first, { scope })).toMatchObject({
      outcome: 'clean',
      rows_created: rowCount,
      rows_skipped: 1,
      counter_mismatch: 0,
    });
    expect(await engine.target('contacts')).toHaveLength(rowCount);
  });

  test('of a retry that ended before it had a plan stays within the scope of that retry', async () => {
    for (const id of ['u1', 'u2']) await user(id, 'bad');
    const sync = await intoTable();
    const first = await engine.run(sync);
    expect(first).toMatchObject({ rows_created: rowCount - 2, rows_failed: 2 });
    for (const id of ['u1', 'u2', 'u3']) await user(id, 'mended');
    await engine.target.raw(`ALTER TABLE contacts RENAME TO elsewhere`);
    const second = await retry(engine, first, { scope: 'failed' });
    await engine.target.raw(`ALTER TABLE elsewhere RENAME TO contacts`);
    expect(second).toMatchObject({ status: 'failed', rows_not_attempted: 3 });
    expect(await retry(engine, second, { scope })).toMatchObject({
      outcome: 'clean',
      rows_created: 2,
      rows_updated: 0,
      rows_skipped: 1,
      counter_mismatch: 0,
    });
  });

  test('sends rows whose fate is unknown, and those behind them', async () => {
    crm.crm.behaviour.change({ hang: 'after_write' });
    const sync = await intoCrm({ settings: { patienceSeconds: 0 } }, { timeout_seconds: 0.4 });
    const first = await engine.run(sync);
    crm.crm.behaviour.change({ hang: false });
    expect(first).toMatchObject({ status: 'failed', outcome: 'partial' });
    expect(first.rows_unknown).toBeGreaterThan(0);
    expect(first.rows_unknown + first.rows_not_attempted).toBe(rowCount);
    await user('u41', 'e41@x.org');
    await letDeadlinesPass(engine, sync);
    const resumed = await retry(engine, first, { scope });
    expect(resumed).toMatchObject({
      outcome: 'clean',
      rows_created: first.rows_not_attempted,
      rows_updated: first.rows_unknown,
      rows_skipped: 1,
      counter_mismatch: 0,
    });
    expect(Object.keys(crm.emails())).toHaveLength(rowCount);
  });

  test('takes back one transaction’s rows that a cancel rolled back', async () => {
    await engine.target.raw(`CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;
      CREATE TRIGGER dawdle BEFORE INSERT ON contacts FOR EACH STATEMENT EXECUTE FUNCTION dawdle()`);
    const sync = await intoTable();
    const first = await engine.trigger(sync);
    const cancelled = await cancelledWhen(first, 'the transaction to be open', sends(first));
    await engine.target.raw(`DROP TRIGGER dawdle ON contacts`);
    expect(cancelled).toMatchObject({ rows_not_attempted: rowCount, rows_unknown: 0 });
    await user('u41', 'e41@x.org');
    expect(await retry(engine, cancelled, { scope })).toMatchObject({
      rows_created: rowCount,
      rows_skipped: 1,
    });
  });

  test('goes on with deletes that were planned and not sent, and with no others', async () => {
    const sync = await intoCrm({ mode: 'mirror' });
    await engine.run(sync);
    for (let n = 1; n <= 20; n += 1) await user(`u${n}`, null);
    crm.crm.behaviour.change({ latency_ms: 150 });
    const first = await engine.trigger(sync);
    const deleted = () => crm.crm.book.stats().contacts < rowCount;
    const cancelled = await cancelledAfter(first, 'a batch of deletes', deleted);
    const { rows_deleted: done, rows_not_attempted: left } = cancelled;
    expect(done + left).toBe(20);
    await user('u40', null);
    await user('u39', 'changed@x.org');
    const resumed = await retry(engine, cancelled, { scope });
    expect(resumed).toMatchObject({
      rows_deleted: left,
      rows_updated: 0,
      rows_skipped: 2,
      planned_deletes: left + 1,
      counter_mismatch: 0,
    });
    expect(await engine.run(sync)).toMatchObject({ rows_deleted: 1, rows_updated: 1 });
  });

  test('of a full resync offers the rows that were not offered, and no more', async () => {
    const sync = await intoCrm();
    await engine.run(sync);
    crm.crm.behaviour.change({ latency_ms: 150 });
    const first = await engine.trigger(sync, { kind: 'full_resync' });
    const cancelled = await cancelledAfter(first, 'a batch', () => crm.crm.book.stats().updated > 0);
    expect(await retry(engine, cancelled, { scope })).toMatchObject({
      rows_updated: cancelled.rows_not_attempted,
      rows_unchanged: cancelled.rows_updated,
      counter_mismatch: 0,
    });
    expect(await engine.run(sync)).toMatchObject({ outcome: 'no_changes', rows_unchanged: rowCount });
  });
});
