// What becomes of rows that a table refuses, swallows or keeps in another form.
import { postgresDestination } from '../../../../connectors/destinations/postgres/postgres-destination';
import { words, writeOnce } from '../../destination-harness';
import { aBatch } from '../../outgoing-batch';
import { type TablePlace, tablePlace as openTablePlace } from './postgres-table';

let place: TablePlace;

afterEach(() => place.drop());

const refusalsOf = ({ refusals }: Awaited<ReturnType<TablePlace['write']>>): unknown[] =>
  refusals.map(({ row, field, code, message }) => [row, field, code, message]);

describe.each([
  ['new rows straight in', ''],
  // No policy holds a superuser back, but COPY is not tried where there might be one.
  ['all rows by merge', 'ALTER TABLE things ENABLE ROW LEVEL SECURITY'],
])('%s', (_way, change) => {
  const tablePlace = (ddl: string): Promise<TablePlace> => openTablePlace(`${ddl}; ${change}`);

  test('every kind of refusal names its field, its code and the server’s own words', async () => {
    place = await tablePlace(`
    CREATE DOMAIN percent AS int CHECK (VALUE BETWEEN 0 AND 100);
    CREATE TYPE mood AS ENUM ('good', 'bad');
    CREATE TABLE parents (id int PRIMARY KEY);
    CREATE TABLE things (
      id int PRIMARY KEY, short varchar(5), amount numeric(4, 2), day date, "isGood" boolean, doc jsonb, feeling mood,
      share percent, needed text NOT NULL, nick text UNIQUE, parent int REFERENCES parents DEFERRABLE INITIALLY DEFERRED,
      low int, high int, CHECK (low < high)
    )`);
    const fields = [
      'id',
      'short',
      'amount',
      'day',
      'isGood',
      'doc',
      'feeling',
      'share',
      'needed',
      'nick',
      'parent',
    ];
    const target = place.target([...fields, 'low', 'high']);
    const good = ['0', 'abcde', '1.5', '2025-01-15', 't', '{"a":1}', 'good', '7', 'x', 'n0', null, '1', '2'];
    const bad = (id: string, field: string, value: string | null): (string | null)[] =>
      good.map((known, at) => {
        if (at === 0) return id;
        if (fields[at] === 'nick' && field !== 'nick') return `n${id}`;
        return [...fields, 'low', 'high'][at] === field ? value : known;
      });
    const answer = await place.write(target, [
      good,
      bad('x1', 'id', null),
      bad('2', 'short', 'abcdef'),
      bad('3', 'amount', '100'),
      bad('4', 'day', '2025-02-30'),
      bad('5', 'isGood', 'maybe'),
      bad('6', 'doc', '{'),
      bad('7', 'feeling', 'odd'),
      bad('8', 'share', '101'),
      bad('9', 'needed', null),
      bad('10', 'nick', 'n0'),
      bad('11', 'parent', '1'),
      bad('12', 'low', '3'),
      bad('13', 'short', 'fine'),
    ]);
    expect(words(answer)).toEqual(['created', ...Array<string>(12).fill('failed'), 'created']);
    expect(refusalsOf(answer)).toEqual([
      [1, 'id', '22P02', 'invalid input syntax for type integer: "x1"'],
      [2, 'short', '22001', 'value too long for type character varying(5)'],
      [3, 'amount', '22003', 'numeric field overflow'],
      [4, 'day', '22008', 'date/time field value out of range: "2025-02-30"'],
      [5, 'isGood', '22P02', 'invalid input syntax for type boolean: "maybe"'],
      [6, 'doc', '22P02', 'invalid input syntax for type json'],
      [7, 'feeling', '22P02', 'invalid input value for enum mood: "odd"'],
      [8, 'share', '23514', 'value for domain percent violates check constraint "percent_check"'],
      [
        9,
        'needed',
        '23502',
        'null value in column "needed" of relation "things" violates not-null constraint',
      ],
      [10, 'nick', '23505', 'duplicate key value violates unique constraint "things_nick_key"'],
      [
        11,
        'parent',
        '23503',
        'insert or update on table "things" violates foreign key constraint "things_parent_fkey"',
      ],
      [12, null, '23514', 'new row for relation "things" violates check constraint "things_check"'],
    ]);
    expect(await place.run('SELECT id, short, amount FROM things ORDER BY id')).toEqual([
      { id: 0, short: 'abcde', amount: '1.50' },
      { id: 13, short: 'fine', amount: '1.50' },
    ]);
  });

  test('two bad rows in a hundred are refused out of a batch of 10,000, and all others are written', async () => {
    place = await tablePlace('CREATE TABLE things (id int PRIMARY KEY, amount int)');
    const rows = Array.from({ length: 10_000 }, (_, at) => [`${at}`, at % 50 === 0 ? 'none' : `${at}`]);
    const answer = await place.write(place.target(['id', 'amount']), rows);
    expect(answer.refusals.map(({ row }) => row)).toEqual(Array.from({ length: 200 }, (_, at) => at * 50));
    expect(words(answer).filter((word) => word === 'created')).toHaveLength(9_800);
    expect(await place.run('SELECT count(*)::int, sum(amount)::int FROM things')).toEqual([
      { count: 9_800, sum: 49_995_000 - 995_000 },
    ]);
  });

  test('rows that a trigger swallows are refused as not applied, in every mode', async () => {
    place = await tablePlace(`
    CREATE TABLE things (id int PRIMARY KEY, name text);
    INSERT INTO things VALUES (1, 'swallow'), (2, 'old');
    CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF coalesce(NEW.name, OLD.name) LIKE 'swallow%' OR OLD.name LIKE 'swallow%' THEN RETURN NULL; END IF;
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;
    CREATE TRIGGER swallow BEFORE INSERT OR UPDATE OR DELETE ON things FOR EACH ROW EXECUTE FUNCTION swallow()`);
    const target = (mode: 'upsert' | 'insert' | 'update' | 'mirror') =>
      place.target(['id', 'name'], { mode });
    const upserted = await place.write(
      target('upsert'),
      [
        ['1', 'new'],
        ['2', 'new'],
        ['3', 'swallowed'],
        ['4', 'new'],
      ],
      ['update', 'update', 'create', 'create'],
    );
    expect(words(upserted)).toEqual(['failed', 'updated', 'failed', 'created']);
    expect(upserted.refusals).toMatchObject([
      { row: 0, code: 'not_applied', field: null },
      { row: 2, code: 'not_applied', field: null },
    ]);
    const inserted = await place.write(target('insert'), [
      ['2', 'x'],
      ['5', 'swallowed'],
      ['6', 'x'],
    ]);
    expect(words(inserted)).toEqual(['skipped', 'failed', 'created']);
    const updated = await place.write(target('update'), [
      ['1', 'x'],
      ['2', 'x'],
      ['99', 'x'],
    ]);
    expect(words(updated)).toEqual(['failed', 'updated', 'skipped']);
    const deleted = await place.write(target('mirror'), [['1'], ['2'], ['99']], 'delete');
    expect(words(deleted)).toEqual(['failed', 'deleted', 'skipped']);
    expect(await place.run('SELECT * FROM things ORDER BY id')).toEqual([
      { id: 1, name: 'swallow' },
      { id: 4, name: 'new' },
      { id: 6, name: 'x' },
    ]);
  });

  test('a trigger that rewrites keys or values does not hide that the row was written', async () => {
    place = await tablePlace(`
    CREATE TABLE things (id text PRIMARY KEY, name text);
    CREATE FUNCTION tidy() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN NEW.id := lower(NEW.id); NEW.name := upper(NEW.name); RETURN NEW; END $$;
    CREATE TRIGGER tidy BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION tidy()`);
    await place.write(place.target(['id', 'name']), [['b', 'there']]);
    const answer = await place.write(place.target(['id', 'name']), [
      ['A', 'one'],
      ['b', 'two'],
      ['C', 'three'],
    ]);
    expect(words(answer)).toEqual(['created', 'updated', 'created']);
    expect(await place.run('SELECT * FROM things ORDER BY id')).toEqual([
      { id: 'a', name: 'ONE' },
      { id: 'b', name: 'two' },
      { id: 'c', name: 'THREE' },
    ]);
  });

  test('a trigger’s own refusal is a refusal of that row', async () => {
    place = await tablePlace(`
    CREATE TABLE things (id int PRIMARY KEY, name text);
    CREATE FUNCTION judge() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.name = 'bad' THEN RAISE EXCEPTION 'we do not take %', NEW.name USING COLUMN = 'name'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER judge BEFORE INSERT OR UPDATE ON things FOR EACH ROW EXECUTE FUNCTION judge()`);
    const answer = await place.write(place.target(['id', 'name']), [
      ['1', 'good'],
      ['2', 'bad'],
    ]);
    expect(words(answer)).toEqual(['created', 'failed']);
    expect(refusalsOf(answer)).toEqual([[1, 'name', 'P0001', 'we do not take bad']]);
  });

  test('a broken trigger fails the run: it is no row’s fault', async () => {
    place = await tablePlace(`
    CREATE TABLE things (id int PRIMARY KEY, name text);
    CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO missing VALUES (1); RETURN NEW; END $$;
    CREATE TRIGGER broken BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION broken()`);
    await expect(place.write(place.target(['id', 'name']), [['1', 'x']])).rejects.toMatchObject({
      failure: {
        code: 'destination_misconfigured',
        message: 'Destination cannot take this sync: relation "missing" does not exist',
      },
    });
  });

  test('keys the table takes for equal are written one after the other', async () => {
    place = await tablePlace(`
    CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE TABLE things (id text COLLATE loose PRIMARY KEY, name text)`);
    const target = place.target(['id', 'name']);
    const created = await place.write(target, [
      ['A', 'first'],
      ['a', 'second'],
      ['b', 'other'],
    ]);
    expect(words(created)).toEqual(['created', 'updated', 'created']);
    const updated = await place.write(
      target,
      [
        ['a', 'third'],
        ['A', 'fourth'],
      ],
      'update',
    );
    expect(words(updated)).toEqual(['updated', 'updated']);
    expect(await place.run('SELECT count(*)::int FROM things')).toEqual([{ count: 2 }]);
  });

  test('bytes that are no text in the destination’s encoding are a refusal of their row', async () => {
    place = await tablePlace(`CREATE TABLE things (id int PRIMARY KEY, name text)`);
    const answer = await place.write(place.target(['id', 'name']), [
      ['1', 'fine'],
      ['2', 'zero \0 byte'],
      ['3', 'fine too'],
      ['x', 'and a bad key'],
    ]);
    expect(words(answer)).toEqual(['created', 'failed', 'created', 'failed']);
    expect(refusalsOf(answer)).toEqual([
      [1, null, '22021', 'invalid byte sequence for encoding "UTF8": 0x00'],
      [3, 'id', '22P02', 'invalid input syntax for type integer: "x"'],
    ]);
  });

  test('rows that row security forbids are refused one by one', async () => {
    place = await tablePlace(`CREATE TABLE things (id int PRIMARY KEY, name text)`);
    await place.run(`
    CREATE ROLE ${place.guest} LOGIN;
    GRANT SELECT, INSERT, UPDATE ON things TO ${place.guest};
    ALTER TABLE things ENABLE ROW LEVEL SECURITY;
    CREATE POLICY evens ON things USING (true) WITH CHECK (id % 2 = 0)`);
    const destination = postgresDestination(
      place.connectionWith((url) => {
        url.username = place.guest;
      }),
    );
    const answer = await writeOnce(
      destination,
      place.target(['id', 'name']),
      aBatch([
        ['1', 'odd'],
        ['2', 'even'],
      ]),
    );
    await destination.close();
    await place.run(`DROP OWNED BY ${place.guest}`);
    expect(words(answer)).toEqual(['failed', 'created']);
    expect(answer.refusals).toMatchObject([{ row: 0, code: '42501' }]);
  });
});
