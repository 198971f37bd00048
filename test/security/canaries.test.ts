// Secrets and rows with a mark in them go through the whole product, in good runs and in bad ones; then everything that was
// written anywhere is searched for the mark (S6).
import { Writable } from 'node:stream';
import { Registry } from 'prom-client';
import { apiRoutes, type AppDependencies } from '../../api/create-app';
import { createLogger } from '../../api/create-logger';
import { temporalInspector } from '../../api/configuration/inspector';
import { startTracing } from '../../telemetry/start-tracing';
import type { Tracing } from '../../telemetry/tracing';
import { activityMetrics, watchActivities } from '../../worker/telemetry/watch-activities';
import { runMetrics } from '../../worker/telemetry/run-metrics';
import { Engine } from '../support/engine/engine';
import { engineApi, type EngineApi } from '../support/engine/engine-api';
import { httpStub, type HttpStub } from '../support/outside/http-stub';
import { OtlpCollector } from '../support/outside/otlp-collector';
import { tablesWith } from '../support/tables-with';
import { textOf } from '../support/text-of';

// Of letters alone, so that no escaping hides one.
const secret = 'CanarySecretQzXw';
const rowMark = 'CanaryRowQzXw';

let engine: Engine;
let api: EngineApi;
let crm: HttpStub;
let collector: OtlpCollector;
const tracings: Tracing[] = [];
const registry = new Registry();
const answers: string[] = [];
let logged = '';
const runs: string[] = [];

beforeAll(async () => {
  collector = await OtlpCollector.start();
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector.url;
  process.env['OTEL_BSP_SCHEDULE_DELAY'] = '50';
  for (const name of ['api', 'worker'])
    tracings.push(startTracing({ name, warn: () => undefined }, process.env));
  engine = await Engine.start({ withWorker: false });
  await engine.startWorker({
    interceptors: [
      watchActivities({
        knex: engine.knex,
        tracing: tracings[1] as Tracing,
        metrics: activityMetrics(registry),
        runs: runMetrics(registry),
      }),
    ],
    log: { warn: (fields: unknown, message: unknown) => void (logged += JSON.stringify([fields, message])) },
  });
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  });
  api = await engineApi(engine, {
    inspector: temporalInspector(engine.client, { taskQueue: engine.taskQueue, limitMs: 10_000 }),
    logger: createLogger('trace', sink),
    tracing: tracings[0] as Tracing,
    registry,
  });
  // A destination that repeats whatever it was sent, credentials included.
  crm = await httpStub((call, response) => {
    const { authorization } = call.headers;
    response
      .writeHead(call.path.includes('expired') ? 401 : 400, { 'content-type': 'application/json' })
      .end(JSON.stringify({ message: `${authorization} may not do that` }));
  });
  await engine.warehouse.raw(
    `CREATE TABLE users AS SELECT 'u' || n AS id, '${rowMark}' || n AS email FROM generate_series(1, 5) n`,
  );
  await engine.target.raw(
    `CREATE TABLE contacts (id text PRIMARY KEY, email text CHECK (email <> '${rowMark}3'))`,
  );
});
afterAll(async () => {
  await api.close();
  await engine.close();
  for (const tracing of tracings) await tracing.close();
  await Promise.all([collector.close(), crm.close()]);
  delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  delete process.env['OTEL_BSP_SCHEDULE_DELAY'];
});

async function call(method: string, path: string, body?: unknown): ReturnType<EngineApi['send']> {
  const answer = await api.send(method, path, body);
  // Row errors show rows: that is what they are for.
  if (!path.includes('/errors')) answers.push(JSON.stringify(answer.body));
  else expect(JSON.stringify(answer.body)).not.toContain(secret);
  return answer;
}

async function made(path: string, body: unknown): Promise<string> {
  const answer = await call('POST', path, body);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.id;
}

/** The URL of a database of the test's, with another password: the test server asks for none. */
function withSecret(url: string): string {
  const marked = new URL(url);
  marked.password = secret;
  return marked.href;
}

const mapping = [
  { column: 'id', field: 'id' },
  { column: 'email', field: 'email' },
];

test('secrets and rows go through everything there is', async () => {
  const { warehouse, target } = engine.databases;
  const source = await made('/sources', {
    name: 'warehouse',
    kind: 'postgres',
    config: { url: withSecret(warehouse.url) },
  });
  const away = await made('/sources', {
    name: 'away',
    kind: 'postgres',
    config: { url: `postgres://reader:${secret}@127.0.0.1:1/nowhere` },
  });
  const table = await made('/destinations', {
    name: 'table',
    kind: 'postgres',
    config: { url: withSecret(target.url) },
  });
  const http = (name: string, path: string) =>
    made('/destinations', {
      name,
      kind: 'http',
      config: { url: `${crm.url}${path}` },
      secrets: { headers: { Authorization: `Bearer ${secret}` } },
    });
  const [refusing, expired] = [await http('refusing', '/batch'), await http('expired', '/expired')];
  for (const path of [
    `/sources/${source}`,
    `/sources/${away}`,
    `/destinations/${table}`,
    `/destinations/${expired}`,
  ])
    await call('POST', `${path}/check`);

  const model = await made('/models', {
    name: 'users',
    source_id: source,
    sql: 'SELECT * FROM users',
    row_key: ['id'],
  });
  await call('POST', '/models', { name: 'x', source_id: away, sql: 'SELECT 1', row_key: ['id'] });
  await call('POST', '/models', { name: 'x', source_id: source, sql: 'SELECT nothing', row_key: ['id'] });
  for (const [name, destination, object] of [
    ['into a table', table, { table: 'contacts' }],
    ['refused', refusing, {}],
    ['with an expired key', expired, {}],
  ] as const) {
    const sync = await made('/syncs', {
      name,
      model_id: model,
      destination_id: destination,
      mode: 'upsert',
      mapping,
      object,
      settings: { patience_seconds: 1 },
    });
    const { body: run } = await call('POST', `/syncs/${sync}/trigger`);
    await engine.ended(run.id);
    runs.push(run.id);
    for (const suffix of ['', '/errors', `/errors?q=${rowMark}`, '/events'])
      await call('GET', `/syncs/${sync}/runs/${run.id}${suffix}`);
    await call('GET', `/syncs/${sync}/runs`);
  }
  // Bad requests that repeat a secret in every place there is.
  for (const { method, path } of apiRoutes({} as AppDependencies)) {
    const filled = path.replaceAll(/:\w+/g, secret);
    await api.send(
      method,
      `${filled}?${secret}=${secret}`,
      method === 'GET' ? undefined : { [secret]: secret },
    );
  }
  const records = await Promise.all(runs.map((id) => engine.record(id)));
  expect(records.map(({ status, rows_failed }) => [status, rows_failed])).toEqual([
    ['completed', 1],
    ['completed', 5],
    ['failed', 0],
  ]);
});

test('no secret stands in the database in clear, in any column of any table', async () => {
  expect(await tablesWith(engine.knex, secret)).toEqual([]);
  // That it finds what is there.
  expect(await tablesWith(engine.knex, rowMark)).toContain('row_errors');
});

test('neither secrets nor rows stand in what Temporal keeps: payloads, failures, memos, summaries', async () => {
  let histories = 0;
  const query = `TaskQueue = '${engine.taskQueue}'`;
  while (histories < runs.length + 6) {
    histories = 0;
    for await (const { workflowId, runId } of engine.client.workflow.list({ query })) {
      histories += 1;
      const history = await engine.client.workflow.getHandle(workflowId, runId).fetchHistory();
      for (const event of history.events ?? []) {
        const text = textOf(event);
        expect(text).not.toContain(secret);
        expect(text).not.toContain(rowMark);
      }
    }
  }
});

test('neither stand in logs, metrics or traces, and no secret in an answer', async () => {
  const spans = await collector.until(
    (seen) => seen.filter(({ name }) => name === 'run').length >= runs.length,
  );
  expect(spans.length).toBeGreaterThan(20);
  const metrics = await registry.metrics();
  expect(metrics).toContain('signalsmith_runs_ended_total');
  expect(logged).toContain('"path":"/api/v1/syncs"');
  for (const text of [logged, metrics, collector.text]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(rowMark);
  }
  expect(answers.length).toBeGreaterThan(20);
  for (const answer of answers) expect(answer).not.toContain(secret);
});
