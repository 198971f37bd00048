// GET /metrics over real HTTP: what it tells, that a caller can make no new label, and that it holds no name and no row.
import { Registry } from 'prom-client';
import { connect } from '../../../db/connect';
import { addPoolMetrics } from '../../../telemetry/process-metrics';
import { aRowError } from '../../factories/a-row-error';
import { aRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { uniqueSuffix } from '../../factories/a-workspace';
import { writeTestDelivery } from '../../../db/alerts/test-delivery';
import { aChannel, aDelivery, anAlert } from '../../factories/an-alert';
import { type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi({ rateLimits: { reads: 0, writes: 0, triggers: 3 } });
});
afterAll(() => api.stop());

async function scrape(of = api): Promise<string> {
  const answer = await fetch(`${of.url}/metrics`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  return answer.text();
}

/** Every measure with its labels, and its value. */
function valuesIn(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

test('requests are counted by method, route and class of status', async () => {
  const { id } = await aSync(api.knex, { workspaceId: api.workspaceId });
  await api.get(`/api/v1/syncs/${id}`);
  await api.get(`/api/v1/syncs/${id}`);
  await api.get('/api/v1/syncs/sync_00000000000000000000000000');
  const values = valuesIn(await scrape());
  const name = 'signalsmith_http_requests_total{method="GET",route="/api/v1/syncs/:sync_id"';
  expect(values.get(`${name},status="2xx"}`)).toBe(2);
  expect(values.get(`${name},status="4xx"}`)).toBe(1);
  expect(
    values.get('signalsmith_http_request_seconds_count{method="GET",route="/api/v1/syncs/:sync_id"}'),
  ).toBe(3);
});

test('no path, method, query, header or key of a caller makes a new label', async () => {
  const known = (text: string): string[] => [...valuesIn(text).keys()];
  const { id } = await aSync(api.knex, { workspaceId: api.workspaceId });
  const hostile = async (mark: string): Promise<void> => {
    const headers = { 'Idempotency-Key': mark, 'User-Agent': mark, 'X-Request-Id': mark };
    await api.get(`/api/v1/${mark}`);
    await api.get(`/${mark}`, null);
    await api.get(`/api/v1/syncs?name=${mark}`);
    await api.get(`/api/v1/syncs/${mark}/runs/${mark}/errors`);
    await api.send(`/api/v1/syncs/${id}/trigger`, { method: 'POST', headers });
    for (const method of ['PROPFIND', 'OPTIONS', 'DELETE']) await api.send('/api/v1/sources', { method });
    await api.send('/api/v1/sources', { method: 'POST', body: { [mark]: 1 } });
  };
  // Until the triggers are used up: from then on nothing new can happen.
  for (let round = 0; round < 5; round += 1) await hostile(`first${round}`);
  const before = known(await scrape());
  for (let round = 0; round < 5; round += 1) await hostile(`canary${uniqueSuffix()}`);
  const after = await scrape();
  expect(known(after)).toEqual(before);
  expect(after).not.toContain('canary');
});

test('what limits refuse and what keys came to is counted', async () => {
  const { id } = await aSync(api.knex, { workspaceId: api.workspaceId });
  const token = await api.newToken(['trigger']);
  const trigger = (key: string) =>
    api.send(`/api/v1/syncs/${id}/trigger`, { method: 'POST', token, headers: { 'Idempotency-Key': key } });
  const before = valuesIn(await scrape());
  for (const key of ['one', 'one', 'two', 'three', 'four']) await trigger(key);
  const after = valuesIn(await scrape());
  const grown = (name: string): number => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  expect(grown('signalsmith_http_limited_total{limit="triggers"}')).toBe(2);
  expect(grown('signalsmith_idempotency_keys_total{outcome="done"}')).toBe(2);
  expect(grown('signalsmith_idempotency_keys_total{outcome="replayed"}')).toBe(1);
});

test('runs, queue and leases are told over all workspaces, without a name or a row', async () => {
  const other = await startApi();
  const sync = await aSync(other.knex, { name: `canary-${uniqueSuffix()}` });
  const ended = await aRun(other.knex, { sync });
  await aRun(other.knex, { sync, status: 'failed' });
  await aRun(other.knex, { sync, status: 'queued' });
  await aRowError(other.knex, ended, { rowId: 'canary-row', rawValue: 'canary-value' });
  const text = await scrape(other);
  const values = valuesIn(text);
  expect(values.get('signalsmith_runs{status="completed",outcome="with_row_errors"}')).toBe(1);
  expect(values.get('signalsmith_runs{status="failed",outcome="nothing_applied"}')).toBe(1);
  expect(values.get('signalsmith_runs{status="cancelled",outcome="partial"}')).toBe(0);
  expect(values.get('signalsmith_runs{status="queued",outcome="none"}')).toBe(1);
  expect(values.get('signalsmith_queued_runs')).toBe(1);
  expect(values.get('signalsmith_queue_oldest_seconds')).toBeGreaterThan(0);
  expect(values.get('signalsmith_database_up')).toBe(1);
  expect(text).not.toContain('canary');
  for (const id of [sync.id, sync.workspaceId, ended.id]) expect(text).not.toContain(id);
  await other.stop();
});

test('alerts that are not over and messages that are not sent are told, without a name', async () => {
  const other = await startApi();
  const sync = await aSync(other.knex, { name: `canary-${uniqueSuffix()}` });
  const alert = await anAlert(other.knex, { sync, detail: { sentence: 'canary' } });
  await anAlert(other.knex, { sync, kind: 'run_late', resolvedAt: new Date() });
  const channel = await aChannel(other.knex, { workspaceId: sync.workspaceId, name: 'canary' });
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);
  await aDelivery(other.knex, { channel, alerts: [alert], state: 'pending', dueAt: ago(600) });
  await aDelivery(other.knex, { channel, alerts: [alert], state: 'pending', gathers: true, dueAt: ago(-60) });
  await aDelivery(other.knex, { channel, alerts: [alert], dueAt: ago(9_000) });
  await writeTestDelivery(other.knex, { workspaceId: sync.workspaceId, channelId: channel.id });
  const text = await scrape(other);
  const values = valuesIn(text);
  expect(values.get('signalsmith_open_alerts{kind="run_failed"}')).toBe(1);
  expect(values.get('signalsmith_open_alerts{kind="run_late"}')).toBe(0);
  expect([...values.keys()].filter((name) => name.startsWith('signalsmith_open_alerts'))).toHaveLength(12);
  expect(values.get('signalsmith_pending_deliveries')).toBe(2);
  expect(values.get('signalsmith_delivery_oldest_seconds')).toBeGreaterThanOrEqual(600);
  expect(values.get('signalsmith_delivery_oldest_seconds')).toBeLessThan(9_000);
  for (const name of ['canary', sync.id, alert.id, channel.id]) expect(text).not.toContain(name);
  await other.stop();
});

test('a database that is away is told, and the measures of the process are there all the same', async () => {
  const knex = connect('postgres://nobody@127.0.0.1:1/none');
  const other = await startApi({ knex });
  const values = valuesIn(await scrape(other));
  expect(values.get('signalsmith_database_up')).toBe(0);
  expect([...values.keys()].some((name) => name.startsWith('signalsmith_http_requests_in_flight'))).toBe(
    true,
  );
  await other.stop();
  await knex.destroy();
});

test('the pool tells who has a connection and who waits for one', async () => {
  const knex = connect(api.databaseUrl, { poolSize: 1 });
  const registry = new Registry();
  addPoolMetrics(registry, knex);
  const held = await knex.transaction();
  const waiting = knex.raw('SELECT 1').then(() => undefined);
  const values = valuesIn(await registry.metrics());
  expect(values.get('signalsmith_db_connections{state="used"}')).toBe(1);
  expect(values.get('signalsmith_db_connection_waiters')).toBe(1);
  await held.rollback();
  await waiting;
  expect(valuesIn(await registry.metrics()).get('signalsmith_db_connection_waiters')).toBe(0);
  await knex.destroy();
});
