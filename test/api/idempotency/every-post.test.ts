// Every POST that changes something is answered once for each key, whatever the route: the table of routes is the list.
import { type AppDependencies, apiRoutes } from '../../../api/create-app';
import { aDestination } from '../../factories/a-destination';
import { aModel } from '../../factories/a-model';
import { aRun } from '../../factories/a-run';
import { aSchedule } from '../../factories/a-schedule';
import { aSource } from '../../factories/a-source';
import { aSync } from '../../factories/a-sync';
import { uniqueSuffix } from '../../factories/a-workspace';
import { aChannel, aDelivery, anAlert, type MadeAlert } from '../../factories/an-alert';
import { type ApiAnswer, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface Post {
  readonly path: string;
  readonly body?: unknown;
}

const ownSync = () => aSync(api.knex, { workspaceId: api.workspaceId });

const ownChannel = () => aChannel(api.knex, { workspaceId: api.workspaceId });
const ownAlert = async (): Promise<MadeAlert> => anAlert(api.knex, { sync: await ownSync() });

/** A request for each route that is done when it is sent. */
const posts: Record<string, () => Promise<Post>> = {
  '/sources': async () => ({
    path: '/sources',
    body: { name: `s ${uniqueSuffix()}`, kind: 'postgres', config: { url: 'postgres://u:p@h/d' } },
  }),
  '/models': async () => ({
    path: '/models',
    body: {
      name: `m ${uniqueSuffix()}`,
      source_id: (await aSource(api.knex, { workspaceId: api.workspaceId })).id,
      sql: 'SELECT * FROM users',
      row_key: ['id'],
    },
  }),
  '/destinations': async () => ({
    path: '/destinations',
    body: { name: `d ${uniqueSuffix()}`, kind: 'postgres', config: { url: 'postgres://u:p@h/d' } },
  }),
  '/syncs': async () => ({
    path: '/syncs',
    body: {
      name: `y ${uniqueSuffix()}`,
      model_id: (await aModel(api.knex, { workspaceId: api.workspaceId })).id,
      destination_id: (await aDestination(api.knex, { workspaceId: api.workspaceId })).id,
      mode: 'upsert',
      mapping: [
        { column: 'id', field: 'External_Id__c' },
        { column: 'email', field: 'Email' },
      ],
      schedule: { interval_seconds: 3_600 },
    },
  }),
  '/tokens': async () => ({ path: '/tokens', body: { name: `t ${uniqueSuffix()}`, scopes: ['read'] } }),
  '/syncs/:sync_id/trigger': async () => ({ path: `/syncs/${(await ownSync()).id}/trigger` }),
  '/syncs/:sync_id/pause': async () => {
    const sync = await ownSync();
    await aSchedule(api.knex, { syncId: sync.id, workspaceId: api.workspaceId });
    return { path: `/syncs/${sync.id}/pause`, body: { note: 'for the migration' } };
  },
  '/syncs/:sync_id/resume': async () => ({ path: `/syncs/${(await ownSync()).id}/resume` }),
  '/syncs/:sync_id/rows/erase': async () => ({
    path: `/syncs/${(await ownSync()).id}/rows/erase`,
    body: { row_key: 'usr_123' },
  }),
  '/syncs/:sync_id/runs/:run_id/cancel': async () => {
    const run = await aRun(api.knex, { sync: await ownSync(), status: 'queued' });
    return { path: `/syncs/${run.syncId}/runs/${run.id}/cancel` };
  },
  '/syncs/:sync_id/runs/:run_id/retry': async () => {
    const run = await aRun(api.knex, { sync: await ownSync() });
    return { path: `/syncs/${run.syncId}/runs/${run.id}/retry`, body: { note: 'once more' } };
  },
  '/alert-channels': async () => ({
    path: '/alert-channels',
    body: { name: `c ${uniqueSuffix()}`, kind: 'webhook', url: 'https://ops.invalid/hooks' },
  }),
  '/alert-channels/:channel_id/rotate-secret': async () => ({
    path: `/alert-channels/${(await ownChannel()).id}/rotate-secret`,
    body: { keep_old_hours: 1 },
  }),
  '/alert-channels/:channel_id/deliveries/:delivery_id/redeliver': async () => {
    const channel = await ownChannel();
    const delivery = await aDelivery(api.knex, { channel, alerts: [await ownAlert()] });
    return { path: `/alert-channels/${channel.id}/deliveries/${delivery}/redeliver` };
  },
  '/alerts/:alert_id/deliveries/:delivery_id/redeliver': async () => {
    const alert = await ownAlert();
    const delivery = await aDelivery(api.knex, { channel: await ownChannel(), alerts: [alert] });
    return { path: `/alerts/${alert.id}/deliveries/${delivery}/redeliver` };
  },
  '/alerts/:alert_id/acknowledge': async () => ({
    path: `/alerts/${(await ownAlert()).id}/acknowledge`,
    body: { note: 'looking at it' },
  }),
  '/alerts/:alert_id/mute': async () => ({
    path: `/alerts/${(await ownAlert()).id}/mute`,
    body: { hours: 8 },
  }),
  '/alerts/:alert_id/unmute': async () => ({ path: `/alerts/${(await ownAlert()).id}/unmute` }),
  '/alerts/:alert_id/resolve': async () => ({ path: `/alerts/${(await ownAlert()).id}/resolve` }),
};

const routes = apiRoutes({} as AppDependencies).filter(({ method }) => method === 'POST');

test('every POST stands in this table, or is declared to change nothing', () => {
  const changing = routes.filter(({ isSafe }) => !isSafe).map(({ path }) => path);
  expect(Object.keys(posts).toSorted()).toEqual(changing.toSorted());
});

test('a POST that changes nothing does not look at the header', async () => {
  const { id } = await ownSync();
  const answer = await send({ path: `/syncs/${id}/check` }, 'not a key, not at all');
  expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([200, null]);
});

/** Rows of every table but the keys' own. */
async function rowCounts(): Promise<Record<string, number>> {
  const { rows } = await api.knex.raw<{ rows: { name: string; n: number }[] }>(
    `SELECT c.relname AS name, (xpath('/row/n/text()',
       query_to_xml('SELECT count(*) AS n FROM ' || quote_ident(c.relname), false, true, '')))[1]::text::bigint AS n
     FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
     WHERE s.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'idempotency_keys'`,
  );
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

const send = (post: Post, key?: string): Promise<ApiAnswer> =>
  api.send(`/api/v1${post.path}`, {
    method: 'POST',
    body: post.body,
    headers: key === undefined ? {} : { 'Idempotency-Key': key },
  });

test.each(Object.keys(posts))('POST %s is done once and answered twice', async (path) => {
  const post = await (posts[path] as () => Promise<Post>)();
  const key = uniqueSuffix();
  const first = await send(post, key);
  expect(first.status).toBeGreaterThanOrEqual(200);
  expect(first.status).toBeLessThan(300);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  const told = [api.launcher.started.length, api.schedules.calls.length];
  const before = await rowCounts();
  const again = await send(post, key);
  expect(await rowCounts()).toEqual(before);
  expect([api.launcher.started.length, api.schedules.calls.length]).toEqual(told);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect({ status: again.status, body: again.body }).toEqual({ status: first.status, body: first.body });
  for (const name of ['location', 'content-type', 'content-length', 'etag'])
    expect(again.headers.get(name)).toBe(first.headers.get(name));
});

test.each(Object.keys(posts))('POST %s answers with and without a key in the same form', async (path) => {
  const make = posts[path] as () => Promise<Post>;
  const [keyed, plain] = [await send(await make(), uniqueSuffix()), await send(await make())];
  const form = (answer: ApiAnswer): unknown => ({
    status: answer.status,
    type: answer.headers.get('content-type'),
    location: answer.headers.get('location')?.replaceAll(/_\w{26}/g, ''),
    keys: Object.keys(answer.body),
    types: Object.values(answer.body).map((value) => typeof value),
  });
  expect(form(keyed)).toEqual(form(plain));
});
