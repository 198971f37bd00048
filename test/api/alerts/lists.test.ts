// Lists of alerts and of deliveries over HTTP: filters, pages, walks, and what stays when a sync has gone.
import { aRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { aWorkspace } from '../../factories/a-workspace';
import { type AlertOverrides, aChannel, aDelivery, anAlert, type MadeAlert } from '../../factories/an-alert';
import { type ApiAnswer, type Json, type RunningApi, startApi } from '../running-api';
import { idsOf, linksOf } from '../runs/walking';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const hour = (number: number) => new Date(Date.UTC(2025, 0, 15, number));

interface Place {
  readonly workspaceId: string;
  get(path: string): Promise<ApiAnswer>;
  alert(overrides?: AlertOverrides): Promise<MadeAlert>;
}

async function aPlace(): Promise<Place> {
  const { id: workspaceId } = await aWorkspace(api.knex);
  const token = await api.newToken(['read', 'write'], workspaceId);
  return {
    workspaceId,
    get: (path) => api.get(path.startsWith('/api') ? path : `/api/v1${path}`, token),
    alert: async (overrides = {}) =>
      anAlert(api.knex, { sync: await aSync(api.knex, { workspaceId }), ...overrides }),
  };
}

test('an alert in a list says what it is, where, since when, and what to do', async () => {
  const { workspaceId, alert, get } = await aPlace();
  const sync = await aSync(api.knex, { workspaceId, name: 'Users to CRM' });
  const run = await aRun(api.knex, { sync, status: 'failed' });
  const facts = {
    id: run.id,
    status: 'failed',
    outcome: 'nothing_applied',
    trigger: 'schedule',
    startedAt: '2025-01-15T09:00:00.123Z',
    completedAt: '2025-01-15T09:04:23.000Z',
    durationMs: 262_877,
    rowsProcessed: 0,
    rowsCreated: 0,
    rowsUpdated: 0,
    rowsDeleted: 0,
    rowsFailed: 0,
    failure: { code: 'destination_auth_expired', message: 'Destination authentication expired' },
  } as const;
  const made = await alert({ sync, runId: run.id, openedAt: hour(9), detail: { run: facts, observed: 3 } });
  const { body } = await get('/alerts');
  expect(body).toMatchObject({
    data: [
      {
        id: made.id,
        kind: 'run_failed',
        severity: 'critical',
        state: 'open',
        sync: { id: sync.id, name: 'Users to CRM' },
        sentence: 'Users → CRM failed: Destination authentication expired',
        advice: ['Give the destination a new key.'],
        occurrences: 1,
        observed: 3,
        expected: null,
        run: {
          id: run.id,
          started_at: '2025-01-15T09:00:00Z',
          duration_ms: 262_877,
          failure: { code: 'destination_auth_expired' },
        },
        first_run_id: run.id,
        opened_at: '2025-01-15T09:00:00Z',
        told_at: null,
        links: {
          self: `/api/v1/alerts/${made.id}`,
          deliveries: `/api/v1/alerts/${made.id}/deliveries`,
          run: `/api/v1/syncs/${sync.id}/runs/${run.id}`,
        },
      },
    ],
    pagination: { page: 1, per_page: 20, total: 1 },
  });
});

test('filters narrow, several at once, and words that do not exist are refused', async () => {
  const { alert, get } = await aPlace();
  const open = await alert({ openedAt: hour(1) });
  const acknowledged = await alert({ openedAt: hour(2), acknowledgedAt: hour(3), kind: 'run_late' });
  const resolved = await alert({ openedAt: hour(3), acknowledgedAt: hour(4), resolvedAt: hour(5) });
  const ids = async (query: string): Promise<string[]> => idsOf(await get(`/alerts?${query}`));
  expect(await ids('')).toEqual([resolved.id, acknowledged.id, open.id]);
  expect(await ids('state=open')).toEqual([open.id]);
  expect(await ids('state=acknowledged')).toEqual([acknowledged.id]);
  expect(await ids('state=resolved')).toEqual([resolved.id]);
  expect(await ids('state=resolved,open')).toEqual([resolved.id, open.id]);
  expect(await ids('state=open,acknowledged')).toEqual([acknowledged.id, open.id]);
  expect(await ids('state=open,acknowledged,resolved')).toHaveLength(3);
  expect(await ids('kind=run_late,run_stuck')).toEqual([acknowledged.id]);
  expect(await ids('severity=critical&state=open')).toEqual([open.id]);
  expect(await ids(`sync_id=${open.syncId},${resolved.syncId}`)).toEqual([resolved.id, open.id]);
  expect(await ids('opened_after=2025-01-15T01:00:00Z&opened_before=2025-01-15T03:00:00Z')).toEqual([
    acknowledged.id,
  ]);
  for (const query of [
    'state=muted',
    'kind=run_completed',
    'severity=low',
    'sync_id=dst_1',
    'opened_after=today',
    'status=open',
    'page=1&cursor=*',
    'per_page=101',
  ])
    expect([query, (await get(`/alerts?${query}`)).status]).toEqual([query, 400]);
});

test('pages are linked, and a walk meets every alert once while others are opened', async () => {
  const { alert, get } = await aPlace();
  const made: string[] = [];
  // Some are opened in the same moment.
  for (let number = 0; number < 11; number += 1)
    made.push((await alert({ openedAt: hour(Math.floor(number / 3)) })).id);
  const newestFirst = async () => idsOf(await get('/alerts?per_page=100'));
  const all = await newestFirst();
  expect(all.toSorted()).toEqual(made.toSorted());

  const second = await get('/alerts?state=open&per_page=4&page=2');
  expect(idsOf(second)).toEqual(all.slice(4, 8));
  expect(second.body.pagination).toEqual({ page: 2, per_page: 4, total: 11 });
  expect(idsOf(await get(linksOf(second)['next'] ?? ''))).toEqual(all.slice(8));

  const seen: string[] = [];
  let cursor: string | null = '*';
  let previous: string | null = null;
  while (cursor !== null) {
    const answer: ApiAnswer = await get(`/alerts?per_page=4&cursor=${cursor}`);
    seen.push(...idsOf(answer));
    cursor = answer.body.pagination.next_cursor;
    previous = answer.body.pagination.prev_cursor;
    await alert({ openedAt: hour(20) });
  }
  expect(seen).toEqual(all);
  expect(idsOf(await get(`/alerts?per_page=4&cursor=${previous}`))).toEqual(all.slice(4, 8));
  const foreign = await get(`/alerts?state=open&cursor=${previous}`);
  expect([foreign.status, foreign.body.code]).toEqual([400, 'invalid_cursor']);
});

test('deliveries of a channel and of an alert, newest first, each with what came of it', async () => {
  const { workspaceId, alert, get } = await aPlace();
  const channel = await aChannel(api.knex, { workspaceId, name: 'On call' });
  const [one, other] = [await alert(), await alert()];
  const both = await aDelivery(api.knex, { channel, alerts: [one, other] });
  const failed = await aDelivery(api.knex, { channel, alerts: [other], state: 'failed', attempts: 7 });
  const waiting = await aDelivery(api.knex, { channel, alerts: [other], state: 'pending' });
  const of = async (path: string): Promise<Json[]> => (await get(path)).body.data;
  const ofChannel = `/alert-channels/${channel.id}/deliveries`;
  expect((await of(ofChannel)).map(({ id }) => id)).toEqual([waiting, failed, both]);
  expect((await of(`/alerts/${one.id}/deliveries`)).map(({ id }) => id)).toEqual([both]);
  expect((await of(`/alerts/${other.id}/deliveries?state=failed,delivered`)).map(({ id }) => id)).toEqual([
    failed,
    both,
  ]);
  const [taken] = await of(`/alerts/${one.id}/deliveries`);
  expect(taken).toMatchObject({
    channel: { id: channel.id, name: 'On call' },
    type: 'alert.raised',
    state: 'delivered',
    give_up_at: null,
    error: null,
    alerts: { total: 2, ids: [one.id, other.id].toSorted() },
    run_id: null,
    attempt_count: 2,
    attempts: [
      { attempt: 1, http_status: 503, error: 'The channel answered 503', answer: 'try later' },
      { attempt: 2, http_status: 200, error: null, duration_ms: 42, answer: 'ok' },
    ],
  });
  // A list shows the newest tries; the delivery itself has all.
  const [, given] = await of(ofChannel);
  expect([given.attempt_count, given.attempts.map((tried: Json) => tried.attempt)]).toEqual([
    7,
    [3, 4, 5, 6, 7],
  ]);
  for (const path of [`${ofChannel}/${failed}`, `/alerts/${other.id}/deliveries/${failed}`])
    expect((await get(path)).body.attempts).toHaveLength(7);
  // Each is found below what it belongs to alone.
  const stranger = await aChannel(api.knex, { workspaceId });
  for (const path of [
    `/alerts/${one.id}/deliveries/${failed}`,
    `/alert-channels/${stranger.id}/deliveries/${both}`,
  ])
    expect((await get(path)).status).toBe(404);

  const first = await get(`${ofChannel}?per_page=2&cursor=*`);
  expect(idsOf(first)).toEqual([waiting, failed]);
  const rest = await get(`${ofChannel}?per_page=2&cursor=${first.body.pagination.next_cursor}`);
  expect([idsOf(rest), rest.body.pagination.next_cursor]).toEqual([[both], null]);
  expect(idsOf(await get(`${ofChannel}?per_page=2&cursor=${rest.body.pagination.prev_cursor}`))).toEqual([
    waiting,
    failed,
  ]);
  expect((await get(`${ofChannel}?per_page=2&page=2`)).body).toMatchObject({
    data: [{ id: both }],
    pagination: { page: 2, per_page: 2, total: 3 },
  });
});

test('a try that is under way, or was broken off, has no end', async () => {
  const { workspaceId, alert, get } = await aPlace();
  const channel = await aChannel(api.knex, { workspaceId });
  const delivery = await aDelivery(api.knex, { channel, alerts: [await alert()], state: 'pending' });
  await api.knex('alert_attempts').insert({ workspace_id: workspaceId, delivery_id: delivery, attempt: 1 });
  const { body } = await get(`/alert-channels/${channel.id}/deliveries/${delivery}`);
  expect(body.attempts).toMatchObject([{ attempt: 1, duration_ms: null, http_status: null, error: null }]);
  expect(body.give_up_at).toEqual(expect.any(String));
});

test('what became of a deleted sync stays: its alerts, and what was told of them', async () => {
  const { workspaceId, alert, get } = await aPlace();
  const sync = await aSync(api.knex, { workspaceId, name: 'Gone tomorrow' });
  const channel = await aChannel(api.knex, { workspaceId });
  const made = await alert({ sync });
  await aDelivery(api.knex, { channel, alerts: [made] });
  const token = await api.newToken(['write'], workspaceId);
  expect((await api.send(`/api/v1/syncs/${sync.id}`, { method: 'DELETE', token })).status).toBe(204);
  expect((await get(`/alerts/${made.id}`)).body).toMatchObject({ sync: { name: 'Gone tomorrow' } });
  expect(idsOf(await get(`/alerts?sync_id=${sync.id}`))).toEqual([made.id]);
  expect((await get(`/alerts/${made.id}/deliveries`)).body.data).toHaveLength(1);
  const resolve = { method: 'POST', token };
  expect((await api.send(`/api/v1/alerts/${made.id}/resolve`, resolve)).body.state).toBe('resolved');
});

test('the health of a workspace counts alerts that are not over', async () => {
  const { alert, get } = await aPlace();
  const counted = async (): Promise<Json> => (await get('/insights/sync-health')).body.open_alerts;
  expect(await counted()).toEqual({ total: 0, critical: 0, warning: 0, acknowledged: 0 });
  await alert();
  await alert({ kind: 'run_late', acknowledgedAt: new Date() });
  await alert({ kind: 'run_stuck', resolvedAt: new Date() });
  expect(await counted()).toEqual({ total: 2, critical: 1, warning: 1, acknowledged: 1 });
});
