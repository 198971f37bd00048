// What a caller is told of an error of PostgreSQL's own: whether the same request may come again.
import Koa from 'koa';
import { pino } from 'pino';
import type { ApiContext, Next } from '../../../api/api-context';
import { handleErrors } from '../../../api/middleware/handle-errors';
import { serve, type ServedApp } from '../../../api/serve';
import { connect } from '../../../db/connect';
import { createEmptyDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let served: ServedApp;
let end: () => Promise<void>;

beforeAll(async () => {
  database = await createEmptyDatabase();
  const knex = connect(database.url, { poolSize: 1 });
  const handle = handleErrors(pino({ level: 'silent' }));
  const app = new Koa();
  app.use((ctx, next) => handle(ctx as unknown as ApiContext, next as Next));
  app.use(async (ctx) => {
    await knex.raw(`DO $$ BEGIN RAISE 'canary' USING ERRCODE = '${ctx.path.slice(1)}'; END $$`);
  });
  served = await serve(app.callback(), { host: '127.0.0.1', port: 0 });
  end = async () => {
    await served.drain();
    await knex.destroy();
    await database.drop();
  };
});
afterAll(() => end());

test.each([
  ['a deadlock', '40P01', 503, 'database_unavailable'],
  ['a serialisation failure', '40001', 503, 'database_unavailable'],
  ['a lock not had in time', '55P03', 503, 'database_unavailable'],
  ['a server that takes no writes', '25006', 503, 'database_unavailable'],
  ['a server that shuts down', '57P01', 503, 'database_unavailable'],
  ['too many connections', '53300', 503, 'database_unavailable'],
  ['a statement that took too long', '57014', 503, 'query_timed_out'],
  ['a value no column holds', '22003', 400, 'invalid_request'],
  ['a mistake of ours', '42601', 500, 'internal'],
  ['a broken rule', '23514', 500, 'internal'],
])('%s (%s) is %i %s', async (_, state, status, code) => {
  const answer = await fetch(`${served.url}/${state}`);
  const problem = (await answer.json()) as { code: string };
  expect([answer.status, problem.code]).toEqual([status, code]);
  expect(answer.headers.get('retry-after')).toBe(status === 503 ? '5' : null);
  expect(JSON.stringify(problem)).not.toContain('canary');
});
