import { Engine } from '../../support/engine/engine';

const mapping = [
  { column: 'id', field: 'id' },
  { column: 'email', field: 'email' },
  { column: 'age', field: 'age' },
];

describe('runs into a Postgres table', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start();
    await engine.warehouse.raw(`CREATE TABLE users (id text, email text, age integer)`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY, email text NOT NULL, age integer)`);
  });
  afterAll(() => engine.close());
  beforeEach(async () => {
    await engine.warehouse.raw(`TRUNCATE users`);
    await engine.target.raw(`TRUNCATE contacts`);
  });

  const upsert = () =>
    engine.sync({ sql: 'SELECT * FROM users ORDER BY id', mapping, object: { table: 'contacts' } });

  test('the first run creates every row and the second finds nothing to do', async () => {
    await engine.warehouse.raw(
      `INSERT INTO users SELECT 'u' || n, 'u' || n || '@example.org', n FROM generate_series(1, 2500) n`,
    );
    const sync = await upsert();
    const first = await engine.run(sync);
    expect(first).toMatchObject({
      status: 'completed',
      outcome: 'clean',
      rows_processed: 2500,
      rows_created: 2500,
      rows_updated: 0,
      counter_mismatch: 0,
    });
    const { rows } = await engine.target.raw(`SELECT count(*) AS n FROM contacts`);
    expect(rows[0].n).toBe(2500);

    const second = await engine.run(sync);
    expect(second).toMatchObject({ status: 'completed', outcome: 'no_changes', rows_unchanged: 2500 });
  });

  test('changed rows are updated and refused rows come again until they are accepted', async () => {
    await engine.warehouse.raw(`INSERT INTO users VALUES ('a', 'a@x', 1), ('b', NULL, 2), ('c', 'c@x', 3)`);
    const sync = await upsert();
    const first = await engine.run(sync);
    expect(first).toMatchObject({ outcome: 'with_row_errors', rows_created: 2, rows_failed: 1 });
    const errors = await engine.knex('row_errors').where({ run_id: first.id });
    expect(errors).toMatchObject([{ row_id: 'b', field: 'email', raw_value: null }]);

    await engine.warehouse.raw(`UPDATE users SET email = 'b@x' WHERE id = 'b'`);
    await engine.warehouse.raw(`UPDATE users SET age = 30 WHERE id = 'c'`);
    const second = await engine.run(sync);
    expect(second).toMatchObject({
      outcome: 'clean',
      rows_processed: 3,
      rows_created: 1,
      rows_updated: 1,
      rows_unchanged: 1,
    });
  });
});
