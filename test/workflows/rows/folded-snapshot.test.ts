import { Engine } from '../../support/engine/engine';

describe('a snapshot whose deltas have grown', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start();
    await engine.warehouse.raw(`CREATE TABLE users AS
      SELECT 'u' || n AS id, n AS age FROM generate_series(1, 12000) n`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY, age integer)`);
  });
  afterAll(() => engine.close());

  test('is folded into a base that still knows every row, for changes and for deletes', async () => {
    const sync = await engine.sync({
      sql: 'SELECT * FROM users',
      mode: 'mirror',
      mapping: [
        { column: 'id', field: 'id' },
        { column: 'age', field: 'age' },
      ],
      object: { table: 'contacts' },
    });
    expect(await engine.run(sync)).toMatchObject({ rows_created: 12_000, counter_mismatch: 0 });

    await engine.warehouse.raw(`UPDATE users SET age = 0 WHERE id = 'u7'`);
    expect(await engine.run(sync)).toMatchObject({ rows_updated: 1, rows_unchanged: 11_999 });
    const [snapshot] = await engine.knex('snapshots').where({ sync_id: sync });
    expect(snapshot).toMatchObject({ version: 2, base_rows: 12_000, delta_rows: 1 });
    expect(await engine.knex('snapshot_deltas').where({ sync_id: sync })).toHaveLength(1);

    await engine.warehouse.raw(`DELETE FROM users WHERE id IN ('u1', 'u12000')`);
    expect(await engine.run(sync)).toMatchObject({ rows_deleted: 2, rows_unchanged: 11_998 });
    const { rows } = await engine.target.raw(`SELECT count(*) AS n, min(age) AS youngest FROM contacts`);
    expect(rows[0]).toEqual({ n: 11_998, youngest: 0 });
  });
});
