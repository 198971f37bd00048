// Owns the baseline of a list: Koa and `pg`, the list's own statements, and their rows as JSON. No token, no checks, no log.
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { Pool } from 'pg';
import type { Statement } from '../data/plans';

/** What is answered at each path. */
export type BareLists = Readonly<Record<string, readonly Statement[]>>;

const lists = JSON.parse(process.env['BENCH_LISTS'] ?? '') as BareLists;
// As many as the API has, and with its planner's settings.
const pool = new Pool({
  connectionString: process.env['DATABASE_URL'],
  max: 10,
  options: '-c random_page_cost=1.1',
});

const app = new Koa();
app.use(async (ctx) => {
  const statements = lists[ctx.path] ?? ctx.throw(404);
  const results = await Promise.all(statements.map(({ sql, bindings }) => pool.query(sql, [...bindings])));
  ctx.body = results.map(({ rows }) => rows as object[]);
});
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${port}` });
});
process.once('SIGTERM', () => process.exit(0));
