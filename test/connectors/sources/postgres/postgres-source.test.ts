// Runs the source contract against PostgreSQL.
import { postgresSource } from '../../../../connectors/sources/postgres/postgres-source';
import { closedPort, expiredLogin, postgresPlace } from '../../postgres-place';
import { describeSource } from '../../source-contract';

describeSource({
  kind: 'postgres',
  async open() {
    const place = await postgresPlace();
    await place.run('CREATE TABLE people (id bigint PRIMARY KEY, name text, active boolean, facts jsonb)');
    return {
      source: postgresSource(place.connection),
      model: 'SELECT id, name, active, facts FROM people',
      brokenModel: 'SELECT id\nFROM people\nWHERE ORDER BY id',
      endlessModel: 'SELECT 1 AS n FROM pg_sleep(600)',
      async add(people) {
        await place.run('INSERT INTO people SELECT * FROM jsonb_populate_recordset(null::people, $1)', [
          JSON.stringify(people),
        ]);
      },
      async busy() {
        const rows = await place.run(
          `SELECT FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'signalsmith' AND state = 'active' AND query LIKE 'COPY%'`,
        );
        return rows.length > 0;
      },
      async withoutServer() {
        return postgresSource(
          place.connectionWith((url) => {
            url.host = `127.0.0.1:${closedPort}`;
          }),
        );
      },
      async withWrongPassword() {
        return postgresSource(await expiredLogin(place));
      },
      close: () => place.drop(),
    };
  },
});

test.each([
  ['postgres://u@%2Fvar%2Frun%2Fpostgresql/d', /one host/],
  ['postgres://u@a,b/d', /one host/],
  ['postgres://u@h%zz/d', /one host/],
  ['postgres://u%zz@h/d', /escape/],
  ['postgres://u@h/d%zz', /escape/],
])('the stored URL %j is not connected to', async (url, detail) => {
  const source = postgresSource({ kind: 'postgres', config: {}, secrets: { url } });
  const { ok, checks } = await source.check(new AbortController().signal);
  await source.close();
  expect([ok, checks[0]?.detail]).toEqual([false, expect.stringMatching(detail)]);
});
