// A database that is busy is said to be, within seconds: no request hangs, and whoever waits is told when to come again.
import { connect } from '../../db/connect';
import { aSync } from '../factories/a-sync';
import { createTestDatabase } from '../support/database';
import { startApi } from './running-api';

test('with all connections taken a request is 503 with Retry-After, and served again when one is free', async () => {
  const database = await createTestDatabase();
  // Long enough to open a connection on a loaded machine: the two that are held have to be had first.
  const knex = connect(database.url, { poolSize: 2, answerLimitMs: 3_000 });
  const api = await startApi({ knex });
  const held = [await knex.transaction(), await knex.transaction()];
  const answer = await api.get('/api/v1/syncs');
  expect([answer.status, answer.body.code]).toEqual([503, 'database_unavailable']);
  expect(answer.headers.get('retry-after')).toBe('5');
  await Promise.all(held.map((trx) => trx.rollback()));
  // The token is of another database: to be refused it has to be looked for.
  expect((await api.get('/api/v1/syncs')).status).toBe(401);
  await api.stop();
  await knex.destroy();
  await database.drop();
});

test('a statement that takes too long is broken off, and the request says so', async () => {
  const api = await startApi();
  const slow = connect(api.databaseUrl, { poolSize: 2, statementTimeoutMs: 200 });
  const hasty = await startApi({ knex: slow });
  const { id } = await aSync(api.knex, { workspaceId: api.workspaceId });
  const holder = await api.knex.transaction();
  await holder('syncs').where({ id }).forUpdate();
  const answer = await hasty.send(`/api/v1/syncs/${id}/trigger`, { method: 'POST', token: api.token });
  expect([answer.status, answer.body.code]).toEqual([503, 'query_timed_out']);
  expect(answer.headers.get('retry-after')).toBe('5');
  expect(JSON.stringify(answer.body)).not.toMatch(/statement|canceling/i);
  await holder.rollback();
  expect((await hasty.send(`/api/v1/syncs/${id}/trigger`, { method: 'POST', token: api.token })).status).toBe(
    202,
  );
  await hasty.stop();
  await slow.destroy();
  await api.stop();
});
