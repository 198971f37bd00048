import { Engine, type RunRecord } from '../../support/engine/engine';
import { changeModel, eventsOf, expectFailed, rowErrorsOf } from '../../support/engine/run-facts';
import { outOfScope, queueRetry, retry, startQueued } from '../../support/engine/retry';
import { contactMapping, TestCrm } from '../../support/engine/test-crm';

const scope = 'failed';

describe('a retry of the rows that failed', () => {
  let engine: Engine;
  let crm: TestCrm;
  beforeAll(async () => {
    [engine, crm] = await Promise.all([Engine.start(), TestCrm.start()]);
    await engine.warehouse.raw(`CREATE TABLE users (id text, email text, last_name text DEFAULT 'Diaz')`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY, email text CHECK (email <> 'bad'));
      CREATE TABLE guards (id text REFERENCES contacts)`);
  });
  afterAll(() => Promise.all([engine.close(), crm.close()]));
  beforeEach(async () => {
    crm.reset();
    await engine.warehouse.raw(`TRUNCATE users`);
    await engine.target.raw(`TRUNCATE contacts, guards`);
  });

  const user = async (id: string | null, email: string | null) => {
    if (id !== null) await engine.warehouse('users').where({ id }).delete();
    if (email !== null) await engine.warehouse('users').insert({ id, email });
  };
  const users = async (emails: Record<string, string | null>) => {
    for (const [id, email] of Object.entries(emails)) await user(id, email);
  };
  const contacts = async () =>
    Object.fromEntries((await engine.target('contacts')).map(({ id, email }) => [id, email]));

  const intoCrm = () =>
    engine.sync({ sql: 'SELECT * FROM users', mapping: contactMapping, destination: crm.destination() });
  const intoTable = (sketch = {}) =>
    engine.sync({
      sql: 'SELECT * FROM users',
      mapping: ['id', 'email'].map((column) => ({ column, field: column })),
      object: { table: 'contacts' },
      ...sketch,
    });

  /** Ids the CRM was sent after its first `calls` calls. */
  const sentAfter = (calls: number) =>
    crm.crm.book
      .callsAfter(calls, 100)
      .flatMap(({ results }) => results.map(({ external_id }) => external_id))
      .sort();

  const expectWhole = (run: RunRecord) => expect(run).toMatchObject({ counter_mismatch: 0 });

  test('sends the mended rows alone; every other change stays due and comes with the next run', async () => {
    await users({ u1: 'a@x.org', u2: 'no address', u3: 'a@x.org', u4: 'nor this', u5: 'a@x.org' });
    const sync = await intoCrm();
    const first = await engine.run(sync);
    expect(first).toMatchObject({ outcome: 'with_row_errors', rows_created: 3, rows_failed: 2 });

    await users({ u1: 'b@x.org', u2: 'a@x.org', u4: 'a@x.org', u6: 'a@x.org' });
    const { calls } = crm.crm.book.stats();
    const again = await retry(engine, first, { scope });
    expectWhole(again);
    expect(again).toMatchObject({
      outcome: 'clean',
      rows_processed: 6,
      rows_created: 2,
      rows_unchanged: 2,
      rows_skipped: 2,
      rows_failed: 0,
    });
    expect(await engine.knex('runs').where({ id: again.id }).first()).toMatchObject({
      retry_of: first.id,
      retry_scope: 'failed',
    });
    expect(sentAfter(calls)).toEqual(['u2', 'u4']);
    expect(await outOfScope(engine, again.id)).toBe(2);
    expect((await eventsOf(engine, again.id))[0]).toMatchObject({
      type: 'run_queued',
      detail: { retry_of: first.id, retry_scope: 'failed' },
    });

    expect(await engine.run(sync)).toMatchObject({ rows_updated: 1, rows_created: 1, rows_unchanged: 4 });
    expect(crm.emails()).toEqual({
      u1: 'b@x.org',
      u2: 'a@x.org',
      u3: 'a@x.org',
      u4: 'a@x.org',
      u5: 'a@x.org',
      u6: 'a@x.org',
    });
  });

  test('refuses what is still wrong once more, and can be retried itself', async () => {
    await users({ u1: 'no', u2: 'no', u3: 'a@x.org' });
    const first = await engine.run(await intoCrm());
    await users({ u1: 'a@x.org', u4: 'no' });
    const second = await retry(engine, first, { scope });
    expectWhole(second);
    expect(second).toMatchObject({ rows_created: 1, rows_failed: 1, rows_skipped: 1, rows_unchanged: 1 });
    await users({ u2: 'a@x.org' });
    const third = await retry(engine, second, { scope });
    expect(third).toMatchObject({ outcome: 'clean', rows_created: 1, rows_failed: 0, rows_skipped: 1 });
    expect(Object.keys(crm.emails()).sort()).toEqual(['u1', 'u2', 'u3']);
  });

  test('whose rows have left the model since sends nothing', async () => {
    await users({ u1: 'no', u2: 'a@x.org' });
    const first = await engine.run(await intoCrm());
    await users({ u1: null, u3: 'a@x.org' });
    const again = await retry(engine, first, { scope });
    expectWhole(again);
    expect(again).toMatchObject({ outcome: 'no_changes', rows_processed: 2, rows_skipped: 1 });
    expect(Object.keys(crm.emails())).toEqual(['u2']);
  });

  test('is about rows that were refused before the destination too: copies that differ, and rows without a key', async () => {
    await users({ u1: 'a@x.org', u3: 'a@x.org' });
    await engine.warehouse('users').insert([
      { id: 'u2', email: 'a@x.org' },
      { id: 'u2', email: 'b@x.org' },
      { id: null, email: 'a@x.org' },
    ]);
    const first = await engine.run(await intoCrm());
    expect(first).toMatchObject({ rows_created: 2, rows_failed: 3 });
    // One of them is mended, copies of another row come up, and the row without a key is still there.
    await user('u2', 'c@x.org');
    await engine.warehouse('users').insert([
      { id: 'u4', email: 'a@x.org' },
      { id: 'u4', email: 'b@x.org' },
    ]);
    const again = await retry(engine, first, { scope });
    expectWhole(again);
    expect(again).toMatchObject({ rows_created: 1, rows_failed: 1, rows_skipped: 2, rows_unchanged: 2 });
    expect(await rowErrorsOf(engine, again.id)).toMatchObject([{ code: 'null_key' }]);
  });

  test('is about refused deletes, and leaves other vanished rows for the next run', async () => {
    await users({ u1: 'a', u2: 'a', u3: 'a', u4: 'a' });
    const sync = await intoTable({ mode: 'mirror' });
    await engine.run(sync);
    await engine.target('guards').insert({ id: 'u2' });
    await users({ u1: null, u2: null });
    const first = await engine.run(sync);
    expect(first).toMatchObject({ rows_deleted: 1, rows_failed: 1, planned_deletes: 2 });

    await engine.target('guards').delete();
    await users({ u3: null });
    const again = await retry(engine, first, { scope });
    expectWhole(again);
    expect(again).toMatchObject({
      outcome: 'clean',
      rows_deleted: 1,
      rows_skipped: 1,
      planned_deletes: 2,
    });
    expect(await outOfScope(engine, again.id)).toBe(1);
    expect(Object.keys(await contacts())).toEqual(['u3', 'u4']);
    expect(await engine.run(sync)).toMatchObject({ rows_deleted: 1, planned_deletes: 1 });
  });

  test('holds its deletes when the model looks broken, and allowed ones are those of its scope only', async () => {
    await users({ u1: 'a', u2: 'a', u3: 'a' });
    const sync = await intoTable({ mode: 'mirror' });
    await engine.run(sync);
    await engine.target('guards').insert({ id: 'u1' });
    await users({ u1: null });
    const first = await engine.run(sync);
    expect(first).toMatchObject({ rows_failed: 1 });
    await engine.target('guards').delete();
    await users({ u2: null, u3: null });

    const held = await retry(engine, first, { scope });
    expectWhole(held);
    expect(held).toMatchObject({ outcome: 'no_changes', rows_deleted: 0, rows_skipped: 3 });
    expect(await eventsOf(engine, held.id)).toContainEqual({
      type: 'deletes_held',
      detail: expect.objectContaining({ rows: 1 }),
    });
    const allowed = await retry(engine, first, { scope, allowDeletes: true });
    expectWhole(allowed);
    expect(allowed).toMatchObject({ outcome: 'clean', rows_deleted: 1, rows_skipped: 2 });
    expect(Object.keys(await contacts())).toEqual(['u2', 'u3']);
  });

  test('does not count as having offered the rows that the destination lacks', async () => {
    await engine.target('contacts').insert({ id: 'u1', email: 'theirs' });
    await users({ u1: 'bad', u2: 'a' });
    const sync = await intoTable({ mode: 'update' });
    const first = await engine.run(sync);
    expect(first).toMatchObject({ rows_failed: 1, rows_skipped: 1 });
    await engine.knex.raw(
      `UPDATE snapshots SET missing_offered_at = missing_offered_at - interval '25 hours' WHERE sync_id = ?`,
      [sync],
    );
    await users({ u1: 'a' });
    const again = await retry(engine, first, { scope });
    expect(again).toMatchObject({ rows_updated: 1, rows_skipped: 1 });
    await engine.target('contacts').insert({ id: 'u2', email: 'theirs' });
    expect(await engine.run(sync)).toMatchObject({ rows_updated: 1 });
    expect(await contacts()).toEqual({ u1: 'a', u2: 'a' });
  });

  test('fails when the row key changes while it waits: nothing is sent under a scope that means other rows', async () => {
    await users({ u1: 'bad', u2: 'a' });
    const sync = await intoTable();
    const first = await engine.run(sync);
    const waiting = await queueRetry(engine, first, { scope });
    await changeModel(engine, sync, { rowKey: ['email'] });
    await expectFailed(engine, await startQueued(engine, waiting), {
      code: 'retry_scope_lost',
      message: 'Retry scope lost: the row key has changed since that run',
    });
    expect(await contacts()).toEqual({ u2: 'a' });
  });
});
