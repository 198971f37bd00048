// Tables of every kind and name, and what makes a table unfit for a sync.
import { words } from '../../destination-harness';
import { postgresDestination } from '../../../../connectors/destinations/postgres/postgres-destination';
import type { TargetOptions } from './postgres-table';
import { type TablePlace, tablePlace } from './postgres-table';

const never = new AbortController().signal;
let place: TablePlace;

afterEach(() => place.drop());

test('names with quotes, dots, capitals and unicode are only names', async () => {
  place = await tablePlace(`
    CREATE SCHEMA "my.schema";
    CREATE TABLE "my.schema"."Drop ""table""; --" ("Küche.id" int PRIMARY KEY, "a""b" text, "v0" text, state text, b text, t text, r text, place text, outcome text)`);
  const fields = ['Küche.id', 'a"b', 'v0', 'state', 'b', 't', 'r', 'place', 'outcome'];
  const target = place.target(fields, { schema: 'my.schema', table: 'Drop "table"; --', mode: 'mirror' });
  await place.destination.prepare(target, never);
  const row = (id: string): string[] => [id, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  // With a refused row, so that both ways of writing meet the names.
  const answer = await place.write(target, [row('1'), row('x'), row('2')]);
  expect(words(answer)).toEqual(['created', 'failed', 'created']);
  expect(answer.refusals).toMatchObject([{ row: 1, field: 'Küche.id' }]);
  expect(words(await place.write(target, [row('1')], 'update'))).toEqual(['updated']);
  expect(words(await place.write(target, [['2'], ['y']], 'delete'))).toEqual(['deleted', 'failed']);
  expect(await place.run(`SELECT * FROM "my.schema"."Drop ""table""; --"`)).toEqual([
    Object.fromEntries(row('1').map((value, at) => [fields[at], at === 0 ? 1 : value])),
  ]);
});

// 63 bytes, as many as the server keeps of a name; one more character, and it would be cut to this.
const longest = `x${'é'.repeat(31)}`;

test('a name of 63 bytes is only a name', async () => {
  place = await tablePlace(
    `CREATE SCHEMA "${longest}"; CREATE TABLE "${longest}"."${longest}" ("${longest}" int PRIMARY KEY)`,
  );
  const target = place.target([longest], { schema: longest, table: longest, mode: 'mirror' });
  await place.destination.prepare(target, never);
  expect(words(await place.write(target, [['1'], ['x']]))).toEqual(['created', 'failed']);
  expect(await place.run(`SELECT * FROM "${longest}"."${longest}"`)).toEqual([{ [longest]: 1 }]);
});

test.each<[string, TargetOptions, string[]]>([
  ['table', { table: `${longest}é` }, [longest]],
  ['schema', { schema: `${longest}é`, table: longest }, [longest]],
  ['field', { table: longest }, [`${longest}é`]],
])(
  'a longer name of a %s is not that of another one, to which the server would cut it',
  async (_, object, fields) => {
    place = await tablePlace(`
    CREATE SCHEMA "${longest}";
    CREATE TABLE "${longest}" ("${longest}" int PRIMARY KEY);
    CREATE TABLE "${longest}"."${longest}" ("${longest}" int PRIMARY KEY)`);
    await expect(place.destination.prepare(place.target(fields, object), never)).rejects.toMatchObject({
      failure: { code: 'destination_misconfigured', message: expect.stringContaining(`${longest}é`) },
    });
  },
);

test('key columns named like what a block of ours declares are no trouble', async () => {
  place = await tablePlace('CREATE TABLE things (state text, v1 int, PRIMARY KEY (state, v1))');
  const target = place.target(['state', 'v1'], { keyColumns: 2 });
  const rows = [
    ['a', '1'],
    ['a', 'x'],
  ];
  expect(words(await place.write(target, rows))).toEqual(['created', 'failed']);
  expect(words(await place.write(target, rows))).toEqual(['updated', 'failed']);
});

test('a table without a schema named is found by the search path', async () => {
  place = await tablePlace('CREATE TABLE things (id int PRIMARY KEY)');
  const target = place.target(['id']);
  await place.destination.prepare(target, never);
  expect(words(await place.write(target, [['1']]))).toEqual(['created']);
  expect(words(await place.write(target, [['1']], 'update'))).toEqual(['updated']);
});

test('partitioned tables and simple views are written with exact counts', async () => {
  place = await tablePlace(`
    CREATE TABLE things (id int, name text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
    CREATE TABLE things_low PARTITION OF things FOR VALUES FROM (0) TO (100);
    CREATE TABLE things_high PARTITION OF things FOR VALUES FROM (100) TO (200);
    CREATE VIEW seen AS SELECT id, name FROM things WHERE id < 150 WITH CHECK OPTION`);
  for (const table of ['things', 'seen']) {
    await place.run('TRUNCATE things');
    const target = place.target(['id', 'name'], { table, mode: 'mirror' });
    await place.destination.prepare(target, never);
    const first = await place.write(target, [
      ['1', 'a'],
      ['120', 'b'],
      ['500', 'nowhere'],
    ]);
    expect(words(first)).toEqual(['created', 'created', 'failed']);
    const second = await place.write(
      target,
      [
        ['120', 'c'],
        ['2', 'd'],
      ],
      ['update', 'create'],
    );
    expect(words(second)).toEqual(['updated', 'created']);
    expect(words(await place.write(target, [['1'], ['3']], 'delete'))).toEqual(['deleted', 'skipped']);
    expect(await place.run('SELECT * FROM things ORDER BY id')).toEqual([
      { id: 2, name: 'd' },
      { id: 120, name: 'c' },
    ]);
  }
});

test('an update-only sync needs no right to insert, and takes tables that number their rows themselves', async () => {
  place = await tablePlace(
    'CREATE TABLE things (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text); INSERT INTO things (name) VALUES ($$old$$)',
  );
  await place.run(`CREATE ROLE ${place.guest} LOGIN; GRANT SELECT, UPDATE ON things TO ${place.guest}`);
  const destination = postgresDestination(
    place.connectionWith((url) => {
      url.username = place.guest;
    }),
  );
  await destination.prepare(place.target(['id', 'name'], { mode: 'update' }), never);
  await expect(destination.prepare(place.target(['id', 'name']), never)).rejects.toMatchObject({
    failure: { code: 'destination_misconfigured' },
  });
  await destination.close();
  await place.run(`DROP OWNED BY ${place.guest}`);
  const answer = await place.write(place.target(['id', 'name'], { mode: 'update' }), [['1', 'new']]);
  expect(words(answer)).toEqual(['updated']);
});

const unfit: [string, string, string[], TargetOptions, string | RegExp][] = [
  ['no table is named', '', ['id'], { table: '' }, 'no table is named'],
  [
    'the table is missing',
    '',
    ['id'],
    {},
    'there is no table "things", or its schema is closed to this user',
  ],
  [
    'a field is missing',
    'CREATE TABLE things (id int PRIMARY KEY)',
    ['id', 'no'],
    {},
    'table "things" has no column "no"',
  ],
  [
    'a field is computed',
    'CREATE TABLE things (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED)',
    ['id', 'twice'],
    {},
    'column "twice" of table "things" is generated and cannot be written',
  ],
  [
    'the key has no index',
    'CREATE TABLE things (id int)',
    ['id'],
    {},
    /no unique index on exactly the row key \("id"\).*CREATE UNIQUE INDEX ON "public"."things" \("id"\)/,
  ],
  [
    'the index is plain',
    'CREATE TABLE things (id int); CREATE INDEX ON things (id)',
    ['id'],
    {},
    /no unique index/,
  ],
  [
    'the index is partial',
    'CREATE TABLE things (id int); CREATE UNIQUE INDEX ON things (id) WHERE id > 0',
    ['id'],
    {},
    /no unique index/,
  ],
  [
    'the index is deferrable',
    'CREATE TABLE things (id int UNIQUE DEFERRABLE)',
    ['id'],
    {},
    /no unique index/,
  ],
  [
    'the index is wider',
    'CREATE TABLE things (id int, b int, UNIQUE (id, b))',
    ['id', 'b'],
    {},
    /no unique index/,
  ],
  [
    'the index is narrower',
    'CREATE TABLE things (id int UNIQUE, b int)',
    ['id', 'b'],
    { keyColumns: 2 },
    /no unique index/,
  ],
  [
    'the index is missing in update mode',
    'CREATE TABLE things (id int, b int)',
    ['id', 'b'],
    { mode: 'update' },
    /no unique index/,
  ],
  [
    'the table numbers rows itself',
    'CREATE TABLE things (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)',
    ['id'],
    {},
    /cannot insert a non-DEFAULT value into column "id"/,
  ],
  [
    'the view cannot be written',
    'CREATE VIEW things AS SELECT 1 AS id',
    ['id'],
    {},
    /cannot insert into view "things"/,
  ],
];

test.each(unfit)('before the first write it is said that %s', async (_, ddl, fields, options, detail) => {
  place = await tablePlace(ddl);
  const failure = await place.destination
    .prepare(place.target(fields, options), never)
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ failure: { code: 'destination_misconfigured' }, retryable: false });
  const { message } = failure as Error;
  expect(message).toMatch(/^Destination cannot take this sync: /);
  const said = message.slice('Destination cannot take this sync: '.length);
  if (typeof detail === 'string') expect(said).toBe(detail);
  else expect(said).toMatch(detail);
});

test.each([
  ['insert', 'SELECT, UPDATE, DELETE'],
  ['update', 'SELECT, INSERT, DELETE'],
  ['delete', 'SELECT, INSERT, UPDATE'],
])('a missing right to %s is found before the first write', async (act, rights) => {
  place = await tablePlace('CREATE TABLE things (id int PRIMARY KEY, name text)');
  await place.run(`CREATE ROLE ${place.guest} LOGIN; GRANT ${rights} ON things TO ${place.guest}`);
  const destination = postgresDestination(
    place.connectionWith((url) => {
      url.username = place.guest;
    }),
  );
  const preparing = destination.prepare(place.target(['id', 'name'], { mode: 'mirror' }), never);
  await expect(preparing).rejects.toMatchObject({
    failure: {
      code: 'destination_misconfigured',
      message: `Destination cannot take this sync: this user may not ${act} (table "public"."things")`,
    },
  });
  await destination.close();
  await place.run(`DROP OWNED BY ${place.guest}`);
});

test('preparing leaves nothing behind', async () => {
  place = await tablePlace('CREATE TABLE things (id int PRIMARY KEY, name text)');
  await place.destination.prepare(place.target(['id', 'name'], { mode: 'mirror' }), never);
  expect(await place.run('SELECT * FROM things')).toEqual([]);
  expect(await place.run(`SELECT relname FROM pg_class WHERE relname LIKE 'signalsmith%'`)).toEqual([]);
});
