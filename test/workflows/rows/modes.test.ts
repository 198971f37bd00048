import type { SyncMode } from '../../../domain/sync';
import { Engine } from '../../support/engine/engine';
import { changeSync, eventsOf, eventTypes } from '../../support/engine/run-facts';

const mapping = ['id', 'email'].map((column) => ({ column, field: column }));

describe('modes', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start();
    await engine.warehouse.raw(`CREATE TABLE users (id text, email text)`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY, email text, note text)`);
  });
  afterAll(() => engine.close());
  beforeEach(async () => {
    await engine.warehouse.raw(`TRUNCATE users`);
    await engine.target.raw(`TRUNCATE contacts`);
  });

  const syncIn = (mode: SyncMode) =>
    engine.sync({ sql: 'SELECT * FROM users', mode, mapping, object: { table: 'contacts' } });

  /** Users u<from> to u<to> with that email; they replace those of the same id. */
  const users = async (from: number, to: number, email: string) => {
    await engine.warehouse.raw(`DELETE FROM users WHERE substr(id, 2)::int BETWEEN ? AND ?`, [from, to]);
    await engine.warehouse.raw(
      `INSERT INTO users SELECT 'u' || n, ? FROM generate_series(?::int, ?::int) n`,
      [email, from, to],
    );
  };
  const noUsers = (from: number, to: number) =>
    engine.warehouse.raw(`DELETE FROM users WHERE substr(id, 2)::int BETWEEN ? AND ?`, [from, to]);

  /** How many contacts have each email. */
  const contacts = async (): Promise<Record<string, number>> => {
    const rows = await engine.target('contacts').select('email').count('* as n').groupBy('email');
    return Object.fromEntries(rows.map(({ email, n }) => [String(email), Number(n)]));
  };

  test('upsert takes rows the destination already has for its own and leaves vanished ones alone', async () => {
    await engine.target.raw(`INSERT INTO contacts VALUES ('u1', 'theirs', 'kept'), ('x1', 'theirs', NULL)`);
    await users(1, 3, 'ours');
    const sync = await syncIn('upsert');
    expect(await engine.run(sync)).toMatchObject({ outcome: 'clean', rows_created: 2, rows_updated: 1 });
    expect(await contacts()).toEqual({ ours: 3, theirs: 1 });
    expect(await engine.target('contacts').where({ id: 'u1' }).first()).toMatchObject({ note: 'kept' });
    await noUsers(2, 3);
    expect(await engine.run(sync)).toMatchObject({ outcome: 'no_changes', planned_deletes: 0 });
    expect(await contacts()).toEqual({ ours: 3, theirs: 1 });
  });

  test('insert sends each row once: known and existing ones are skipped, changed ones too', async () => {
    await engine.target.raw(`INSERT INTO contacts VALUES ('u1', 'theirs', NULL)`);
    await users(1, 3, 'one');
    const sync = await syncIn('insert');
    expect(await engine.run(sync)).toMatchObject({ outcome: 'clean', rows_created: 2, rows_skipped: 1 });
    await users(1, 5, 'two');
    expect(await engine.run(sync)).toMatchObject({ rows_processed: 5, rows_created: 2, rows_skipped: 3 });
    expect(await contacts()).toEqual({ theirs: 1, one: 2, two: 2 });
    expect(await engine.run(sync)).toMatchObject({ outcome: 'no_changes', rows_skipped: 5 });
  });

  test('update writes only what the destination has, and offers missing rows again on a full resync', async () => {
    await engine.target.raw(`INSERT INTO contacts VALUES ('u1', 'theirs', NULL)`);
    await users(1, 3, 'ours');
    const sync = await syncIn('update');
    expect(await engine.run(sync)).toMatchObject({ outcome: 'clean', rows_updated: 1, rows_skipped: 2 });
    expect(await contacts()).toEqual({ ours: 1 });

    await engine.target.raw(`INSERT INTO contacts VALUES ('u2', 'theirs', NULL)`);
    expect(await engine.run(sync)).toMatchObject({
      outcome: 'no_changes',
      rows_unchanged: 1,
      rows_skipped: 2,
    });
    expect(await contacts()).toEqual({ ours: 1, theirs: 1 });

    // Only the row the destination still lacks is skipped now.
    expect(await engine.run(sync, { kind: 'full_resync' })).toMatchObject({
      rows_updated: 2,
      rows_skipped: 1,
    });
    expect(await contacts()).toEqual({ ours: 2 });
  });

  test('update offers missing rows again a day later, and at once when they have changed', async () => {
    await users(1, 2, 'one');
    const sync = await syncIn('update');
    expect(await engine.run(sync)).toMatchObject({ outcome: 'no_changes', rows_skipped: 2 });
    await engine.target.raw(`INSERT INTO contacts VALUES ('u1', 'theirs', NULL), ('u2', 'theirs', NULL)`);
    await users(2, 2, 'two');
    expect(await engine.run(sync)).toMatchObject({ outcome: 'clean', rows_updated: 1, rows_skipped: 1 });
    await engine.knex.raw(
      `UPDATE snapshots SET missing_offered_at = missing_offered_at - interval '25 hours' WHERE sync_id = ?`,
      [sync],
    );
    expect(await engine.run(sync)).toMatchObject({ outcome: 'clean', rows_updated: 1, rows_unchanged: 1 });
    expect(await contacts()).toEqual({ one: 1, two: 1 });
  });

  test('missing rows stay due when the run that was to offer them sent nothing', async () => {
    await users(1, 1, 'one');
    const sync = await syncIn('update');
    await engine.run(sync);
    await engine.target.raw(`INSERT INTO contacts VALUES ('u1', 'theirs', NULL)`);
    await engine.knex.raw(
      `UPDATE snapshots SET missing_offered_at = missing_offered_at - interval '25 hours' WHERE sync_id = ?`,
      [sync],
    );
    await engine.target.raw(`ALTER TABLE contacts RENAME TO elsewhere`);
    expect(await engine.run(sync)).toMatchObject({ status: 'failed', rows_not_attempted: 1 });
    await engine.target.raw(`ALTER TABLE elsewhere RENAME TO contacts`);
    expect(await engine.run(sync, { kind: 'dry_run' })).toMatchObject({ outcome: 'planned' });
    expect(await engine.run(sync)).toMatchObject({ outcome: 'clean', rows_updated: 1 });
  });

  test('mirror deletes vanished rows it has written, and no others', async () => {
    await engine.target.raw(`INSERT INTO contacts VALUES ('x1', 'theirs', NULL)`);
    await users(1, 10, 'ours');
    const sync = await syncIn('mirror');
    expect(await engine.run(sync)).toMatchObject({ rows_created: 10, planned_deletes: 0 });
    await noUsers(1, 2);
    await users(11, 11, 'ours');
    // Somebody else was quicker with one of the two.
    await engine.target('contacts').where({ id: 'u2' }).delete();
    const run = await engine.run(sync);
    expect(run).toMatchObject({
      outcome: 'clean',
      rows_created: 1,
      rows_deleted: 1,
      rows_skipped: 1,
      planned_deletes: 2,
      counter_mismatch: 0,
    });
    expect(await contacts()).toEqual({ theirs: 1, ours: 9 });
    expect(await engine.run(sync)).toMatchObject({ outcome: 'no_changes', planned_deletes: 0 });
  });

  test('a row that comes back after its delete is created again', async () => {
    await users(1, 3, 'ours');
    const sync = await syncIn('mirror');
    await engine.run(sync);
    await noUsers(3, 3);
    expect(await engine.run(sync)).toMatchObject({ rows_deleted: 1 });
    await users(3, 3, 'ours');
    expect(await engine.run(sync)).toMatchObject({ rows_created: 1, rows_unchanged: 2 });
  });

  test('an emptied model deletes nothing until it is allowed to', async () => {
    await users(1, 5, 'ours');
    const sync = await syncIn('mirror');
    await engine.run(sync);
    await noUsers(1, 5);
    const held = await engine.run(sync);
    expect(held).toMatchObject({
      status: 'completed',
      outcome: 'no_changes',
      rows_processed: 0,
      rows_deleted: 0,
      rows_skipped: 5,
      planned_deletes: 5,
      counter_mismatch: 0,
    });
    expect(await eventsOf(engine, held.id)).toContainEqual({
      type: 'deletes_held',
      detail: expect.objectContaining({ rows: 5 }),
    });
    expect(await contacts()).toEqual({ ours: 5 });

    expect(await engine.run(sync, { allowDeletes: true })).toMatchObject({ rows_deleted: 5 });
    expect(await contacts()).toEqual({});
  });

  test('a fifth of the rows may go, one more is held with all the others and the changes still go out', async () => {
    await users(1, 1000, 'one');
    const sync = await syncIn('mirror');
    await engine.run(sync);
    await noUsers(1, 200);
    expect(await engine.run(sync)).toMatchObject({ rows_deleted: 200 });

    await users(201, 201, 'two');
    await noUsers(840, 1000);
    const held = await engine.run(sync);
    expect(held).toMatchObject({ outcome: 'clean', rows_updated: 1, rows_deleted: 0, rows_skipped: 161 });
    expect(await eventTypes(engine, held.id)).toContain('deletes_held');
    expect(await contacts()).toEqual({ one: 799, two: 1 });
    const allowed = await engine.run(sync, { allowDeletes: true });
    expect(allowed).toMatchObject({ rows_deleted: 161, rows_skipped: 0 });
    expect(await eventTypes(engine, allowed.id)).not.toContain('deletes_held');
    expect(await contacts()).toEqual({ one: 638, two: 1 });
  });

  test('a hundred rows may go even when they are most of a small snapshot', async () => {
    await users(1, 110, 'ours');
    const sync = await syncIn('mirror');
    await engine.run(sync);
    await noUsers(1, 100);
    expect(await engine.run(sync)).toMatchObject({ rows_deleted: 100, rows_skipped: 0 });
  });

  test('deletes go last, after every write', async () => {
    await engine.target.raw(`CREATE TABLE IF NOT EXISTS acts (act text, n bigserial);
      CREATE OR REPLACE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO acts (act) VALUES (TG_OP); RETURN NULL; END $$;
      CREATE OR REPLACE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON contacts FOR EACH ROW EXECUTE FUNCTION note()`);
    await users(1, 4, 'one');
    const sync = await syncIn('mirror');
    await engine.run(sync);
    await engine.target.raw(`TRUNCATE acts`);
    await noUsers(1, 1);
    await users(2, 2, 'two');
    await users(5, 5, 'one');
    expect(await engine.run(sync)).toMatchObject({ rows_created: 1, rows_updated: 1, rows_deleted: 1 });
    const acts = await engine.target('acts').orderBy('n').pluck('act');
    expect([...acts].sort()).toEqual(['DELETE', 'INSERT', 'UPDATE']);
    expect(acts.at(-1)).toBe('DELETE');
    await engine.target.raw(`DROP TRIGGER note ON contacts`);
  });

  test('a sync that turns from upsert to mirror deletes what left the model in the meantime', async () => {
    await users(1, 5, 'ours');
    const sync = await syncIn('upsert');
    await engine.run(sync);
    await noUsers(5, 5);
    await engine.run(sync);
    await changeSync(engine, sync, { mode: 'mirror' });
    expect(await engine.run(sync)).toMatchObject({ rows_deleted: 1, rows_unchanged: 4 });
  });

  test('a dry run plans and counts, and sends nothing', async () => {
    await users(1, 5, 'ours');
    const sync = await syncIn('upsert');
    expect(await engine.run(sync, { kind: 'dry_run' })).toMatchObject({
      status: 'completed',
      outcome: 'planned',
      rows_not_attempted: 5,
      rows_created: 0,
    });
    expect(await contacts()).toEqual({});
    expect(await engine.run(sync)).toMatchObject({ outcome: 'clean', rows_created: 5 });
  });
});
