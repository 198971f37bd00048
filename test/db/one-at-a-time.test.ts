// Statements of one transaction that are asked for at once: the driver is handed one after another.
import type { Client } from 'pg';
import { connect } from '../../db/connect';
import { oneAtATime } from '../../db/one-at-a-time';
import { createEmptyDatabase } from '../support/database';

type Heard = (...answer: unknown[]) => void;

function watchedClient() {
  const sent: { statement: unknown; answer: Heard }[] = [];
  const client = {
    query: (statement: unknown, heard?: Heard) => {
      sent.push({ statement, answer: heard ?? (() => undefined) });
      return 'a stream';
    },
  };
  oneAtATime(client as unknown as Client);
  return { client, sent };
}

test('the next is sent when the one before is answered, well or not, and each hears its own answer', () => {
  const { client, sent } = watchedClient();
  const heard: unknown[] = [];
  for (const name of ['a', 'b', 'c']) client.query(name, (...answer) => heard.push([name, ...answer]));
  expect(sent.map(({ statement }) => statement)).toEqual(['a']);
  sent[0]?.answer(null, 1);
  expect(sent.map(({ statement }) => statement)).toEqual(['a', 'b']);
  sent[1]?.answer(new Error('refused'));
  sent[2]?.answer(null, 3);
  expect(heard).toEqual([
    ['a', null, 1],
    ['b', new Error('refused')],
    ['c', null, 3],
  ]);
  client.query('d', () => undefined);
  expect(sent).toHaveLength(4);
});

test('a stream goes its own way', () => {
  const { client, sent } = watchedClient();
  client.query('a', () => undefined);
  expect(client.query('copy')).toBe('a stream');
  expect(sent.map(({ statement }) => statement)).toEqual(['a', 'copy']);
});

test('a transaction takes many statements at once, and one that fails fails those after it', async () => {
  const database = await createEmptyDatabase();
  const knex = connect(database.url, { poolSize: 1, answerLimitMs: 5_000 });
  const answers = await knex.transaction((trx) =>
    Promise.all([1, 2, 3, 4, 5].map((n) => trx.raw(`SELECT pg_sleep(0.01), ${n} AS n`))),
  );
  expect(answers.map(({ rows }) => rows[0].n)).toEqual([1, 2, 3, 4, 5]);
  const failing = knex.transaction((trx) =>
    Promise.all(['SELECT 1', 'SELECT 1/0', 'SELECT 2'].map((sql) => trx.raw(sql))),
  );
  await expect(failing).rejects.toThrow(/division by zero/);
  expect((await knex.raw('SELECT 3 AS n')).rows).toEqual([{ n: 3 }]);
  await knex.destroy();
  await database.drop();
});
