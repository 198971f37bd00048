// What a worker tells Prometheus of the runs it did: real runs, a real scrape, and nothing that names anybody.
import { createServer } from 'node:net';
import { once } from 'node:events';
import { createInbox } from '../../../demo/inbox/create-inbox';
import { noTracing } from '../../../telemetry/tracing';
import { startWorkerTelemetry, type WorkerTelemetry } from '../../../worker/telemetry/worker-telemetry';
import { aChannelTo, aDueDelivery, deliveryRecord } from '../../factories/a-channel';
import { fastPace, keepDelivering } from '../../support/engine/delivering';
import { Engine } from '../../support/engine/engine';
import { until } from '../../support/until';

let engine: Engine;
let telemetry: WorkerTelemetry;
beforeAll(async () => {
  engine = await Engine.start({ withWorker: false });
  telemetry = await startWorkerTelemetry({
    knex: engine.knex,
    tracing: noTracing,
    metricsPlace: { host: '127.0.0.1', port: 0 },
    log: { warn: () => undefined },
  });
  const { interceptors, deliveryWatcher } = telemetry;
  await engine.startWorker({ interceptors, deliveryWatcher, deliveryPace: fastPace });
  await engine.warehouse.raw(
    `CREATE TABLE users AS SELECT 'canary-' || n AS id, 'canary@' || n AS email FROM generate_series(1, 30) n`,
  );
  await engine.target.raw(
    `CREATE TABLE contacts (id text PRIMARY KEY, email text CHECK (email <> 'canary@7'))`,
  );
});
afterAll(async () => {
  await telemetry.close();
  await engine.close();
});

async function scrape(): Promise<string> {
  return (await fetch(telemetry.url() ?? '')).text();
}

function valueIn(text: string, name: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

test('runs, rows, batches and activities are counted as they end', async () => {
  const syncId = await engine.sync({
    sql: 'SELECT * FROM users',
    mapping: [
      { column: 'id', field: 'id' },
      { column: 'email', field: 'email' },
    ],
    object: { table: 'contacts' },
  });
  const broken = await engine.sync({
    sql: 'SELECT id FROM missing_table',
    mapping: [{ column: 'id', field: 'id' }],
    object: { table: 'contacts' },
  });
  await engine.run(syncId);
  await engine.run(broken);
  const ended = 'signalsmith_runs_ended_total';
  let text = await scrape();
  // Told after the close has been answered.
  while (valueIn(text, `${ended}{status="failed",outcome="nothing_applied",trigger="api"}`) !== 1)
    text = await scrape();
  expect(valueIn(text, `${ended}{status="completed",outcome="with_row_errors",trigger="api"}`)).toBe(1);
  expect(valueIn(text, 'signalsmith_rows_total{result="created"}')).toBe(29);
  expect(valueIn(text, 'signalsmith_rows_total{result="failed"}')).toBe(1);
  expect(valueIn(text, 'signalsmith_batches_total')).toBe(1);
  expect(valueIn(text, 'signalsmith_run_seconds_count{status="completed"}')).toBe(1);
  expect(valueIn(text, 'signalsmith_run_queue_seconds_count')).toBe(2);
  expect(valueIn(text, 'signalsmith_activity_seconds_count{activity="closeRun",result="completed"}')).toBe(2);
  expect(valueIn(text, 'signalsmith_activity_seconds_count{activity="queryModel",result="failed"}')).toBe(1);
  expect(text).toContain('nodejs_eventloop_lag_seconds');
  expect(text).toContain('signalsmith_db_connections{state="used"}');
});

test('waits are counted by the failure they would become', async () => {
  const syncId = await engine.sync({
    sql: 'SELECT * FROM users',
    mapping: [{ column: 'id', field: 'id' }],
    object: { table: 'contacts' },
    sourceUrl: 'postgres://reader@127.0.0.1:1/nowhere',
    settings: { patienceSeconds: 1 },
  });
  await engine.run(syncId);
  const text = await scrape();
  expect(valueIn(text, 'signalsmith_run_waits_total{code="source_connection_failed"}')).toBeGreaterThan(0);
  expect(
    valueIn(text, 'signalsmith_run_wait_seconds_total{code="source_connection_failed"}'),
  ).toBeGreaterThan(0);
});

test('attempts at messages are counted by kind of channel and by what they came to', async () => {
  const { knex } = engine;
  const inbox = await createInbox();
  // Each in a workspace of its own: none is told of another.
  const slack = await aChannelTo(knex, { kind: 'slack', url: inbox.slackUrl });
  const webhook = await aChannelTo(knex, { url: inbox.webhookUrl });
  const nowhere = await aChannelTo(knex, { url: 'http://127.0.0.1:1/' });
  inbox.behaviour.change({
    slack: { status: 404, text: 'no_service' },
    webhook: { status: 429, text: '', times: 1 },
  });
  const ids = [
    await aDueDelivery(knex, slack),
    await aDueDelivery(knex, webhook),
    await aDueDelivery(knex, nowhere, { giveUpAt: 'now()' }),
  ];
  const watching = keepDelivering(engine);
  await until('all to end', async () => {
    const records = await Promise.all(ids.map((id) => deliveryRecord(knex, id)));
    return records.every(({ state }) => state !== 'pending');
  });
  await watching.stop();
  await inbox.close();
  const text = await scrape();
  const tries = 'signalsmith_delivery_attempts_total';
  expect(valueIn(text, `${tries}{kind="slack",result="gone"}`)).toBe(1);
  expect(valueIn(text, `${tries}{kind="webhook",result="limited"}`)).toBe(1);
  expect(valueIn(text, `${tries}{kind="webhook",result="no_answer"}`)).toBe(1);
  expect(valueIn(text, `${tries}{kind="webhook",result="delivered"}`)).toBe(1);
  expect(valueIn(text, 'signalsmith_deliveries_failed_total{kind="slack"}')).toBe(1);
  expect(valueIn(text, 'signalsmith_deliveries_failed_total{kind="webhook"}')).toBe(1);
  expect(valueIn(text, 'signalsmith_channels_switched_off_total{kind="slack"}')).toBe(1);
});

test('no name, id or value of anybody is in it, and every label is one of a closed list', async () => {
  const text = await scrape();
  for (const secret of ['canary', engine.workspaceId, 'run_0', 'sync_0', 'missing_table'])
    expect(text).not.toContain(secret);
  const labels = new Map<string, Set<string>>();
  for (const [, name = '', value = ''] of text.matchAll(/(\w+)="([^"]*)"/g))
    labels.set(name, (labels.get(name) ?? new Set()).add(value));
  const ours = ['status', 'outcome', 'trigger', 'result', 'code', 'activity', 'state', 'kind'];
  for (const name of ours) expect(labels.get(name)?.size).toBeLessThan(20);
});

test('only /metrics is there', async () => {
  const url = new URL(telemetry.url() ?? '');
  for (const path of ['/', '/metrics/x', '/api/v1/syncs'])
    expect((await fetch(new URL(path, url))).status).toBe(404);
  expect((await fetch(url, { method: 'POST' })).status).toBe(404);
});

test('a port that is taken is told, and keeps no worker from its work', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const { port } = blocker.address() as { port: number };
  const warned: string[] = [];
  const other = await startWorkerTelemetry({
    knex: engine.knex,
    tracing: noTracing,
    metricsPlace: { host: '127.0.0.1', port },
    log: { warn: (_, message) => warned.push(message) },
  });
  expect(other.url()).toBeNull();
  expect(other.interceptors).toHaveLength(1);
  expect(warned).toEqual(['the metrics port cannot be had yet']);
  await other.close();
  blocker.close();
});

test('asked for neither, nothing is watched', async () => {
  const off = await startWorkerTelemetry({
    knex: engine.knex,
    tracing: noTracing,
    metricsPlace: null,
    log: { warn: () => undefined },
  });
  expect([off.interceptors, off.deliveryWatcher, off.url()]).toEqual([[], undefined, null]);
});
