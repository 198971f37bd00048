// Proves what a caller of the database gets to see of a statement that failed, and from a server that says nothing, or little by little.
import { Client } from 'pg';
import { to } from 'pg-copy-streams';
import { connect } from '../../db/connect';
import { cutWhenSilent } from '../../db/cut-when-silent';
import { isDatabaseUnavailable } from '../../db/database-error';
import { createEmptyDatabase, type TestDatabase } from '../support/database';
import { PostgresGate } from '../support/outside/postgres-gate';

let database: TestDatabase;

beforeAll(async () => {
  database = await createEmptyDatabase();
});

afterAll(() => database.drop());

// The statement stands for a server that is frozen: both say nothing, for longer than any test would wait.
const silence = 'SELECT pg_sleep(60)';

test('a query without an answer fails as on a lost connection, and the next one has a connection that works', async () => {
  const knex = connect(database.url, { poolSize: 1, answerLimitMs: 300 });
  try {
    const error: unknown = await knex.raw(silence).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(isDatabaseUnavailable(error)).toBe(true);
    expect((await knex.raw('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  } finally {
    await knex.destroy();
  }
});

test('a transaction that is cut leaves nothing behind', async () => {
  const knex = connect(database.url, { poolSize: 1, answerLimitMs: 300 });
  try {
    await knex.raw('CREATE TABLE kept (n integer)');
    const cut = knex.transaction(async (trx) => {
      await trx.raw('INSERT INTO kept VALUES (1)');
      await trx.raw(silence);
    });
    expect(isDatabaseUnavailable(await cut.catch((thrown: unknown) => thrown))).toBe(true);
    expect((await knex.raw('SELECT n FROM kept')).rows).toEqual([]);
  } finally {
    await knex.destroy();
  }
});

test('a stream that takes longer than any answer may is left alone', async () => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  cutWhenSilent(300)(client, () => undefined);
  try {
    const rows = client.query(to('COPY (SELECT pg_sleep(0.2) FROM generate_series(1, 4)) TO STDOUT'));
    let lines = 0;
    for await (const chunk of rows) lines += String(chunk).split('\n').length - 1;
    expect(lines).toBe(4);
  } finally {
    await client.end();
  }
});

test('with a wide limit for answers a database that takes no connection is still given up in seconds', async () => {
  const gate = await PostgresGate.openTo(database.url);
  // The first thing that is ever said on a connection names the database.
  gate.hangAt(database.name);
  const knex = connect(gate.url, { poolSize: 1, answerLimitMs: 600_000 });
  try {
    const error: unknown = await knex.raw('SELECT 1').catch((thrown: unknown) => thrown);
    expect(isDatabaseUnavailable(error)).toBe(true);
  } finally {
    await knex.destroy();
    await gate.shut();
  }
});

test('the message of a failed statement holds none of its values', async () => {
  const knex = connect(database.url, { poolSize: 1 });
  try {
    const failing = knex.raw('SELECT ?::text, ?::integer', ['secret-of-a-row', 'another-secret']);
    const error = (await failing.catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toContain('SELECT');
    expect(error.message).not.toContain('secret-of-a-row');
  } finally {
    await knex.destroy();
  }
});

test('a connection that prefers indexes tells the planner so, others leave it its own mind', async () => {
  for (const [prefersIndexes, cost] of [
    [true, '1.1'],
    [false, '4'],
  ] as const) {
    const knex = connect(database.url, { poolSize: 1, prefersIndexes });
    expect((await knex.raw('SHOW random_page_cost')).rows).toEqual([{ random_page_cost: cost }]);
    await knex.destroy();
  }
});
