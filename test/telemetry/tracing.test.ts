// Traces over the wire to a collector: what leads from a request to its run, and that no row and no query is in them.
import { Registry } from 'prom-client';
import { runTrace } from '../../telemetry/run-trace';
import { startTracing } from '../../telemetry/start-tracing';
import { noTracing, type Tracing } from '../../telemetry/tracing';
import { activityMetrics, watchActivities } from '../../worker/telemetry/watch-activities';
import { runMetrics } from '../../worker/telemetry/run-metrics';
import { engineApi, type EngineApi } from '../support/engine/engine-api';
import { Engine } from '../support/engine/engine';
import { OtlpCollector } from '../support/outside/otlp-collector';

let collector: OtlpCollector;
let engine: Engine;
let api: EngineApi;
const tracings: Tracing[] = [];
const warned: string[] = [];

function tracing(name: string): Tracing {
  const made = startTracing({ name, warn: (message) => warned.push(message) }, process.env);
  tracings.push(made);
  return made;
}

beforeAll(async () => {
  collector = await OtlpCollector.start();
  // The SDK reads its variables by itself.
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector.url;
  process.env['OTEL_BSP_SCHEDULE_DELAY'] = '50';
  engine = await Engine.start({ withWorker: false });
  const registry = new Registry();
  await engine.startWorker({
    interceptors: [
      watchActivities({
        knex: engine.knex,
        tracing: tracing('signalsmith-worker'),
        metrics: activityMetrics(registry),
        runs: runMetrics(registry),
      }),
    ],
  });
  api = await engineApi(engine, { tracing: tracing('signalsmith-api') });
  await engine.warehouse.raw(
    `CREATE TABLE users AS SELECT 'canary-' || n AS id, 'canary@' || n AS email FROM generate_series(1, 30) n`,
  );
  await engine.target.raw(
    `CREATE TABLE contacts (id text PRIMARY KEY, email text CHECK (email <> 'canary@7'))`,
  );
});
afterAll(async () => {
  await api.close();
  await engine.close();
  for (const made of tracings) await made.close();
  await collector.close();
  delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  delete process.env['OTEL_BSP_SCHEDULE_DELAY'];
});

test('a trigger, the start of its workflow and every activity of its run are one story', async () => {
  const syncId = await engine.sync({
    sql: `SELECT * FROM users WHERE email <> 'canary-in-sql'`,
    mapping: [
      { column: 'id', field: 'id' },
      { column: 'email', field: 'email' },
    ],
    object: { table: 'contacts' },
  });
  const { body: run } = await api.post(`/syncs/${syncId}/trigger`);
  await engine.ended(run.id);
  await api.get(`/syncs/${syncId}/runs/${run.id}/errors?q=canary-in-query&row_id=canary-7`);
  const ids = runTrace(run.id);
  const spans = await collector.until(
    (seen) =>
      seen.some(({ spanId }) => spanId === ids.spanId) &&
      seen.some(({ name }) => name === 'GET /api/v1/syncs/:sync_id/runs/:run_id/errors'),
  );

  const request = spans.find(({ name }) => name === 'POST /api/v1/syncs/:sync_id/trigger');
  expect(request).toMatchObject({
    service: 'signalsmith-api',
    kind: 2,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/api/v1/syncs/:sync_id/trigger',
      'http.response.status_code': 202,
    },
  });
  const start = spans.find(({ name }) => name === 'start run');
  expect(start).toMatchObject({ traceId: request?.traceId, parentSpanId: request?.spanId });
  expect(start?.attributes['signalsmith.run_id']).toBe(run.id);
  expect(start?.links).toMatchObject([ids]);

  const ofRun = spans.filter(({ traceId }) => traceId === ids.traceId);
  expect(new Set(ofRun.map(({ service }) => service))).toEqual(new Set(['signalsmith-worker']));
  expect(ofRun.map(({ name }) => name).toSorted()).toEqual(
    ['closeRun', 'detectChanges', 'queryModel', 'queueRun', 'run', 'startRun', 'writeChanges'].toSorted(),
  );
  const root = ofRun.find(({ name }) => name === 'run');
  expect(root).toMatchObject({
    spanId: ids.spanId,
    attributes: { 'signalsmith.run_id': run.id, 'signalsmith.status': 'completed' },
  });
  expect(root?.parentSpanId ?? '').toBe('');
  for (const activity of ofRun.filter((span) => span !== root)) {
    expect(activity.parentSpanId).toBe(ids.spanId);
    expect(activity.attributes['signalsmith.run_id']).toBe(run.id);
  }
  const row = await engine.record(run.id);
  expect(row).toMatchObject({ rows_created: 29, rows_failed: 1 });
  expect(collector.text).not.toContain('canary');
  expect(new Set(collector.paths)).toEqual(new Set(['/v1/traces']));
  expect(warned).toEqual([]);
});

test('an activity that fails tells its code, and neither words nor stack', async () => {
  const syncId = await engine.sync({
    sql: `SELECT 'canary-row' AS id FROM canary_missing`,
    mapping: [{ column: 'id', field: 'id' }],
    object: { table: 'contacts' },
  });
  const { body: run } = await api.post(`/syncs/${syncId}/trigger`);
  await engine.ended(run.id);
  const { traceId } = runTrace(run.id);
  const spans = await collector.until((seen) =>
    seen.some((span) => span.traceId === traceId && span.name === 'run'),
  );
  const failed = spans.filter((span) => span.traceId === traceId && span.status.code === 2);
  expect(failed.map(({ name }) => name).toSorted()).toEqual(['queryModel', 'run']);
  for (const { attributes, status, events } of failed) {
    expect(attributes['error.type']).toBe('model_query_failed');
    expect([status.message ?? '', events ?? []]).toEqual(['', []]);
  }
  expect(collector.text).not.toContain('canary');
});

test('the trace a caller began goes on; a broken one is begun anew', async () => {
  const made = tracings.at(-1) as Tracing;
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const start = (name: string, traceparent: string) =>
    made.span({ name, kind: 'server', parent: { traceparent }, attributes: {} }, async () => undefined);
  await start('continued', `00-${traceId}-00f067aa0ba902b7-01`);
  await start('unwanted', `00-${traceId}-00f067aa0ba902b7-00`);
  await start('begun', '00-nonsense');
  const spans = await collector.until((seen) => seen.some(({ name }) => name === 'begun'));
  expect(spans.find(({ name }) => name === 'continued')).toMatchObject({
    traceId,
    parentSpanId: '00f067aa0ba902b7',
  });
  expect(spans.find(({ name }) => name === 'begun')?.traceId).not.toBe(traceId);
  expect(spans.map(({ name }) => name)).not.toContain('unwanted');
});

test.each([
  ['no variable', {}],
  ['the SDK disabled', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SDK_DISABLED: 'true' }],
  ['no exporter', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_TRACES_EXPORTER: 'none' }],
])('with %s nothing is traced', (_, env) => {
  expect(startTracing({ name: 'x', warn: () => undefined }, env)).toBe(noTracing);
});
