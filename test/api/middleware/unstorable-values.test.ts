// A value that only the database refuses is the caller's, and each is logged: a schema has let it through.
import { Writable } from 'node:stream';
import Koa from 'koa';
import type { Knex } from 'knex';
import { pino } from 'pino';
import { handleErrors } from '../../../api/middleware/handle-errors';
import { serve, type ServedApp } from '../../../api/serve';
import { connect } from '../../../db/connect';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
let served: ServedApp;
let log = '';
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 1 });
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log += chunk.toString();
      done();
    },
  });
  const app = new Koa();
  const handle = handleErrors(pino(sink));
  app.use(async (ctx) => {
    ctx.state['requestId'] = 'req-1';
    const [type, value] = ctx.path.slice(1).split('/').map(decodeURIComponent);
    await handle(ctx, () => knex.raw(`SELECT ?::${type}`, [value ?? '']));
  });
  served = await serve(app.callback(), { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await served.drain();
  await knex.destroy();
  await database.drop();
});

test.each([
  ['integer', '3000000000', '22003', 400, 'invalid_request'],
  ['bigint', '9223372036854775808', '22003', 400, 'invalid_request'],
  ['date', '2025-02-30', '22008', 400, 'invalid_request'],
  ['integer', 'three', '22P02', 400, 'invalid_request'],
  ['jsonb', String.raw`"\u0000"`, '22P05', 400, 'invalid_request'],
])('%s of %s is logged as %s and answered with %i', async (type, value, state, status, code) => {
  log = '';
  const answer = await fetch(`${served.url}/${type}/${encodeURIComponent(value)}`);
  const problem = (await answer.json()) as { code: string };
  expect([answer.status, problem.code]).toEqual([status, code]);
  const lines = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([{ request_id: 'req-1', err: { code: state } }]);
});
