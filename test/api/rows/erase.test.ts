// Erasing a row: after real runs that refused, sent and deleted it, no table has its key or a value of it.
import { aSync } from '../../factories/a-sync';
import { Engine } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';
import { eventTypes } from '../../support/engine/run-facts';
import { tablesWith } from '../../support/tables-with';

// Of letters alone, so that no escaping hides one.
const key = 'CanaryKeyQzXw';
const mark = 'CanaryRowQzXw';
const mapping = ['id', 'email'].map((column) => ({ column, field: column }));

describe('erasing a row', () => {
  let engine: Engine;
  let api: EngineApi;
  beforeAll(async () => {
    engine = await Engine.start();
    api = await engineApi(engine);
    await engine.warehouse.raw(`CREATE TABLE users (id text, email text)`);
    // A message whose pattern holds the value: it is neither quoted nor a number.
    await engine.target.raw(`
      CREATE TABLE contacts (id text PRIMARY KEY, email text);
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.email LIKE '%refused' THEN RAISE 'never % for %', NEW.email, NEW.id USING COLUMN = 'email'; END IF;
          RETURN NEW;
        END $$;
      CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON contacts FOR EACH ROW EXECUTE FUNCTION refuse()`);
  });
  afterAll(async () => {
    await api.close();
    await engine.close();
  });
  beforeEach(async () => {
    await engine.warehouse.raw(`TRUNCATE users`);
    await engine.target.raw(`TRUNCATE contacts`);
  });

  const syncOf = (mode: 'upsert' | 'mirror') =>
    engine.sync({ sql: 'SELECT * FROM users', mapping, mode, object: { table: 'contacts' } });
  const user = async (id: string, email: string | null) => {
    await engine.warehouse('users').where({ id }).delete();
    if (email !== null) await engine.warehouse('users').insert({ id, email });
  };
  const erase = (sync: string, rowKey = key) => api.post(`/syncs/${sync}/rows/erase`, { row_key: rowKey });
  const copies = async () => [
    ...(await tablesWith(engine.knex, key)),
    ...(await tablesWith(engine.knex, mark)),
  ];

  test('of refused and accepted runs nothing is left in any table, and all else is as it was', async () => {
    const sync = await syncOf('upsert');
    await user(key, `${mark} refused`);
    await user('other', 'refused');
    const refused = await engine.run(sync);
    expect(refused).toMatchObject({ rows_failed: 2 });
    await user(key, mark);
    expect(await engine.run(sync)).toMatchObject({ rows_created: 1, rows_failed: 1 });
    expect(await copies()).toEqual(
      expect.arrayContaining(['row_error_groups', 'row_errors', 'snapshot_deltas']),
    );

    expect(await erase(sync)).toEqual({ status: 200, body: { row_errors: 1, snapshot_parts: 1 } });
    expect(await copies()).toEqual([]);

    const { body: errors } = await api.get(`/syncs/${sync}/runs/${refused.id}/errors`);
    expect(errors.total_errors).toBe(2);
    expect(errors.data).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          row_id: null,
          message: 'The row was erased',
          raw_value: null,
          field: 'email',
        }),
        expect.objectContaining({
          row_id: 'other',
          message: 'never refused for other',
          raw_value: 'refused',
        }),
      ]),
    );
    const { body: groups } = await api.get(`/syncs/${sync}/runs/${refused.id}/errors/groups`);
    expect(groups).toMatchObject({ total_errors: 2 });
    const { body: found } = await api.get(`/syncs/${sync}/runs/${refused.id}/errors?q=erased`);
    expect(found).toMatchObject({ total_errors: 1 });
    // By the hash of its key, which stays.
    expect((await api.get(`/syncs/${sync}/rows/${key}`)).body).toMatchObject({
      snapshot: { state: 'acknowledged' },
      data: [{ result: 'created' }, { result: 'failed', error: { message: 'The row was erased' } }],
    });
    expect(await engine.run(sync)).toMatchObject({ rows_created: 0, rows_unchanged: 1, rows_failed: 1 });
    expect(await copies()).toEqual([]);
    expect(await erase(sync)).toEqual({ status: 200, body: { row_errors: 0, snapshot_parts: 0 } });
    const { body: events } = await api.get(`/syncs/${sync}/events`);
    expect(events.data[1]).toMatchObject({
      type: 'row_erased',
      detail: { row_errors: 1, snapshot_parts: 1, by: expect.stringMatching(/^tok_/) },
    });
  });

  test('erased from a folded snapshot, the row is compared still, and never deleted for want of its key', async () => {
    const sync = await syncOf('upsert');
    for (const id of ['a', key, 'z']) await user(id, mark.slice(0, 3));
    await engine.run(sync);
    // As after many runs: the next one folds.
    await engine.knex('snapshots').where({ sync_id: sync }).update({ delta_rows: 20_000 });
    await engine.run(sync);
    expect(await copies()).toEqual(['snapshot_chunks']);
    expect(await erase(sync)).toEqual({ status: 200, body: { row_errors: 0, snapshot_parts: 1 } });
    expect(await copies()).toEqual([]);
    expect(await engine.run(sync)).toMatchObject({ rows_unchanged: 3 });

    await engine.knex('sync_versions').where({ sync_id: sync }).update({ mode: 'mirror' });
    await user(key, null);
    const run = await engine.run(sync, { allowDeletes: true });
    expect(run).toMatchObject({ outcome: 'no_changes', rows_deleted: 0 });
    expect(await eventTypes(engine, run.id)).toContain('vanished_rows_kept');
    await user('z', null);
    expect(await engine.run(sync, { allowDeletes: true })).toMatchObject({ rows_deleted: 1 });
  });

  test('a mirror sync keeps the key until the row is deleted at the destination, and says so', async () => {
    const sync = await syncOf('mirror');
    for (const id of ['a', 'b', 'c', key]) await user(id, mark);
    await engine.run(sync);
    expect(await erase(sync)).toMatchObject({ status: 409, body: { code: 'row_still_mirrored' } });
    await engine.warehouse('users').update({ email: 'x' });
    await user(key, null);
    expect(await engine.run(sync, { allowDeletes: true })).toMatchObject({ rows_deleted: 1 });
    expect(await erase(sync)).toEqual({ status: 200, body: { row_errors: 0, snapshot_parts: 2 } });
    expect(await copies()).toEqual([]);
  });

  test('while a run is at work nothing is erased', async () => {
    const sync = await syncOf('upsert');
    await user(key, mark);
    const { id } = await engine.run(sync);
    const lease = engine.knex('sync_leases').where({ sync_id: sync });
    await lease.clone().update({ run_id: id });
    expect(await erase(sync)).toMatchObject({ status: 409, body: { code: 'sync_active', blocking_run: id } });
    await lease.update({ run_id: null });
    expect(await erase(sync)).toMatchObject({ status: 200 });
  });

  test('a deleted sync has its rows erased too, and another workspace’s sync is none', async () => {
    const sync = await syncOf('mirror');
    await user(key, `${mark} refused`);
    await engine.run(sync);
    expect((await api.send('DELETE', `/syncs/${sync}`)).status).toBe(204);
    expect(await erase(sync)).toEqual({ status: 200, body: { row_errors: 1, snapshot_parts: 0 } });
    expect(await copies()).toEqual([]);
    const foreign = await aSync(engine.knex);
    expect(await erase(foreign.id)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
