// Rows whose unique value another row holds at the moment they are written, and has given up by the end of the run: in one
// transaction. Several have follow-ups.test.ts.
import { Engine } from '../../support/engine/engine';
import { rowErrorsOf } from '../../support/engine/run-facts';

describe('a value that must be unique and changes hands', () => {
  let engine: Engine;
  let tables = 0;
  beforeAll(async () => {
    engine = await Engine.start();
  });
  afterAll(() => engine.close());

  /** A model and a table of its own, loaded with `rows`. */
  async function place(rows: Record<string, string>, config = {}, mode: 'mirror' | 'insert' = 'mirror') {
    const name = `users_${(tables += 1)}`;
    await engine.warehouse.raw(`CREATE TABLE ${name} (id text, email text)`);
    await engine.target.raw(`CREATE TABLE ${name} (id text PRIMARY KEY, email text UNIQUE)`);
    const show = async (shown: Record<string, string>) => {
      await engine.warehouse.raw(`TRUNCATE ${name}`);
      await engine.warehouse(name).insert(Object.entries(shown).map(([id, email]) => ({ id, email })));
    };
    await show(rows);
    const sync = await engine.sync({
      sql: `SELECT * FROM ${name} ORDER BY id`,
      mapping: ['id', 'email'].map((column) => ({ column, field: column })),
      mode,
      object: { table: name },
      destination: { kind: 'postgres', config, secrets: { url: engine.databases.target.url } },
    });
    expect(await engine.run(sync)).toMatchObject({ outcome: 'clean' });
    const held = async () =>
      Object.fromEntries((await engine.target(name)).map(({ id, email }) => [id, email]));
    return { sync, show, held };
  }

  test('a new row takes the value of a row that vanished, in the same run', async () => {
    const { sync, show, held } = await place({ a: '1', gone: '2', kept: '3' });
    await show({ a: '1', b: '2', kept: '3' });
    const run = await engine.run(sync);
    expect(run).toMatchObject({
      outcome: 'clean',
      rows_created: 1,
      rows_deleted: 1,
      rows_failed: 0,
      rows_unchanged: 2,
      counter_mismatch: 0,
    });
    expect(await rowErrorsOf(engine, run.id)).toEqual([]);
    expect(await held()).toEqual({ a: '1', b: '2', kept: '3' });
    expect(await engine.run(sync)).toMatchObject({ outcome: 'no_changes', rows_unchanged: 3 });
  });

  test('a row takes the value that another one changes, and only what is still taken is refused', async () => {
    const { sync, show, held } = await place({ a: '1', b: '2', c: '3', d: '4' });
    // `a` follows upon `b`; `e` is after the value that `d` keeps, `c` after one that is no longer there.
    await show({ a: '2', b: '5', c: '3', d: '4', e: '4' });
    const run = await engine.run(sync);
    expect(run).toMatchObject({
      outcome: 'with_row_errors',
      rows_updated: 2,
      rows_created: 0,
      rows_failed: 1,
      rows_unchanged: 2,
      counter_mismatch: 0,
    });
    expect(await rowErrorsOf(engine, run.id)).toMatchObject([
      { row_id: 'e', field: 'email', code: '23505', raw_value: '4', operation: 'create' },
    ]);
    expect(await held()).toEqual({ a: '2', b: '5', c: '3', d: '4' });
    // Refused rows come again, the others do not.
    expect(await engine.run(sync)).toMatchObject({ rows_failed: 1, rows_unchanged: 4, rows_updated: 0 });
  });

  test('where rows are only added nothing goes twice: what is taken is refused at once', async () => {
    const { sync, show } = await place({ a: '1' }, { atomic_rows: 0 }, 'insert');
    await show({ a: '1', b: '1', c: '3' });
    const run = await engine.run(sync);
    expect(run).toMatchObject({ outcome: 'with_row_errors', rows_created: 1, rows_failed: 1 });
    expect(await engine.knex('batches').where({ run_id: run.id })).toHaveLength(1);
  });
});
