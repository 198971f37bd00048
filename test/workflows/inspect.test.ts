// What the API learns through a worker, on the whole engine: checks, descriptions and previews of real servers; and that no row
// of a preview is left in a Temporal history or in our tables.
import { temporalInspector } from '../../api/configuration/inspector';
import { removeExpiredPreviews } from '../../db/preview-store';
import { aDestination } from '../factories/a-destination';
import { aModel } from '../factories/a-model';
import { aSource } from '../factories/a-source';
import { Engine } from '../support/engine/engine';
import { type EngineApi, engineApi } from '../support/engine/engine-api';
import { answerJson, type HttpStub, httpStub } from '../support/outside/http-stub';
import { closedPort } from '../connectors/postgres-place';

let engine: Engine;
let api: EngineApi;
let crm: HttpStub;
let sourceId: string;

const canary = 'canary-of-a-row';

beforeAll(async () => {
  engine = await Engine.start();
  const { client, taskQueue } = engine;
  api = await engineApi(engine, { inspector: temporalInspector(client, { taskQueue }) });
  crm = await httpStub((_call, response) => answerJson(response, 200, {}));
  sourceId = (await aSource(engine.knex, { ...here(), url: engine.databases.warehouse.url })).id;
  await engine.warehouse.raw(`
    CREATE TABLE people (id int, email text);
    INSERT INTO people VALUES (1, '${canary}-1'), (2, '${canary}-2'), (2, '${canary}-3'), (null, '${canary}-4');
  `);
});

afterAll(async () => {
  await Promise.all([api.close(), crm.close()]);
  await engine.close();
});

const here = () => ({ workspaceId: engine.workspaceId });

/** Everything that Temporal keeps of the inspections of this file, as text. */
async function histories(): Promise<string> {
  const texts: string[] = [];
  for await (const { workflowId, runId } of engine.client.workflow.list({
    query: `WorkflowType = 'inspect' AND TaskQueue = '${engine.taskQueue}'`,
  })) {
    const history = await engine.client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const event of history.events ?? []) texts.push(textIn(event));
  }
  return texts.join('\n');
}

function textIn(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value).map(textIn).join(' ');
}

describe('a check', () => {
  test('of a source that answers tells as whom we came', async () => {
    const { status, body } = await api.post(`/sources/${sourceId}/check`);
    expect([status, body.ok]).toEqual([200, true]);
    expect(body.checks).toMatchObject([
      { name: 'connection', ok: true, detail: expect.stringMatching(/^Connected to database "test_/) },
      { name: 'rights', ok: true },
    ]);
    expect(body.duration_ms).toBeGreaterThanOrEqual(0);
  });

  test('of a source or destination that nobody answers for is an answer', async () => {
    const url = `postgres://me:pw@127.0.0.1:${closedPort}/nothing`;
    const source = await aSource(engine.knex, { ...here(), url });
    expect(await api.post(`/sources/${source.id}/check`)).toMatchObject({
      status: 200,
      body: {
        ok: false,
        checks: [{ name: 'connection', ok: false, detail: 'Source connection failed: connection refused' }],
      },
    });
    const destination = await aDestination(engine.knex, { ...here(), kind: 'postgres', secrets: { url } });
    expect(await api.post(`/destinations/${destination.id}/check`)).toMatchObject({
      status: 200,
      body: { ok: false, checks: [{ name: 'connection', ok: false }] },
    });
  });

  test('of a destination tells what was reached, and what was refused', async () => {
    const http = await aDestination(engine.knex, { ...here(), config: { url: `${crm.url}/in` } });
    const path = `/destinations/${http.id}/check`;
    const fine = await api.post(path);
    expect(fine.body).toMatchObject({ ok: true, checks: [{ name: 'connection', ok: true }] });
    crm.answerHead(() => 401);
    expect((await api.post(path)).body).toMatchObject({
      ok: false,
      checks: [
        { name: 'connection', ok: true },
        { name: 'credentials', ok: false, detail: 'Destination authentication expired' },
      ],
    });
    crm.answerHead(() => 405);
    expect(crm.calls).toEqual([]);
    const table = await aDestination(engine.knex, {
      ...here(),
      kind: 'postgres',
      secrets: { url: engine.databases.target.url },
    });
    expect((await api.post(`/destinations/${table.id}/check`)).body).toMatchObject({
      ok: true,
      checks: [
        { name: 'connection', ok: true },
        { name: 'writable', ok: true },
      ],
    });
  });

  test('of a model says what has become of its columns', async () => {
    const columns = [
      { name: 'id', type: 'integer' },
      { name: 'email', type: 'integer' },
      { name: 'phone', type: 'text' },
    ];
    const model = await aModel(engine.knex, { ...here(), sourceId, sql: 'SELECT * FROM people', columns });
    const { body } = await api.post(`/models/${model.id}/check`);
    expect([body.ok, body.checks]).toMatchObject([
      false,
      [
        { name: 'connection', ok: true },
        { name: 'query', ok: true },
        { name: 'row_key', ok: true },
        { name: 'columns', ok: false, detail: 'Gone: "phone". Of another type: "email"' },
      ],
    ]);
    const broken = await aModel(engine.knex, { ...here(), sourceId, sql: 'SELECT\nFROM WHERE' });
    expect((await api.post(`/models/${broken.id}/check`)).body.checks).toMatchObject([
      { name: 'connection', ok: true },
      { name: 'query', ok: false, detail: 'Model query failed: syntax error at line 2' },
    ]);
  });

  test('of another workspace’s source is as one that is not there', async () => {
    const { id } = await aSource(engine.knex);
    expect(await api.post(`/sources/${id}/check`)).toMatchObject({ status: 404 });
  });
});

describe('a preview', () => {
  const preview = (body: object) => api.post('/models/preview', { source_id: sourceId, ...body });

  test('shows the first rows and the columns of a query that is stored nowhere', async () => {
    const sql = 'SELECT id, email FROM people ORDER BY email';
    const { status, body } = await preview({ sql, row_key: ['id'], limit: 3 });
    expect([status, body]).toEqual([
      200,
      {
        columns: [
          { name: 'id', type: 'integer' },
          { name: 'email', type: 'text' },
        ],
        rows: [
          ['1', `${canary}-1`],
          ['2', `${canary}-2`],
          ['2', `${canary}-3`],
        ],
        cut: [],
        has_more: true,
        row_key_problems: [
          { row: 1, code: 'duplicate_key' },
          { row: 2, code: 'duplicate_key' },
        ],
        duration_ms: expect.any(Number),
      },
    ]);
    const whole = await preview({ sql, row_key: ['id'] });
    expect([whole.body.has_more, whole.body.row_key_problems.at(-1)]).toEqual([
      false,
      { row: 3, code: 'null_key' },
    ]);
    // Equal copies are one row.
    const copies = await preview({ sql: 'SELECT 1 AS id UNION ALL SELECT 1', row_key: ['id'] });
    expect(copies.body.row_key_problems).toEqual([]);
    expect((await api.get('/models')).body.data.some((model: { sql: string }) => model.sql === sql)).toBe(
      false,
    );
  });

  test('says which values are only begun', async () => {
    const { body } = await preview({ sql: `SELECT 1 AS id, repeat('x', 5000000) AS body` });
    expect(body.cut).toEqual([{ row: 0, column: 'body', bytes: 5_000_000 }]);
    expect(body.rows[0][1]).toHaveLength(2_048);
  });

  test.each([
    ['model_query_failed', '/sql', { sql: `SELECT '${canary}'::int` }],
    ['model_query_failed', '/sql', { sql: 'SELECT email::int FROM people' }],
    ['model_query_failed', '/sql', { sql: 'SELECT 1; DROP TABLE people' }],
    ['model_query_failed', '/sql', { sql: `COPY people TO PROGRAM 'cat'` }],
    ['row_key_not_in_model', '/row_key/0', { sql: 'SELECT id FROM people', row_key: ['idd'] }],
    ['unprocessable', '/source_id', { sql: 'SELECT 1', source_id: 'src_0' }],
  ])('is refused as %s at %s', async (code, pointer, body) => {
    expect(await preview(body)).toMatchObject({
      status: 422,
      body: { code, errors: [{ pointer }] },
    });
    expect(await engine.warehouse('people').count({ n: '*' })).toMatchObject([{ n: expect.anything() }]);
  });

  test.each([
    ['/limit', { sql: 'SELECT 1', limit: 101 }],
    ['/limit', { sql: 'SELECT 1', limit: 0 }],
    ['/sql', {}],
    ['/offset', { sql: 'SELECT 1', offset: 1 }],
  ])('has a fault at %s pointed at', async (pointer, body) => {
    expect(await preview(body)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  test('of a source that nobody answers for says so', async () => {
    const url = `postgres://me:pw@127.0.0.1:${closedPort}/nothing`;
    const lost = await aSource(engine.knex, { ...here(), url });
    expect(await preview({ source_id: lost.id, sql: 'SELECT 1' })).toMatchObject({
      status: 422,
      body: { code: 'source_connection_failed', errors: [{ pointer: '/source_id' }] },
    });
  });

  test('leaves nothing of its rows or its query, neither in Temporal nor in our tables', async () => {
    const sql = `SELECT email, 'marked-query' AS mark FROM people`;
    expect((await preview({ sql })).status).toBe(200);
    expect((await preview({ sql: 'SELECT email::int AS n FROM people' })).status).toBe(422);
    const told = await histories();
    expect(told).toContain('preview');
    expect(told).not.toContain(canary);
    expect(told).not.toContain('marked-query');
    expect(await engine.knex('previews')).toEqual([]);
  });

  test('that nobody comes for lies sealed, and is removed when it is two minutes old', async () => {
    const { client } = engine;
    const limits = { taskQueue: 'test-nobody-polls-here', limitMs: 500 };
    let lying: unknown[] = [];
    const away = temporalInspector(client, limits);
    const unheard = await engineApi(engine, {
      inspector: {
        async inspect(input) {
          lying = await engine.knex('previews');
          return away.inspect(input);
        },
      },
    });
    const sql = `SELECT 'marked-query'`;
    expect(await unheard.post('/models/preview', { source_id: sourceId, sql })).toMatchObject({
      status: 503,
      body: { code: 'inspection_unavailable' },
    });
    await unheard.close();
    expect(lying).toHaveLength(1);
    expect(JSON.stringify(lying, (_, value: unknown) => textOf(value))).not.toContain('marked-query');
    expect(await engine.knex('previews')).toEqual([]);

    const old = {
      ...(lying[0] as object),
      id: 'old',
      expires_at: engine.knex.raw(`now() - interval '1 second'`),
    };
    const young = { ...(lying[0] as object), id: 'young' };
    await engine.knex('previews').insert([old, young]);
    expect(await removeExpiredPreviews(engine.knex)).toBe(1);
    expect(await engine.knex('previews').pluck('id')).toEqual(['young']);
    await engine.knex('previews').delete();
  });
});

describe('inspections that take long', () => {
  test('hold up no run, and those that are too many are told so', async () => {
    const busy = await Engine.start({ withWorker: false });
    await busy.startWorker({ concurrentInspections: 1 });
    const inspector = temporalInspector(busy.client, { taskQueue: busy.taskQueue });
    const served = await engineApi(busy, { inspector });
    const { id } = await aSource(busy.knex, {
      workspaceId: busy.workspaceId,
      url: busy.databases.warehouse.url,
    });
    await busy.warehouse.raw('CREATE TABLE held (id int); CREATE TABLE free AS SELECT 1 AS id');
    await busy.target.raw('CREATE TABLE taken (id text PRIMARY KEY)');
    const lock = await busy.warehouse.transaction();
    await lock.raw('LOCK TABLE held');
    const preview = (table: string) =>
      served.post('/models/preview', { source_id: id, sql: `SELECT id FROM ${table}` });
    // One waits for the table, the other in vain for a free hand.
    const slow = [preview('held'), preview('held')];
    expect(await Promise.race(slow)).toMatchObject({
      status: 503,
      body: { code: 'inspection_unavailable', detail: expect.stringMatching(/^The workers are busy/) },
    });
    const syncId = await busy.sync({
      sql: 'SELECT id FROM free',
      mapping: [{ column: 'id', field: 'id' }],
      object: { table: 'taken' },
    });
    expect(await busy.run(syncId)).toMatchObject({ status: 'completed', rows_created: 1 });
    await lock.rollback();
    await Promise.all(slow);
    await Promise.all([served.close(), busy.close()]);
  });
});

function textOf(value: unknown): unknown {
  const { type, data } = (value ?? {}) as { type?: string; data?: number[] };
  return type === 'Buffer' && data ? Buffer.from(data).toString('latin1') : value;
}
