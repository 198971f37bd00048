// Reading rows as bytes over a real server.
import type { Knex } from 'knex';
import type { Client } from 'pg';
import { connect } from '../../db/connect';
import { copyBinary } from '../../db/copy-binary';
import { createEmptyDatabase, type TestDatabase } from '../support/database';
import { until } from '../support/until';

describe('rows read as bytes', () => {
  let database: TestDatabase;
  let knex: Knex;
  beforeAll(async () => {
    database = await createEmptyDatabase();
    // With a limit, so that the hook that watches over silent servers is in the way.
    knex = connect(database.url, { poolSize: 1, answerLimitMs: 20_000 });
  });
  afterAll(async () => {
    await knex.destroy();
    await database.drop();
  });

  test('every byte arrives as it is, and null is told from empty', async () => {
    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const hex = every.toString('hex');
    const rows = await copyBinary(
      knex,
      `SELECT n, decode('${hex}', 'hex'), ''::bytea, NULL::bytea, n::int FROM generate_series(-1::bigint, 1) AS n`,
    );
    expect(rows.map(([first]) => first?.readBigInt64BE())).toEqual([-1n, 0n, 1n]);
    for (const [first, bytes, empty, none, small] of rows) {
      expect(bytes).toEqual(every);
      expect(empty).toEqual(Buffer.alloc(0));
      expect(none).toBeNull();
      expect(small?.readInt32BE()).toBe(Number(first?.readBigInt64BE()));
    }
  });

  test('no rows are no rows, and rows of megabytes are whole', async () => {
    expect(await copyBinary(knex, 'SELECT 1 WHERE false')).toEqual([]);
    const rows = await copyBinary(
      knex,
      `SELECT convert_to(repeat(chr(64 + n), 3000000), 'UTF8') FROM generate_series(1, 3) AS n`,
    );
    expect(rows.map(([bytes]) => bytes?.toString())).toEqual(
      ['A', 'B', 'C'].map((letter) => letter.repeat(3_000_000)),
    );
  });

  test('no two rows share memory: one can be emptied and the others stay', async () => {
    const rows = await copyBinary(
      knex,
      `SELECT convert_to(repeat('x', 9000) || n, 'UTF8') FROM generate_series(1, 3) AS n`,
    );
    const memories = rows.map(([bytes]) => bytes?.buffer);
    expect(new Set(memories).size).toBe(3);
  });

  test('an error midway is thrown, and the connection serves the next query', async () => {
    await expect(copyBinary(knex, 'SELECT 1 / (3 - n) FROM generate_series(1, 9) AS n')).rejects.toThrow(
      'division by zero',
    );
    expect(await copyBinary(knex, `SELECT 'x'::bytea`)).toEqual([[Buffer.from('x')]]);
    const { rows } = await knex.raw<{ rows: { n: number }[] }>('SELECT 7 AS n');
    expect(rows).toEqual([{ n: 7 }]);
  });

  test('a connection that is lost midway is thrown, and the pool makes another', async () => {
    const lost = copyBinary(knex, 'SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(10)');
    await expect(lost).rejects.toThrow();
    // The server's farewell may come before the socket's end: then one more query meets the dead connection.
    await copyBinary(knex, 'SELECT 1').catch(() => undefined);
    expect(await copyBinary(knex, `SELECT 'x'::bytea`)).toEqual([[Buffer.from('x')]]);
  });

  test('a message that cannot be is thrown, and the pool makes another connection', async () => {
    const client = (await knex.client.acquireConnection()) as Client;
    await knex.client.releaseConnection(client);
    const other = connect(database.url, { poolSize: 1 });
    try {
      const broken = expect(copyBinary(knex, 'SELECT pg_sleep(60)')).rejects.toThrow('out of range');
      await until('the copy to begin', async () => {
        const query = `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'COPY (SELECT pg_sleep(60))%'`;
        return (await other.raw<{ rows: unknown[] }>(query)).rows.length > 0;
      });
      // A row of no length at all, in the name of the server.
      client.connection.stream.emit('data', Buffer.from('d\0\0\0\0'));
      await broken;
      expect(await copyBinary(knex, `SELECT 'x'::bytea`)).toEqual([[Buffer.from('x')]]);
    } finally {
      await other.destroy();
    }
  });

  test('in a transaction it sees what the transaction wrote', async () => {
    await knex.transaction(async (trx) => {
      await trx.raw(`CREATE TABLE mine AS SELECT 'x'::bytea AS data`);
      expect(await copyBinary(trx, 'SELECT data FROM mine')).toEqual([[Buffer.from('x')]]);
    });
  });
});
