import { Engine } from '../../support/engine/engine';
import { changeSync, expectFailed, letDeadlinesPass } from '../../support/engine/run-facts';
import { contactMapping, TestCrm } from '../../support/engine/test-crm';
import { until } from '../../support/until';

const rowCount = 40;

describe('runs whose destination lets them down', () => {
  let engine: Engine;
  let crm: TestCrm;
  beforeAll(async () => {
    [engine, crm] = await Promise.all([Engine.start(), TestCrm.start()]);
    await engine.warehouse
      .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email,
      'Diaz' AS last_name FROM generate_series(1, ${rowCount}) n`);
  });
  afterAll(() => Promise.all([engine.close(), crm.close()]));
  beforeEach(() => crm.reset());

  const intoCrm = (settings = {}, config = {}) =>
    engine.sync({
      sql: 'SELECT * FROM users',
      mapping: contactMapping,
      settings,
      destination: crm.destination({ batch_rows: 10, concurrency: 1, timeout_seconds: 0.4, ...config }),
    });

  const intoTable = (table: string, config = {}, settings = {}) =>
    engine.sync({
      sql: 'SELECT * FROM users',
      mapping: ['id', 'email', 'last_name'].map((column) => ({ column, field: column })),
      settings,
      object: { table },
      destination: { kind: 'postgres', config, secrets: { url: engine.databases.target.url } },
    });

  const expectNextRunCreates = async (syncId: string, created = rowCount) => {
    expect(await engine.run(syncId)).toMatchObject({
      status: 'completed',
      outcome: 'clean',
      rows_created: created,
    });
  };

  test('expired credentials are found out before the first write', async () => {
    crm.crm.behaviour.change({ expire_key: true });
    const sync = await intoCrm();
    const run = await engine.run(sync);
    await expectFailed(engine, run, {
      code: 'destination_auth_expired',
      message: 'Destination authentication expired',
    });
    expect(run).toMatchObject({ rows_processed: rowCount, rows_not_attempted: rowCount });
    expect(crm.crm.book.stats().calls).toBe(0);
    crm.crm.behaviour.change({ expire_key: false });
    await expectNextRunCreates(sync);
  });

  test('credentials that expire in the middle leave exact counts, and the next run carries on from there', async () => {
    crm.crm.behaviour.change({ latency_ms: 150 });
    const sync = await intoCrm();
    const runId = await engine.trigger(sync);
    await until('the first batch', () => crm.crm.book.stats().created > 0);
    crm.crm.behaviour.change({ expire_key: true });
    const run = await engine.ended(runId);
    const { created, calls } = crm.crm.book.stats();
    await expectFailed(engine, run, {
      code: 'destination_auth_expired',
      message: 'Destination authentication expired',
      outcome: 'partial',
    });
    expect(run).toMatchObject({
      rows_created: created,
      rows_not_attempted: rowCount - created,
      rows_unknown: 0,
    });
    // One refused call is enough to know.
    expect(calls).toBe(created / 10 + 1);
    crm.crm.behaviour.change({ expire_key: false, latency_ms: 0 });
    await expectNextRunCreates(sync, rowCount - created);
    expect(crm.crm.book.stats()).toMatchObject({ contacts: rowCount, created: rowCount, updated: 0 });
  });

  test('a rate limit that never ends fails the run once patience is over, with nothing applied', async () => {
    crm.crm.behaviour.change({ rate_limit: { per_second: 0 } });
    const sync = await intoCrm({ patienceSeconds: 2 });
    const run = await engine.run(sync);
    await expectFailed(engine, run, { code: 'rate_limit_exceeded', message: 'Rate limit exceeded' });
    expect(run).toMatchObject({ rows_not_attempted: rowCount, rows_unknown: 0 });
    crm.crm.behaviour.change({ rate_limit: null });
    await expectNextRunCreates(sync);
  });

  test('a rate limit is waited out while batches go through', async () => {
    crm.crm.behaviour.change({ rate_limit: { per_second: 2 } });
    const sync = await intoCrm({ patienceSeconds: 5 });
    await expectNextRunCreates(sync);
    expect(crm.crm.book.stats()).toMatchObject({ contacts: rowCount, created: rowCount });
  });

  test('a destination nobody listens for fails the run before the first write', async () => {
    const sync = await intoCrm({ patienceSeconds: 1 }, { url: 'http://127.0.0.1:1/api/contacts/batch' });
    const run = await engine.run(sync);
    await expectFailed(engine, run, {
      code: 'destination_unreachable',
      message: 'Destination unreachable: connection refused',
    });
    expect(run).toMatchObject({ rows_not_attempted: rowCount });
  });

  test('a destination that never answers fails the run once patience is over, its rows unknown', async () => {
    crm.crm.behaviour.change({ hang: true });
    const sync = await intoCrm({ patienceSeconds: 1 });
    const run = await engine.run(sync);
    await expectFailed(engine, run, {
      code: 'destination_unreachable',
      message: 'Destination unreachable: timeout',
      outcome: 'partial',
    });
    expect(run).toMatchObject({ rows_unknown: 10, rows_not_attempted: rowCount - 10 });
    crm.crm.behaviour.change({ hang: false });
    await letDeadlinesPass(engine, sync);
    await expectNextRunCreates(sync);
  });

  test('a run past its budget is timed out, however long its destination hangs', async () => {
    crm.crm.behaviour.change({ hang: true });
    const sync = await intoCrm({ budgetSeconds: 3 }, { timeout_seconds: 60 });
    const run = await engine.run(sync);
    await expectFailed(engine, run, {
      code: 'timed_out',
      message: 'Run timed out: its budget is used up',
      outcome: 'partial',
    });
    expect(run).toMatchObject({ rows_unknown: 10, rows_not_attempted: rowCount - 10 });
    crm.crm.behaviour.change({ hang: false });
    await letDeadlinesPass(engine, sync);
    await changeSync(engine, sync, { settings: { budgetSeconds: 60 } });
    await expectNextRunCreates(sync);
  });

  test.each([
    ['a missing table', undefined, 'there is no table "contacts", or its schema is closed to this user'],
    [
      'a missing column',
      'CREATE TABLE contacts (id text PRIMARY KEY, email text)',
      'table "contacts" has no column "last_name"',
    ],
    [
      'a key without a unique index',
      'CREATE TABLE contacts (id text, email text, last_name text)',
      'table "public"."contacts" has no unique index on exactly the row key ("id"); a plain one that is neither partial nor deferrable is needed: CREATE UNIQUE INDEX ON "public"."contacts" ("id")',
    ],
  ])('%s fails the run before the first write', async (_what, table, detail) => {
    await engine.target.raw(`DROP TABLE IF EXISTS contacts`);
    if (table) await engine.target.raw(table);
    const sync = await intoTable('contacts');
    const run = await engine.run(sync);
    await expectFailed(engine, run, {
      code: 'destination_misconfigured',
      message: `Destination cannot take this sync: ${detail}`,
    });
    expect(run).toMatchObject({ rows_processed: rowCount, rows_not_attempted: rowCount });
    expect(await engine.knex('change_plans').where({ run_id: run.id })).toEqual([]);

    await engine.target.raw(`DROP TABLE IF EXISTS contacts`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY, email text, last_name text)`);
    await expectNextRunCreates(sync);
  });

  test.each([
    ['in one transaction', {}, 'nothing_applied', 0],
    ['in several transactions', { atomic_rows: 10 }, 'nothing_applied', 0],
  ])('a server that cuts every write leaves nothing behind %s', async (_how, config, outcome, applied) => {
    await engine.target.raw(`DROP TABLE IF EXISTS fragile;
      CREATE TABLE fragile (id text PRIMARY KEY, email text, last_name text);
      CREATE OR REPLACE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.id = 'u${rowCount}' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$;
      CREATE TRIGGER cut BEFORE INSERT ON fragile FOR EACH ROW EXECUTE FUNCTION cut()`);
    const sync = await intoTable('fragile', config, { patienceSeconds: 1 });
    const run = await engine.run(sync);
    await expectFailed(engine, run, {
      code: 'destination_unreachable',
      message: expect.stringMatching(/^Destination unreachable: /),
      outcome,
    });
    expect(run).toMatchObject({
      rows_created: applied,
      rows_unknown: 0,
      rows_not_attempted: rowCount - applied,
    });
    const { rows } = await engine.target.raw(`SELECT count(*) AS n FROM fragile`);
    expect(rows[0].n).toBe(applied);
    await engine.target.raw(`DROP TRIGGER cut ON fragile`);
    await expectNextRunCreates(sync, rowCount - applied);
  });
});
