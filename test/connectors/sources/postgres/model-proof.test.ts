// What a model may be, and what its faults are called: proven on a real server.
import type { Source } from '../../../../connectors/source';
import { postgresSource } from '../../../../connectors/sources/postgres/postgres-source';
import { type PostgresPlace, postgresPlace } from '../../postgres-place';
import { readAll } from '../../source-contract';
import { until } from '../../../support/until';

const never = new AbortController().signal;
let place: PostgresPlace;
let source: Source;

beforeAll(async () => {
  place = await postgresPlace();
  source = postgresSource(place.connection);
  await place.run(`
    CREATE TABLE victim (id int PRIMARY KEY, "odd ""name" text);
    INSERT INTO victim VALUES (1, 'here');
    CREATE FUNCTION meddle() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM victim; RETURN 1; END $$;
  `);
});

afterAll(async () => {
  await source.close();
  await place.drop();
});

const read = async (sql: string, columns = ['n'], timeoutSeconds = 60) =>
  readAll(await source.read({ sql, columns, timeoutSeconds }, never));

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no failure',
    (error: Error) => error.message,
  );

test.each([
  ['a second statement', 'select 1 as n; drop table victim'],
  ['leaving the parenthesis', 'select 1 as n) m) to stdout; commit; drop table victim; copy (select 1 as n'],
  ['leaving it without a second statement', "select 1 as n) m) to program 'touch x' --"],
  ['a comment that eats our end', 'select 1 as n) m) to stdout; drop table victim; --'],
  ['an open comment', 'select 1 as n /*'],
  ['an open string', `select 'a as n`],
  ['a NUL character', 'select 1 as n\0; drop table victim'],
  ['a writing CTE', 'with gone as (delete from victim returning id) select id as n from gone'],
  ['DELETE … RETURNING', 'delete from victim returning id as n'],
  ['a function that writes', 'select meddle() as n'],
  ['a lock', 'select id as n from victim for update'],
  ['SELECT INTO', 'select 1 as n into other'],
  ['DDL', 'drop table victim'],
  ['SET', `set default_transaction_read_only = off`],
  ['leaving read-only', `select set_config('transaction_read_only', 'off', false) as n, meddle()`],
  ['COMMIT', 'commit'],
  ['DO', 'do $$ begin delete from victim; end $$'],
  ['CALL', 'call meddle()'],
])('%s is refused and changes nothing', async (_, sql) => {
  await expect(read(sql)).rejects.toMatchObject({ failure: { code: 'model_query_failed' } });
  expect(await place.run('SELECT id FROM victim')).toEqual([{ id: 1 }]);
});

test.each([
  ['a last semicolon', 'select 1 as n;'],
  ['a last comment', 'select 1 as n -- that is all'],
  ['both', 'select 1 as n; -- that is all;'],
  ['VALUES', 'select * from (values (1)) as v (n)'],
  ['WITH', 'with one as (select 1 as n) select * from one'],
  ['ORDER BY and LIMIT', 'select n from generate_series(1, 9) as n order by n limit 1'],
  ['UNION', 'select 1 as n union select 1'],
  ['parentheses', '(select 1 as n)'],
])('%s makes a fine model', async (_, sql) => {
  expect(await read(sql)).toEqual([['1']]);
});

test('columns of any name are read by that name', async () => {
  expect(await read('table victim', ['odd "name', 'id'])).toEqual([['here', '1']]);
});

test.each([
  ['select 1 as n\nfrom\nwhere', 'syntax error at line 3'],
  [`${'\n'.repeat(11)}selec 1`, 'syntax error at line 12'],
  [`select 1 as n;\n\nselect 2 as n`, 'a model is one statement, and this one has several'],
  ['select 1 as n,\n  shoe\nfrom victim', 'column "shoe" does not exist at line 2'],
  ['select 1 as n\nfrom missing', 'relation "missing" does not exist at line 2'],
  ['with gone as (delete from victim returning id)\nselect id as n from gone', /read-only|data-modifying/],
  ['select 1 as n, 2 as n, 3 as m, 4 as m', 'more than one column is named "n", "m"'],
  ['', 'it is not a query that returns rows'],
  ['drop table victim', 'it is not a query that returns rows'],
  ['select 1 / (id - 1) as n from victim', 'division by zero'],
  // What stands in the model may be said; what stands in a row may not.
  ["select 'x1'::int as n", 'invalid input syntax for type integer: "x1" at line 1'],
  ['select "odd ""name"::int as n from victim', 'invalid input syntax for type integer: "<value>"'],
  ["select (id || '9999999999')::int as n from victim", 'value "<value>" is out of range for type integer'],
])('the fault of %j is called %s', async (sql, detail) => {
  const message = await messageOf(read(sql));
  expect(message).toMatch(/^Model query failed: /);
  const said = message.slice('Model query failed: '.length);
  if (typeof detail === 'string') expect(said).toBe(detail);
  else expect(said).toMatch(detail);
});

test.each(['show work_mem', 'explain select 1'])('%s returns rows, but is no query', async (sql) => {
  expect(await messageOf(source.describe(sql, never))).toMatch(/it is not a query that returns rows/);
});

test('a statement that outlasts its timeout says so, before and after its first row', async () => {
  const message = 'Model query failed: statement timeout after 0.2 s';
  expect(await messageOf(read('select 1 as n from pg_sleep(60)', ['n'], 0.2))).toBe(message);
  const late = "select repeat('x', 100000) || n as n from generate_series(1, 100) as n, pg_sleep(0.05 * n)";
  expect(await messageOf(read(late, ['n'], 0.2))).toBe(message);
});

test('a cancel that is not ours is not taken for a timeout', async () => {
  const reading = messageOf(read('select 1 as n from pg_sleep(60)'));
  const cancel = `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'signalsmith' AND query LIKE 'COPY%' AND state = 'active'`;
  await until('its statement to be seen', async () => (await place.run(cancel)).length > 0);
  expect(await reading).toBe('Model query failed: the statement was cancelled in the source');
});

test('an error that came before anybody read is met by the reader', async () => {
  const stream = await source.read(
    { sql: 'select 1 / (id - 1) as n from victim', columns: ['n'], timeoutSeconds: 60 },
    never,
  );
  const failed = `SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'signalsmith' AND state = 'idle in transaction (aborted)'`;
  await until('its statement to be seen', async () => (await place.run(failed)).length > 0);
  await expect(readAll(stream)).rejects.toThrow('Model query failed: division by zero');
});

test('describing a model does not run it', async () => {
  const columns = await source.describe('select pg_sleep(600), 1 / 0 as n, now()::timestamp(3) as at', never);
  expect(columns.map(({ name, type }) => [name, type])).toEqual([
    ['pg_sleep', 'void'],
    ['n', 'integer'],
    ['at', 'timestamp(3) without time zone'],
  ]);
});
