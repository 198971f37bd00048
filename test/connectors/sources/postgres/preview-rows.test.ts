// The first rows of a model: what they hold, how much of them is taken, and what a previewed query cannot do.
import type { Socket } from 'node:net';
import { Client } from 'pg';
import type { Source } from '../../../../connectors/source';
import { postgresSource } from '../../../../connectors/sources/postgres/postgres-source';
import {
  mostPreviewBytes,
  mostValueBytes,
  previewRows,
  previewStatement,
} from '../../../../connectors/sources/postgres/preview-rows';
import { type PostgresPlace, postgresPlace } from '../../postgres-place';
import { until } from '../../../support/until';

const never = new AbortController().signal;
let place: PostgresPlace;
let source: Source;
/** The same database, by a user who may read one table and become nobody. */
let guest: Source;

beforeAll(async () => {
  place = await postgresPlace();
  source = postgresSource(place.connection);
  await place.run(`
    CREATE TABLE victim (id int PRIMARY KEY, name text);
    INSERT INTO victim VALUES (1, 'here');
    CREATE SEQUENCE numbers;
    CREATE TABLE secrets (word text);
    CREATE ROLE ${place.guest} LOGIN PASSWORD 'guest';
    GRANT SELECT ON victim TO ${place.guest};
    CREATE FUNCTION meddle() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM victim; RETURN 1; END $$;
  `);
  guest = postgresSource(
    place.connectionWith((url) => {
      url.username = place.guest;
      url.password = 'guest';
    }),
  );
});

afterAll(async () => {
  await Promise.all([source.close(), guest.close()]);
  await place.run(`REVOKE ALL ON victim FROM ${place.guest}`);
  await place.drop();
});

const preview = (sql: string, { limit = 10, timeoutSeconds = 60, from = source } = {}) =>
  from.preview({ sql, limit, timeoutSeconds }, never);
const texts = async (sql: string) => (await preview(sql)).rows.map((row) => row.map(({ text }) => text));

test('rows come as texts, in the order of the columns, whatever the types', async () => {
  const { columns, rows, hasMore } = await preview(`
    SELECT 1 AS n, null AS nothing, true AS yes, '{"a": [1]}'::jsonb AS facts, '\\x00ff'::bytea AS bytes,
      timestamptz '2025-01-15 09:00:00+02' AS at, ARRAY['a', null] AS list, 0.1::float8 + 0.2 AS sum, '' AS empty`);
  expect(columns.map(({ name, type }) => [name, type])).toEqual([
    ['n', 'integer'],
    ['nothing', 'text'],
    ['yes', 'boolean'],
    ['facts', 'jsonb'],
    ['bytes', 'bytea'],
    ['at', 'timestamp with time zone'],
    ['list', 'text[]'],
    ['sum', 'double precision'],
    ['empty', 'text'],
  ]);
  expect(rows.map((row) => row.map(({ text }) => text))).toEqual([
    [
      '1',
      null,
      'true',
      '{"a": [1]}',
      '\\x00ff',
      '2025-01-15 07:00:00+00',
      '{a,NULL}',
      '0.30000000000000004',
      '',
    ],
  ]);
  expect(hasMore).toBe(false);
});

test.each([
  [9, 9, false],
  [10, 10, false],
  [11, 10, true],
])('of %i rows %i are shown of ten wanted; there are more: %s', async (rows, shown, hasMore) => {
  const found = await preview(`SELECT n FROM generate_series(1, ${rows}) AS n`);
  expect([found.rows.length, found.hasMore]).toEqual([shown, hasMore]);
});

test('a model that ends in a limit, a comment or a semicolon keeps its own limit', async () => {
  expect(await texts('SELECT n FROM generate_series(1, 99) AS n ORDER BY n DESC LIMIT 2 -- two;')).toEqual([
    ['99'],
    ['98'],
  ]);
});

test('a long value is cut, at a whole character, and says how long it is', async () => {
  const { rows } = await preview(`
    SELECT repeat('x', ${mostValueBytes}) AS fits, repeat('x', ${mostValueBytes + 1}) AS cut,
      'a' || repeat('🦊', 10000) AS foxes, repeat('x', 30000000) AS huge`);
  expect(rows[0]?.map(({ cutFrom }) => cutFrom)).toEqual([null, mostValueBytes + 1, 40_001, 30_000_000]);
  const [fits, cut, foxes, huge] = rows[0]?.map(({ text }) => text ?? '') ?? [];
  expect([fits?.length, cut?.length, huge?.length]).toEqual([mostValueBytes, mostValueBytes, mostValueBytes]);
  expect(foxes).toMatch(/^a🦊+$/u);
  expect(Buffer.byteLength(foxes ?? '')).toBe(mostValueBytes - 3);
});

test('rows end where all of them together are too much, and say so', async () => {
  const wide = Array.from({ length: 50 }, (_, at) => `repeat('x', 2000) AS c${at}`).join(', ');
  const { rows, hasMore } = await preview(`SELECT ${wide} FROM generate_series(1, 100)`, { limit: 100 });
  expect([rows.length, hasMore]).toEqual([mostPreviewBytes / 100_000, true]);
});

test('what is not taken is not sent either', async () => {
  const client = new Client({ connectionString: String(place.connection.secrets['url']) });
  await client.connect();
  const names = Array.from({ length: 1_000 }, (_, at) => ({
    name: `c${at}`,
    type: 'text',
    json: 'string' as const,
  }));
  const wide = names.map(({ name }) => `repeat('x', 2000) AS ${name}`).join(', ');
  const statement = previewStatement(`SELECT ${wide} FROM generate_series(1, 100)`, names, 100);
  const { rows, hasMore } = await previewRows(client, statement, 100);
  const { bytesRead } = client.connection.stream as Socket;
  await client.end();
  // The first row, which is more than all may be together, and one that tells that there are more.
  expect([rows.length, hasMore, bytesRead < 6 * mostPreviewBytes]).toEqual([1, true, true]);
});

test('a table of as many columns as there can be is shown whole', async () => {
  const columns = Array.from({ length: 1_600 }, (_, at) => `${at} AS c${at}`).join(', ');
  const { rows } = await preview(`SELECT ${columns}`);
  expect(rows[0]).toHaveLength(1_600);
  expect(rows[0]?.[1_599]?.text).toBe('1599');
});

test('columns of any name come back as they are named', async () => {
  const odd = ['a.b', 'x as y', 'say "so"', "it's", '--', '/*', '$1', '?', 'ü–ñ 🦊', 'é'.repeat(31)];
  await place.run(
    `CREATE TABLE "odd ""table"".x" (${odd.map((name) => `"${name.replaceAll('"', '""')}" text`).join(', ')})`,
  );
  await place.run(`INSERT INTO "odd ""table"".x" VALUES (${odd.map((_, at) => `'${at}'`).join(', ')})`);
  const { columns, rows } = await preview('SELECT * FROM "odd ""table"".x"');
  expect(columns.map(({ name }) => name)).toEqual(odd);
  expect(rows[0]?.map(({ text }) => text)).toEqual(odd.map((_, at) => `${at}`));
});

test.each([
  ['a second statement', 'select 1 as n; drop table victim'],
  [
    'leaving the parenthesis',
    'select 1 as n) m) t; drop table victim; select * from (select * from (select 1 as n',
  ],
  ['a comment that eats our end', 'select 1 as n) m) t; drop table victim; --'],
  ['a NUL character', 'select 1 as n\0; drop table victim'],
  ['COPY … PROGRAM', `copy (select 1) to program 'touch /tmp/pwned'`],
  ['COPY … FROM PROGRAM', `copy victim from program 'echo 2'`],
  ['COPY to a file', `copy victim to '/tmp/pwned'`],
  ['a writing CTE', 'with gone as (delete from victim returning id) select id from gone'],
  ['DELETE … RETURNING', 'delete from victim returning id'],
  ['a function that writes', 'select meddle()'],
  ['a sequence', `select nextval('numbers')`],
  ['a lock', 'select id from victim for update'],
  ['SELECT INTO', 'select 1 as n into other'],
  ['DDL', 'drop table victim'],
  ['SET ROLE', 'set role postgres'],
  ['SET SESSION AUTHORIZATION', 'set session authorization default'],
  ['RESET', 'reset all'],
  ['leaving read-only', `select set_config('transaction_read_only', 'off', false), meddle()`],
  ['COMMIT', 'commit'],
  ['DO', 'do $$ begin delete from victim; end $$'],
  ['CALL', 'call meddle()'],
  ['LISTEN', 'listen somebody'],
  ['a parameter', 'select $1::text as n'],
])('%s is refused and changes nothing', async (_, sql) => {
  await expect(preview(sql)).rejects.toMatchObject({ failure: { code: 'model_query_failed' } });
  expect(await place.run('SELECT id FROM victim')).toEqual([{ id: 1 }]);
});

test.each([
  ['pg_sleep', 'select pg_sleep(600)'],
  ['many short sleeps', 'select count(pg_sleep(0.01)) from generate_series(1, 100000)'],
  ['a limit that the query lifts itself', `select set_config('statement_timeout', '0', true), pg_sleep(600)`],
  ['work without end', 'select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b'],
])('%s does not outlast the timeout', async (_, sql) => {
  await expect(preview(sql, { timeoutSeconds: 1 })).rejects.toMatchObject({
    failure: { code: 'model_query_failed', message: 'Model query failed: statement timeout after 1 s' },
  });
  const busy = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'signalsmith' AND state = 'active'`;
  await until('its statement to be gone', async () => (await place.run(busy)).length === 0);
});

test('no role is taken on that the user may not take on, and none outlasts the query', async () => {
  const [{ name: owner } = {}] = await place.run('SELECT current_user AS name');
  const become = (role: unknown) => `select set_config('role', '${String(role)}', false) as role`;
  expect((await preview('select id from victim', { from: guest })).rows).toHaveLength(1);
  for (const sql of [
    become(owner),
    'select word from secrets',
    `select pg_read_file('PG_VERSION') as word`,
  ]) {
    await expect(preview(sql, { from: guest })).rejects.toMatchObject({
      failure: { code: 'model_query_failed', message: expect.stringContaining('permission denied') },
    });
  }
  await preview(become(place.guest));
  expect(await texts('select current_user::text')).toEqual([[owner]]);
});

test('a check says when models could be more than they should', async () => {
  const rightsIn = async (from: Source) =>
    (await from.check(never)).checks.find(({ name }) => name === 'rights')?.detail;
  expect(await rightsIn(source)).toMatch(/^A superuser/);
  expect(await rightsIn(guest)).toBe('No other rights than its own');
  await place.run(`CREATE ROLE ${place.guest}_boss; GRANT ${place.guest}_boss TO ${place.guest}`);
  try {
    expect(await rightsIn(guest)).toBe(`May become "${place.guest}_boss": models can read what these can`);
  } finally {
    await place.run(`DROP ROLE ${place.guest}_boss`);
  }
});
