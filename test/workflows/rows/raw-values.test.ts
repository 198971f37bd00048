// What the database holds of refused rows under each policy: a row with a mark in every value, and then every table is searched.
import { defaultSettings } from '../../../domain/sync';
import { Engine, type SyncSketch } from '../../support/engine/engine';
import { FaultyDestination, rowMapping } from '../../support/outside/faulty-destination';
import { answerJson } from '../../support/outside/http-stub';
import { rowErrorsOf } from '../../support/engine/run-facts';
import { tablesWith } from '../../support/tables-with';

// Of letters alone, so that no escaping hides one.
const mark = 'CanaryRowQzXw';

describe('raw values', () => {
  let engine: Engine;
  let http: FaultyDestination;
  beforeAll(async () => {
    [engine, http] = await Promise.all([Engine.start(), FaultyDestination.start()]);
    await engine.warehouse.raw(`CREATE TABLE users (id text, email text, name text)`);
    await engine.target.raw(`
      CREATE TABLE contacts (id text PRIMARY KEY, email text, name text);
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE 'no % with the address % of %', upper(NEW.name), NEW.email, NEW.id USING COLUMN = 'email'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON contacts FOR EACH ROW EXECUTE FUNCTION refuse()`);
  });
  afterAll(() => Promise.all([engine.close(), http.close()]));
  beforeEach(async () => {
    http.reset();
    await engine.warehouse.raw(`TRUNCATE users`);
  });

  const mapping = ['id', 'email', 'name'].map((column) => ({ column, field: column }));
  const intoTable = (rawValues: 'keep' | 'mask' | 'omit', sketch: Partial<SyncSketch> = {}) =>
    engine.sync({
      sql: 'SELECT * FROM users',
      mapping,
      object: { table: 'contacts' },
      settings: { rawValues },
      ...sketch,
    });
  const marked = () =>
    engine.warehouse('users').insert({ id: 'usr-1', email: `${mark}@example.org`, name: mark });

  test('they are masked before they are written: no table holds one', async () => {
    await marked();
    const run = await engine.run(await intoTable('mask'));
    expect(run).toMatchObject({ outcome: 'with_row_errors', rows_failed: 1 });
    expect(await rowErrorsOf(engine, run.id)).toMatchObject([
      {
        row_id: 'usr-1',
        field: 'email',
        message: 'no <value> with the address <value> of usr-1',
        raw_value: `${'x'.repeat(mark.length)}@xxxxxxx.xxx`,
      },
    ]);
    expect(await tablesWith(engine.knex, mark)).toEqual([]);
  });

  test('omitted, not even their shape is there, and messages are without whatever could be one', async () => {
    await marked();
    const run = await engine.run(await intoTable('omit'));
    expect(await rowErrorsOf(engine, run.id)).toMatchObject([
      {
        row_id: 'usr-1',
        field: 'email',
        message: 'no <value> with the address <value> of usr-1',
        raw_value: null,
      },
    ]);
    expect(await tablesWith(engine.knex, mark)).toEqual([]);
  });

  test.each(['mask', 'omit'] as const)('%s holds for what an HTTP destination repeats', async (rawValues) => {
    await marked();
    http.faultOf = () => (response) =>
      answerJson(response, 400, { message: `${mark}@example.org may not be "${mark}@Example.org"` });
    const run = await engine.run(
      await engine.sync({
        sql: 'SELECT * FROM users',
        mapping: rowMapping,
        settings: { rawValues },
        destination: http.destination(),
      }),
    );
    expect(run).toMatchObject({ outcome: 'with_row_errors', rows_failed: 1 });
    expect(await tablesWith(engine.knex, mark)).toEqual([]);
  });

  test('a run that is refused a row before the destination keeps to it too', async () => {
    const rows = ['one', 'two'].map((name) => ({ id: 'usr-1', email: name, name }));
    await engine.warehouse('users').insert(rows);
    const run = await engine.run(await intoTable('mask'));
    expect(await rowErrorsOf(engine, run.id)).toMatchObject([
      { code: 'duplicate_key', raw_value: 'xxx-0' },
      { code: 'duplicate_key', raw_value: 'xxx-0' },
    ]);
  });

  test('kept, as they are unless somebody says otherwise, they stand in row errors and nowhere else', async () => {
    expect(defaultSettings.rawValues).toBe('keep');
    await marked();
    const run = await engine.run(await intoTable('keep'));
    expect(await rowErrorsOf(engine, run.id)).toMatchObject([
      {
        message: `no ${mark.toUpperCase()} with the address ${mark}@example.org of usr-1`,
        raw_value: `${mark}@example.org`,
      },
    ]);
    expect(await tablesWith(engine.knex, mark)).toEqual(['row_error_groups', 'row_errors']);
  });
});
