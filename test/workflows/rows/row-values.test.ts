import { Engine } from '../../support/engine/engine';
import { rowErrorsOf } from '../../support/engine/run-facts';

describe('keys and values of rows', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start();
  });
  afterAll(() => engine.close());

  let tables = 0;
  /** Two tables of the same columns, the model over one and the sync into the other. */
  async function syncOf(columns: string, rowKey: string[]) {
    const name = `t${(tables += 1)}`;
    const names = columns.split(',').map((column) => column.trim().split(' ')[0] ?? '');
    await engine.warehouse.raw(`CREATE TABLE ${name} (${columns})`);
    await engine.target.raw(`CREATE TABLE ${name} (${columns}, UNIQUE (${rowKey.join(', ')}))`);
    const syncId = await engine.sync({
      sql: `SELECT * FROM ${name}`,
      rowKey,
      mapping: names.map((column) => ({ column, field: column })),
      object: { table: name },
    });
    return {
      syncId,
      run: () => engine.run(syncId),
      rows: () => engine.target(name).orderBy(rowKey),
      fill: async (rows: Record<string, unknown>[]) => {
        await engine.warehouse(name).delete();
        await engine.warehouse(name).insert(rows);
      },
    };
  }

  test('a null key is refused, and all other rows are sent', async () => {
    const sync = await syncOf('id text, email text', ['id']);
    await sync.fill([
      { id: null, email: 'lost' },
      { id: 'a', email: 'kept' },
      { id: null, email: 'lost too' },
    ]);
    const run = await sync.run();
    expect(run).toMatchObject({ outcome: 'with_row_errors', rows_created: 1, rows_failed: 2 });
    expect(await rowErrorsOf(engine, run.id)).toMatchObject([
      { row_id: null, field: 'id', code: 'null_key', raw_value: null, origin: 'source' },
      { row_id: null, field: 'id', code: 'null_key', raw_value: null, origin: 'source' },
    ]);
    expect(await sync.rows()).toEqual([{ id: 'a', email: 'kept' }]);
  });

  test('of identical copies one is sent and the others are skipped, now and when nothing has changed', async () => {
    const sync = await syncOf('id text, email text', ['id']);
    await sync.fill([
      { id: 'a', email: 'same' },
      { id: 'a', email: 'same' },
      { id: 'a', email: 'same' },
    ]);
    expect(await sync.run()).toMatchObject({ outcome: 'clean', rows_created: 1, rows_skipped: 2 });
    expect(await sync.run()).toMatchObject({ outcome: 'no_changes', rows_unchanged: 1, rows_skipped: 2 });
  });

  test('copies that differ are refused, one that equals the snapshot is unchanged, and the row stays as it was', async () => {
    const sync = await syncOf('id text, email text', ['id']);
    await sync.fill([{ id: 'a', email: 'first' }]);
    await sync.run();
    await sync.fill([
      { id: 'a', email: 'second' },
      { id: 'a', email: 'first' },
      { id: 'b', email: 'one' },
      { id: 'b', email: 'two' },
    ]);
    const run = await sync.run();
    expect(run).toMatchObject({
      outcome: 'with_row_errors',
      rows_failed: 3,
      rows_unchanged: 1,
      rows_created: 0,
    });
    expect(await rowErrorsOf(engine, run.id)).toMatchObject([
      { row_id: 'a', code: 'duplicate_key' },
      { row_id: 'b', code: 'duplicate_key' },
      { row_id: 'b', code: 'duplicate_key' },
    ]);
    expect(await sync.rows()).toEqual([{ id: 'a', email: 'first' }]);
    await sync.fill([
      { id: 'a', email: 'first' },
      { id: 'b', email: 'two' },
    ]);
    expect(await sync.run()).toMatchObject({ outcome: 'clean', rows_unchanged: 1, rows_created: 1 });
  });

  test('a key of several columns tells rows apart by all of them', async () => {
    const sync = await syncOf('email text, country text, id integer', ['country', 'id']);
    await sync.fill([
      { country: 'a', id: 11, email: 'one' },
      { country: 'a1', id: 1, email: 'two' },
      { country: 'a', id: null, email: 'refused' },
    ]);
    const run = await sync.run();
    expect(run).toMatchObject({ rows_created: 2, rows_failed: 1 });
    expect(await rowErrorsOf(engine, run.id)).toMatchObject([
      { row_id: null, field: 'id', code: 'null_key' },
    ]);
    await sync.fill([
      { country: 'a', id: 11, email: 'one' },
      { country: 'a1', id: 1, email: 'changed' },
    ]);
    expect(await sync.run()).toMatchObject({ rows_updated: 1, rows_unchanged: 1 });
    expect(await sync.rows()).toEqual([
      { country: 'a', id: 11, email: 'one' },
      { country: 'a1', id: 1, email: 'changed' },
    ]);
  });

  test('values arrive as they are, byte for byte', async () => {
    const sync = await syncOf('id text, value text', ['id']);
    const values = [
      '',
      null,
      '\\N',
      '\\',
      'tab\there',
      'new\nline',
      'carriage\r\nreturn',
      'it\'s "quoted"',
      'back\\slash \\t \\n',
      '\\.',
      'naïve 日本語 🦊 e\u0301',
      '\u0001\u001f\u007f',
      ' spaces ',
      'x'.repeat(100_000),
    ];
    const rows = values.map((value, at) => ({ id: `${String(at).padStart(2, '0')}\t\n\\'"`, value }));
    await sync.fill(rows);
    expect(await sync.run()).toMatchObject({ outcome: 'clean', rows_created: values.length });
    expect(await sync.rows()).toEqual(rows);
    expect(await sync.run()).toMatchObject({ outcome: 'no_changes' });
  });

  test('typed values arrive as the source had them, and a text that only looks different is a change', async () => {
    const sync = await syncOf(
      'id bigint, amount numeric, at timestamptz, day date, span interval, bytes bytea, doc jsonb, tags text[], flag boolean, ratio float8',
      ['id'],
    );
    const row = {
      id: '9007199254740993',
      amount: '1.00',
      at: '2024-02-29T12:34:56.789012Z',
      day: '2024-02-29',
      span: '1 year 2 mons 3 days 04:05:06.789',
      bytes: Buffer.from([0, 1, 92, 255]),
      doc: JSON.stringify({ a: [1, 'two', null], 'b"': '\t' }),
      tags: ['a', 'b,c', '"d"', ''],
      flag: true,
      ratio: 0.1,
    };
    const asText = async (knex: Engine['target']) =>
      (await knex.raw(`SELECT t::text AS text FROM t${tables} t`)).rows;
    await sync.fill([row]);
    expect(await sync.run()).toMatchObject({ outcome: 'clean', rows_created: 1 });
    expect(await asText(engine.target)).toEqual(await asText(engine.warehouse));
    await sync.fill([{ ...row, amount: '1.0' }]);
    expect(await sync.run()).toMatchObject({ outcome: 'clean', rows_updated: 1 });
    expect(await asText(engine.target)).toEqual(await asText(engine.warehouse));
  });
});
