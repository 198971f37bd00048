// Proves what a caller of the database gets to see of a statement that failed, and from a server that says nothing.
import { connect } from '../../db/connect';
import { isDatabaseUnavailable } from '../../db/database-error';
import { createEmptyDatabase, type TestDatabase } from '../support/database';

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
