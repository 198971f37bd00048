import { Engine } from '../../support/engine/engine';
import { retry } from '../../support/engine/retry';

describe('a run that is run again', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start();
    await engine.warehouse.raw(`CREATE TABLE users (id text, email text)`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY, email text)`);
  });
  afterAll(() => engine.close());
  beforeEach(async () => {
    await engine.target.raw(`TRUNCATE contacts`);
    await engine.warehouse.raw(`TRUNCATE users`);
    await engine.warehouse.raw(`INSERT INTO users SELECT 'u' || n, 'one' FROM generate_series(1, 5) n`);
  });

  const aSync = (sketch = {}) =>
    engine.sync({
      sql: 'SELECT * FROM users',
      mapping: ['id', 'email'].map((column) => ({ column, field: column })),
      object: { table: 'contacts' },
      ...sketch,
    });
  const change = (ids: string[], email: string) =>
    engine.warehouse('users').whereIn('id', ids).update({ email });
  const contacts = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await engine.target('contacts')).map(({ id, email }) => [id, email]));
  /** All there is of a sync's snapshot, but for when it was last looked after. */
  const snapshot = async (syncId: string) => ({
    head: { ...(await engine.knex('snapshots').where({ sync_id: syncId }).first()), updated_at: null },
    deltas: await engine.knex('snapshot_deltas').where({ sync_id: syncId }).orderBy('delta_no'),
    chunks: await engine.knex('snapshot_chunks').where({ sync_id: syncId }).orderBy('chunk_no'),
  });

  test('as a whole is an ordinary run on the latest data', async () => {
    const sync = await aSync();
    const first = await engine.run(sync);
    await change(['u1', 'u2'], 'two');
    const again = await retry(engine, first);
    expect(again).toMatchObject({ outcome: 'clean', rows_updated: 2, rows_unchanged: 3, rows_skipped: 0 });
    expect(await engine.knex('runs').where({ id: again.id }).first()).toMatchObject({
      retry_of: first.id,
      retry_scope: 'all',
      kind: 'normal',
    });
  });

  test('as a full resync offers every row once more, and forgets nothing', async () => {
    const sync = await aSync({ mode: 'mirror' });
    const first = await engine.run(sync);
    await engine.target('contacts').update({ email: 'changed over there' });
    await engine.warehouse('users').where({ id: 'u5' }).delete();
    const again = await retry(engine, first, { kind: 'full_resync' });
    expect(again).toMatchObject({ rows_updated: 4, rows_deleted: 1, rows_unchanged: 0, counter_mismatch: 0 });
    expect(await contacts()).toEqual({ u1: 'one', u2: 'one', u3: 'one', u4: 'one' });
    expect(await engine.run(sync)).toMatchObject({ outcome: 'no_changes', rows_unchanged: 4 });
  });

  test('as a dry run counts what it would do, sends nothing and leaves the snapshot as it was', async () => {
    const sync = await aSync({ mode: 'mirror' });
    const first = await engine.run(sync);
    await change(['u1'], 'two');
    await engine.warehouse('users').insert({ id: 'u6', email: 'one' });
    await engine.warehouse('users').where({ id: 'u5' }).delete();
    const before = await snapshot(sync);
    const dry = await retry(engine, first, { kind: 'dry_run' });
    expect(dry).toMatchObject({
      status: 'completed',
      outcome: 'planned',
      rows_not_attempted: 3,
      rows_unchanged: 3,
      planned_deletes: 1,
      counter_mismatch: 0,
    });
    expect(await snapshot(sync)).toEqual(before);
    expect(await contacts()).toMatchObject({ u1: 'one', u5: 'one' });

    // Its rows were not attempted: resumed, the run does what was planned, and nothing that came up since.
    await change(['u2'], 'two');
    expect(await retry(engine, dry, { scope: 'not_attempted' })).toMatchObject({
      rows_created: 1,
      rows_updated: 1,
      rows_deleted: 1,
      rows_skipped: 1,
      counter_mismatch: 0,
    });
    expect(await contacts()).toEqual({ u1: 'two', u2: 'one', u3: 'one', u4: 'one', u6: 'one' });
  });
});
