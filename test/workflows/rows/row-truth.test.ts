import { Engine } from '../../support/engine/engine';
import {
  changeModel,
  changeSync,
  eventsOf,
  eventTypes,
  letDeadlinesPass,
  rowErrorsOf,
} from '../../support/engine/run-facts';
import { contactMapping, TestCrm } from '../../support/engine/test-crm';
import { until } from '../../support/until';

const mapping = ['id', 'email'].map((column) => ({ column, field: column }));

// The snapshot holds what the destination has acknowledged, and nothing else: what the next run sends follows from it.
describe('what the next run sends', () => {
  let engine: Engine;
  let crm: TestCrm;
  beforeAll(async () => {
    [engine, crm] = await Promise.all([Engine.start(), TestCrm.start()]);
    await engine.warehouse.raw(`CREATE TABLE users (id text, email text, last_name text DEFAULT 'Diaz')`);
    await engine.target.raw(
      `CREATE TABLE contacts (id text PRIMARY KEY, email text CHECK (email <> 'refused'))`,
    );
  });
  afterAll(() => Promise.all([engine.close(), crm.close()]));
  beforeEach(async () => {
    crm.reset();
    await engine.warehouse.raw(`TRUNCATE users`);
    await engine.target.raw(`TRUNCATE contacts`);
  });

  const user = async (id: string, email: string | null) => {
    await engine.warehouse('users').where({ id }).delete();
    if (email !== null) await engine.warehouse('users').insert({ id, email });
  };
  const contacts = async () =>
    Object.fromEntries((await engine.target('contacts')).map(({ id, email }) => [id, email]));

  const intoTable = (sketch = {}) =>
    engine.sync({ sql: 'SELECT * FROM users', mapping, object: { table: 'contacts' }, ...sketch });
  const intoCrm = (sketch = {}) =>
    engine.sync({
      sql: 'SELECT * FROM users',
      mapping: contactMapping,
      // No waiting: the first trouble that lasts fails the run.
      settings: { patienceSeconds: 0 },
      destination: crm.destination({ timeout_seconds: 0.3 }),
      ...sketch,
    });

  test('A, then B refused, then A again: unchanged, and the destination holds A', async () => {
    await user('u1', 'A');
    const sync = await intoTable();
    await engine.run(sync);
    await user('u1', 'refused');
    const refused = await engine.run(sync);
    expect(refused).toMatchObject({ outcome: 'with_row_errors', rows_failed: 1 });
    expect(await rowErrorsOf(engine, refused.id)).toMatchObject([{ row_id: 'u1', operation: 'update' }]);
    await user('u1', 'A');
    expect(await engine.run(sync)).toMatchObject({ outcome: 'no_changes', rows_unchanged: 1 });
    expect(await contacts()).toEqual({ u1: 'A' });
  });

  test('B refused comes again, unchanged as it is, until it is accepted', async () => {
    await user('u1', 'refused');
    const sync = await intoTable();
    expect(await engine.run(sync)).toMatchObject({ rows_failed: 1 });
    expect(await engine.run(sync)).toMatchObject({ rows_failed: 1, rows_unchanged: 0 });
    await user('u1', 'B');
    expect(await engine.run(sync)).toMatchObject({ outcome: 'clean', rows_created: 1 });
  });

  test('A, then B taken without an answer, then A again: A is sent once more', async () => {
    await user('u1', 'a@x.org');
    const sync = await intoCrm();
    await engine.run(sync);
    await user('u1', 'b@x.org');
    crm.crm.behaviour.change({ hang: 'after_write' });
    const unanswered = await engine.run(sync);
    expect(unanswered).toMatchObject({
      status: 'failed',
      outcome: 'partial',
      rows_unknown: 1,
      rows_updated: 0,
    });
    expect(crm.emails()).toEqual({ u1: 'b@x.org' });

    crm.crm.behaviour.change({ hang: false });
    await user('u1', 'a@x.org');
    await letDeadlinesPass(engine, sync);
    expect(await engine.run(sync)).toMatchObject({ outcome: 'clean', rows_updated: 1, rows_unchanged: 0 });
    expect(crm.emails()).toEqual({ u1: 'a@x.org' });
  });

  test('the next run reads, but writes nothing before the last unanswered call can no longer land', async () => {
    await user('u1', 'a@x.org');
    const sync = await intoCrm();
    crm.crm.behaviour.change({ hang: 'after_write' });
    await engine.run(sync);
    crm.crm.behaviour.change({ hang: false });
    await engine.knex.raw(
      `UPDATE sync_leases SET no_write_before = clock_timestamp() + interval '3 seconds' WHERE sync_id = ?`,
      [sync],
    );
    const lease = await engine.knex('sync_leases').where({ sync_id: sync }).first();
    const calls = crm.crm.book.stats().calls;
    const run = await engine.run(sync);
    expect(run).toMatchObject({ outcome: 'clean', rows_created: 0, rows_updated: 1 });
    const [call] = crm.crm.book.callsAfter(calls, 1);
    expect(Date.parse(call?.at ?? '')).toBeGreaterThanOrEqual(lease.no_write_before.getTime());
    const waits = await engine.knex('run_events').where({ run_id: run.id, type: 'waiting' });
    expect(waits.map(({ detail }) => detail.code)).toEqual(['late_calls']);
    const writes = await engine
      .knex('run_phases')
      .where({ run_id: run.id, phase: 'destination_writes' })
      .first();
    expect(Number(writes.waited_ms)).toBeGreaterThanOrEqual(2_000);
  });

  test('a row nobody acknowledged that leaves the model is reported, never deleted', async () => {
    await user('u1', 'a@x.org');
    await user('u2', 'a@x.org');
    const sync = await intoCrm({ mode: 'mirror' });
    await engine.run(sync);
    await user('u3', 'a@x.org');
    crm.crm.behaviour.change({ hang: 'after_write' });
    expect(await engine.run(sync)).toMatchObject({ status: 'failed', rows_unknown: 1 });
    crm.crm.behaviour.change({ hang: false });
    await user('u2', null);
    await user('u3', null);
    await letDeadlinesPass(engine, sync);
    const run = await engine.run(sync);
    expect(run).toMatchObject({ outcome: 'clean', rows_deleted: 1, planned_deletes: 1 });
    expect(await eventsOf(engine, run.id)).toContainEqual({
      type: 'vanished_rows_kept',
      detail: { rows: 1, reason: 'never_acknowledged' },
    });
    expect(Object.keys(crm.emails()).sort()).toEqual(['u1', 'u3']);
  });

  test('a full resync that was cancelled half-way leaves exactly the other half due', async () => {
    await engine.warehouse.raw(`INSERT INTO users SELECT 'u' || n, 'a@x.org' FROM generate_series(1, 100) n`);
    const destination = crm.destination({ batch_rows: 10, concurrency: 1 });
    const sync = await intoCrm({ destination });
    await engine.run(sync);
    crm.crm.behaviour.change({ latency_ms: 250 });
    const runId = await engine.trigger(sync, { kind: 'full_resync' });
    await until('some of it', () => crm.crm.book.stats().updated >= 20);
    await engine.client.workflow.getHandle(runId).cancel();
    const cancelled = await engine.ended(runId);
    const { rows_updated: updated } = cancelled;
    expect(cancelled).toMatchObject({
      status: 'cancelled',
      outcome: 'partial',
      rows_not_attempted: 100 - updated,
    });
    expect(updated).toBe(crm.crm.book.stats().updated);
    expect(updated).toBeLessThan(100);
    crm.crm.behaviour.change({ latency_ms: 0 });
    expect(await engine.run(sync)).toMatchObject({ rows_unchanged: updated, rows_updated: 100 - updated });
    expect(await engine.run(sync)).toMatchObject({ outcome: 'no_changes', rows_unchanged: 100 });
  });

  test('a full resync offers every row again and forgets nothing', async () => {
    await user('u1', 'A');
    await user('u2', 'A');
    const sync = await intoTable({ mode: 'mirror' });
    await engine.run(sync);
    await engine.target('contacts').where({ id: 'u1' }).update({ email: 'changed over there' });
    await user('u2', null);
    expect(await engine.run(sync, { kind: 'full_resync' })).toMatchObject({
      rows_updated: 1,
      rows_deleted: 1,
    });
    expect(await contacts()).toEqual({ u1: 'A' });
  });

  test('a changed mapping sends every row again', async () => {
    await engine.target.raw(`CREATE TABLE named (id text PRIMARY KEY, email text, name text)`);
    await user('u1', 'A');
    const sync = await intoTable({ object: { table: 'named' } });
    await engine.run(sync);
    await changeSync(engine, sync, { mapping: [...mapping, { column: 'last_name', field: 'name' }] });
    expect(await engine.run(sync)).toMatchObject({ outcome: 'clean', rows_updated: 1 });
    expect(await engine.target('named')).toEqual([{ id: 'u1', email: 'A', name: 'Diaz' }]);
    expect(await engine.run(sync)).toMatchObject({ outcome: 'no_changes' });
  });

  test('a changed row key starts afresh: every row is offered, nothing is deleted, and the run says so', async () => {
    await engine.target.raw(`CREATE TABLE keyed (id text UNIQUE, email text UNIQUE)`);
    await user('u1', 'A');
    await user('u2', 'B');
    const sync = await intoTable({ mode: 'mirror', object: { table: 'keyed' } });
    expect(await eventTypes(engine, (await engine.run(sync)).id)).not.toContain('snapshot_rebaselined');
    await user('u2', null);
    await user('u3', 'C');
    await changeModel(engine, sync, { rowKey: ['email'] });
    const run = await engine.run(sync);
    expect(run).toMatchObject({ outcome: 'clean', rows_created: 1, rows_updated: 1, planned_deletes: 0 });
    expect(await eventTypes(engine, run.id)).toContain('snapshot_rebaselined');
    expect(await engine.target('keyed').orderBy('id').pluck('id')).toEqual(['u1', 'u2', 'u3']);
    // What it has written itself it deletes again, as before.
    await user('u3', null);
    expect(await engine.run(sync)).toMatchObject({ rows_deleted: 1 });
  });

  test('a lost snapshot offers every row again and says so', async () => {
    await user('u1', 'A');
    const sync = await intoTable();
    await engine.run(sync);
    await loseSnapshot(sync);
    const run = await engine.run(sync);
    expect(run).toMatchObject({ outcome: 'clean', rows_updated: 1 });
    expect(await eventTypes(engine, run.id)).toContain('snapshot_rebaselined');
  });

  test('an insert-only sync that has lost its snapshot fails instead of sending rows twice', async () => {
    await user('u1', 'A');
    const sync = await intoTable({ mode: 'insert' });
    await engine.run(sync);
    await loseSnapshot(sync);
    expect(await engine.run(sync)).toMatchObject({
      status: 'failed',
      outcome: 'nothing_applied',
      failure_code: 'snapshot_lost',
      failure_message: 'Snapshot lost: an insert-only sync cannot tell which rows were already sent',
    });
  });

  async function loseSnapshot(syncId: string): Promise<void> {
    for (const table of ['snapshot_deltas', 'snapshot_chunks', 'snapshots']) {
      await engine.knex(table).where({ sync_id: syncId }).delete();
    }
  }
});
