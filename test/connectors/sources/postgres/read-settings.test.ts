// Values read the same whatever the role, database or server prefers; a lost connection is told as such.
import { postgresSource } from '../../../../connectors/sources/postgres/postgres-source';
import type { Source } from '../../../../connectors/source';
import { type PostgresPlace, postgresPlace } from '../../postgres-place';
import { readAll } from '../../source-contract';
import { until } from '../../../support/until';

const never = new AbortController().signal;
let place: PostgresPlace;
let source: Source;

beforeEach(async () => {
  place = await postgresPlace();
  source = postgresSource(place.connection);
});

afterEach(async () => {
  await source.close();
  await place.drop();
});

const values = `
  select timestamptz '2025-01-15 09:00:00.5+02' as at, date '2025-01-15' as day, interval '1 day 02:03:04' as span,
    0.1::float8 + 0.2::float8 as sum, '\\x00ff'::bytea as bytes, 1.00::numeric as fixed, 12.5::money as price, true as yes`;
const columns = ['at', 'day', 'span', 'sum', 'bytes', 'fixed', 'price', 'yes'];

test('settings of the database do not change how values read', async () => {
  const plain = await readAll(await source.read({ sql: values, columns, timeoutSeconds: 60 }, never));
  expect(plain).toEqual([
    [
      '2025-01-15 07:00:00.5+00',
      '2025-01-15',
      '1 day 02:03:04',
      '0.30000000000000004',
      '\\x00ff',
      '1.00',
      '$12.50',
      't',
    ],
  ]);
  const [{ name } = {}] = await place.run('SELECT current_database() AS name');
  for (const setting of [
    `DateStyle = 'SQL, DMY'`,
    `IntervalStyle = 'iso_8601'`,
    `TimeZone = 'Asia/Tokyo'`,
    'extra_float_digits = 0',
    `bytea_output = 'escape'`,
    'default_transaction_isolation = serializable',
    'statement_timeout = 1',
  ]) {
    await place.run(`ALTER DATABASE "${String(name)}" SET ${setting}`);
  }
  expect(await readAll(await source.read({ sql: values, columns, timeoutSeconds: 60 }, never))).toEqual(
    plain,
  );
});

test('what is read several times is scanned from its beginning each time', async () => {
  const sql = `select current_setting('synchronize_seqscans') as scans`;
  const query = { sql, columns: ['scans'], timeoutSeconds: 60 };
  expect(await readAll(await source.read({ ...query, passes: 2 }, never))).toEqual([['off']]);
  expect(await readAll(await source.read(query, never))).toEqual([['on']]);
});

test('a read sees one snapshot, whatever is committed meanwhile', async () => {
  await place.run(
    `CREATE TABLE rows AS SELECT n, repeat('x', 500) AS fill FROM generate_series(1, 20000) AS n`,
  );
  const sql = 'select n, fill from rows union all select count(*)::int, $$count$$ from rows';
  const stream = await source.read({ sql, columns: ['n', 'fill'], timeoutSeconds: 60 }, never);
  await place.run('DELETE FROM rows');
  const rows = await readAll(stream);
  expect(rows).toHaveLength(20_001);
  expect(rows.at(-1)).toEqual(['20000', 'count']);
});

test('a reader that pauses holds the server back', async () => {
  const sql = `select n, repeat('x', 1000) as fill from generate_series(1, 100000) as n`;
  const stream = await source.read({ sql, columns: ['n', 'fill'], timeoutSeconds: 60 }, never);
  const chunks = stream.chunks[Symbol.asyncIterator]();
  await chunks.next();
  // The server waits for the client to take what it sent: 100 MB did not go into our memory.
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'ClientWrite'`;
  await until('its statement to be seen', async () => (await place.run(waiting)).length > 0);
  let bytes = 0;
  for (let step = await chunks.next(); !step.done; step = await chunks.next()) bytes += step.value.length;
  expect(bytes).toBeGreaterThan(95_000_000);
  expect(stream.rowCount()).toBe(100_000);
});

test('a connection lost midway is told as lost, and waiting may help', async () => {
  const sql = `select n, repeat('x', 1000) as fill from generate_series(1, 100000) as n`;
  const stream = await source.read({ sql, columns: ['n', 'fill'], timeoutSeconds: 60 }, never);
  const chunks = stream.chunks[Symbol.asyncIterator]();
  await chunks.next();
  await place.run(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'signalsmith'`,
  );
  const reading = (async () => {
    for (let step = await chunks.next(); !step.done; step = await chunks.next());
  })();
  await expect(reading).rejects.toMatchObject({
    failure: { code: 'source_connection_failed' },
    retryable: true,
  });
});

test('a reader that stops early leaves nothing running', async () => {
  const sql = `select n, repeat('x', 1000) as fill from generate_series(1, 100000) as n`;
  const stream = await source.read({ sql, columns: ['n', 'fill'], timeoutSeconds: 60 }, never);
  for await (const chunk of stream.chunks) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  const left = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'signalsmith'`;
  await until('its statement to be gone', async () => (await place.run(left)).length === 0);
});

test.each([
  ['nonsense', 'the connection URL must look like postgres://user:password@host:5432/database'],
  ['postgres://host/db', 'the connection URL must name a user, a host and a database'],
  [
    'postgres://u:p@host/db?sslmode=maybe',
    'sslmode "maybe" is not one of prefer, require, verify-ca, verify-full, no-verify, disable',
  ],
  ['postgres://u:p@nowhere.invalid/db', 'host not found'],
])('the URL %s is refused with a reason', async (url, detail) => {
  const other = postgresSource({ kind: 'postgres', config: {}, secrets: { url } });
  await expect(other.check(never)).resolves.toMatchObject({
    ok: false,
    checks: [{ detail: `Source connection failed: ${detail}` }],
  });
});

test('a database that is not there is named', async () => {
  const other = postgresSource(
    place.connectionWith((url) => {
      url.pathname = '/no_such_database';
    }),
  );
  await expect(other.check(never)).resolves.toMatchObject({
    ok: false,
    checks: [{ detail: 'Source connection failed: database "no_such_database" does not exist' }],
  });
});
