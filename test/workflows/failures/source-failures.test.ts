import net, { type AddressInfo, type Server } from 'node:net';
import { Engine } from '../../support/engine/engine';
import { changeModel, changeSync, expectFailed, eventTypes } from '../../support/engine/run-facts';

const mapping = [
  { column: 'id', field: 'id' },
  { column: 'email', field: 'email' },
];

describe('runs whose source or model lets them down', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start();
    await engine.warehouse.raw(`CREATE TABLE users (id text, email text)`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY, email text)`);
  });
  afterAll(() => engine.close());
  beforeEach(async () => {
    await engine.warehouse.raw(`TRUNCATE users`);
    await engine.target.raw(`TRUNCATE contacts`);
    await engine.warehouse.raw(`INSERT INTO users SELECT 'u' || n, 'e' || n FROM generate_series(1, 30) n`);
  });

  const syncOf = (sql: string, settings = {}, sourceUrl?: string) =>
    engine.sync({
      sql,
      mapping,
      settings,
      object: { table: 'contacts' },
      ...(sourceUrl === undefined ? {} : { sourceUrl }),
    });

  const expectNextRunWorks = async (syncId: string) =>
    expect(await engine.run(syncId)).toMatchObject({
      status: 'completed',
      outcome: 'clean',
      rows_created: 30,
    });

  test('a source nobody listens for fails the run once patience is over, and the next run reads it', async () => {
    const port = await aClosedPort();
    const url = new URL(engine.databases.warehouse.url);
    const real = { host: url.hostname, port: Number(url.port) };
    url.hostname = '127.0.0.1';
    url.port = String(port);
    const sync = await syncOf('SELECT * FROM users', { patienceSeconds: 1 }, url.href);
    const run = await engine.run(sync);
    await expectFailed(engine, run, {
      code: 'source_connection_failed',
      message: 'Source connection failed: connection refused',
    });
    expect(run).toMatchObject({ rows_processed: 0, started_at: expect.any(Date) });
    expect(await eventTypes(engine, run.id)).toEqual(
      expect.arrayContaining(['run_queued', 'run_admitted', 'run_started', 'waiting', 'run_failed']),
    );

    const opened = await forwardTo(port, real);
    await expectNextRunWorks(sync);
    opened.close();
  });

  test('a source that comes back within the patience costs nothing but time', async () => {
    const port = await aClosedPort();
    const url = new URL(engine.databases.warehouse.url);
    const real = { host: url.hostname, port: Number(url.port) };
    url.hostname = '127.0.0.1';
    url.port = String(port);
    const sync = await syncOf('SELECT * FROM users', { patienceSeconds: 30 }, url.href);
    const runId = await engine.trigger(sync);
    while (!(await eventTypes(engine, runId)).includes('waiting'))
      await engine.knex.raw('SELECT pg_sleep(0.05)');
    const opened = await forwardTo(port, real);
    expect(await engine.ended(runId)).toMatchObject({ status: 'completed', rows_created: 30 });
    opened.close();
  });

  test("a syntax error is told with the line of the user's own text", async () => {
    const sync = await syncOf('SELECT id, email\nFROM users\nWHERE AND id IS NOT NULL');
    const run = await engine.run(sync);
    await expectFailed(engine, run, {
      code: 'model_query_failed',
      message: 'Model query failed: syntax error at line 3',
    });
    await changeModel(engine, sync, { sql: 'SELECT id, email\nFROM users' });
    await expectNextRunWorks(sync);
  });

  test('a model without a mapped column fails by its name', async () => {
    const sync = await syncOf('SELECT id FROM users');
    await expectFailed(engine, await engine.run(sync), {
      code: 'model_query_failed',
      message: `Model query failed: column "email" is not in the model's result`,
    });
    await changeModel(engine, sync, { sql: 'SELECT id, email FROM users' });
    await expectNextRunWorks(sync);
  });

  test('an error in the middle of the rows fails the run before anything is written', async () => {
    const sql = `SELECT id, email, 1 / (30 - substr(id, 2)::int) AS share FROM users`;
    const sync = await engine.sync({
      sql,
      mapping: [...mapping, { column: 'share', field: 'share' }],
      object: { table: 'contacts' },
    });
    await expectFailed(engine, await engine.run(sync), {
      code: 'model_query_failed',
      message: 'Model query failed: division by zero',
    });
    const { rows } = await engine.target.raw(`SELECT count(*) AS n FROM contacts`);
    expect(rows[0].n).toBe(0);
  });

  test('a result above the limit of the sync fails as out of memory', async () => {
    const sync = await syncOf('SELECT * FROM users', { maxRows: 29 });
    const run = await engine.run(sync);
    await expectFailed(engine, run, {
      code: 'out_of_memory',
      message: 'Out of memory: the model returns more than the 29 rows this sync allows',
    });
    await changeSync(engine, sync, { settings: { maxRows: 30 } });
    await expectNextRunWorks(sync);
  });

  test('a query past its time fails with the limit it had', async () => {
    const sync = await syncOf(`SELECT * FROM users WHERE pg_sleep(60) IS NOT NULL`, {
      queryTimeoutSeconds: 1,
    });
    await expectFailed(engine, await engine.run(sync), {
      code: 'model_query_failed',
      message: 'Model query failed: statement timeout after 1 s',
    });
    await changeModel(engine, sync, { sql: 'SELECT * FROM users' });
    await expectNextRunWorks(sync);
  });
});

async function aClosedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Opens `port` as another way to the real server. */
async function forwardTo(port: number, real: { host: string; port: number }): Promise<Server> {
  const server = net.createServer((socket) => {
    const onwards = net.connect(real);
    socket.pipe(onwards).pipe(socket);
    socket.on('error', () => onwards.destroy());
    onwards.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}
