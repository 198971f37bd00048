// How alerts and deliveries are read from a long history: by an index that begins at the place, never a table from end to
// end. Plans, never times.
import type { Knex } from 'knex';
import { Client } from 'pg';
import { planOf, readsWhole, sentBy } from '../../../../bench/data/plans';
import { judgeByClock } from '../../../../db/alerts/judge/judge-by-clock';
import { judgeDue } from '../../../../db/alerts/judge/judge-due';
import { connect } from '../../../../db/connect';
import { alertEvents } from '../../../../db/views/alerts/alert-view';
import { type AlertFilter, alertsFrom, alertsOnPage } from '../../../../db/views/alerts/alert-list-view';
import {
  deliveriesFrom,
  deliveriesOnPage,
  findDelivery,
} from '../../../../db/views/alerts/delivery-list-view';
import { openAlerts } from '../../../../db/views/alerts/open-alerts-view';
import { measures } from '../../../../db/views/metrics-view';
import { aSchedule } from '../../../factories/a-schedule';
import { aSync } from '../../../factories/a-sync';
import { aChannel } from '../../../factories/an-alert';
import { failingRun } from '../../alerts/judging';
import { createTestDatabase, type TestDatabase } from '../../../support/database';

let database: TestDatabase;
let knex: Knex;
let explainer: Client;
/** As the worker is: nothing is said to it about indexes. */
let workersExplainer: Client;
let workspaceId: string;
let channelId: string;
let syncIds: string[];

const alerts = 40_000;

beforeAll(async () => {
  database = await createTestDatabase();
  // As the API is.
  knex = connect(database.url, { poolSize: 4, prefersIndexes: true });
  explainer = new Client({ connectionString: database.url, options: '-c random_page_cost=1.1' });
  workersExplainer = new Client({ connectionString: database.url });
  await Promise.all([explainer.connect(), workersExplainer.connect()]);
  const first = await aSync(knex);
  ({ workspaceId } = first);
  syncIds = [first.id];
  while (syncIds.length < 20)
    syncIds.push((await aSync(knex, { ...first, name: `Sync ${syncIds.length}`, createdBy: null })).id);
  channelId = (await aChannel(knex, { workspaceId })).id;
  // Of each sync the newest is open; each was told once, and told to be over.
  await knex.raw(
    `INSERT INTO alerts (id, workspace_id, sync_id, kind, severity, cause, opened_at, last_seen_at, detail, resolved_at)
     SELECT 'alrt_' || lpad(n::text, 26, '0'), ?, (?::text[])[n % 20 + 1], 'run_failed', 'critical', 'c',
       now() - n * interval '1 minute', now() - n * interval '1 minute', '{}',
       CASE WHEN n > 20 THEN now() - n * interval '1 minute' + interval '30 seconds' END
     FROM generate_series(1, ${alerts}) n`,
    [workspaceId, syncIds],
  );
  await knex.raw(
    `INSERT INTO alert_events (workspace_id, alert_id, type) SELECT workspace_id, id, 'opened' FROM alerts`,
  );
  await knex.raw(
    `INSERT INTO alert_deliveries (id, workspace_id, channel_id, type, state, give_up_at, attempts, ended_at)
     SELECT 'dlv_' || substr(id, 6), workspace_id, ?, 'alert.raised', 'delivered', now(), 1, now() FROM alerts`,
    [channelId],
  );
  await knex.raw(
    `INSERT INTO alert_delivery_alerts (delivery_id, alert_id, workspace_id, told)
     SELECT 'dlv_' || substr(id, 6), id, workspace_id, '{}' FROM alerts`,
  );
  await knex.raw(
    `INSERT INTO alert_attempts (delivery_id, attempt, workspace_id) SELECT id, 1, workspace_id FROM alert_deliveries`,
  );
  // As it is done by itself: without it no total is counted from an index alone.
  await knex.raw('VACUUM ANALYZE');
}, 60_000);
afterAll(async () => {
  await Promise.all([explainer.end(), workersExplainer.end()]);
  await knex.destroy();
  await database.drop();
});

/** The indexes that are read; fails when a table, or an index of one, is read from end to end. */
async function indexesOf(work: () => Promise<unknown>, by = explainer): Promise<string[]> {
  // Of what else is asked, its own tests tell.
  const sent = (await sentBy(knex, work)).filter(({ sql }) => sql.includes('alert'));
  expect(sent.length).toBeGreaterThan(0);
  const used: string[] = [];
  for (const statement of sent) {
    const plan = await planOf(by, statement);
    expect([statement.sql, plan.filter(readsWhole)]).toEqual([statement.sql, []]);
    used.push(...plan.flatMap((node) => node['Index Name'] ?? []));
  }
  return used;
}

const id = (prefix: string, n: number) => `${prefix}_${String(n).padStart(26, '0')}`;
const page = { page: 2, perPage: 20 };

const filters: [string, AlertFilter, string][] = [
  ['nothing', {}, 'alerts_of_workspace'],
  ['states that are not over', { states: ['open', 'acknowledged'] }, 'alerts_of_workspace_open'],
  ['times', { openedAfter: new Date(Date.now() - 3_600_000) }, 'alerts_of_workspace'],
];

test.each(filters)('alerts by %s are read by an index in their order', async (_, filter, index) => {
  const list = { workspaceId, filter };
  expect(await indexesOf(() => alertsOnPage(knex, list, page))).toContain(index);
  const mark = [Date.now() * 1_000 - 600_000_000, id('alrt', 10)] as const;
  for (const way of ['after', 'before'] as const)
    expect(await indexesOf(() => alertsFrom(knex, list, { way, mark }, 20))).toContain(index);
});

test('alerts of one sync are read by its own index', async () => {
  const list = { workspaceId, filter: { syncIds: syncIds.slice(0, 1) } };
  const mark = [Date.now() * 1_000 - 60_000_000_000, id('alrt', 1_000)] as const;
  for (const read of [
    () => alertsOnPage(knex, list, page),
    () => alertsFrom(knex, list, { way: 'after', mark }, 20),
  ])
    expect(await indexesOf(read)).toContain('alerts_of_sync');
});

test('deliveries of a channel and of an alert are read by their own indexes', async () => {
  const ofChannel = { workspaceId, of: { channelId } };
  const ofAlert = { workspaceId, of: { alertId: id('alrt', 500) } };
  const last = { way: 'after', mark: 20_000 } as const;
  expect(await indexesOf(() => deliveriesFrom(knex, ofChannel, last, 20))).toContain(
    'alert_deliveries_of_channel',
  );
  for (const read of [
    () => deliveriesOnPage(knex, ofAlert, page),
    () => deliveriesFrom(knex, ofAlert, last, 20),
    () => findDelivery(knex, ofAlert, id('dlv', 500)),
  ])
    expect(await indexesOf(read)).toContain('alert_delivery_alerts_of_alert');
});

test('one alert, what is open, and what is measured, read no history', async () => {
  await indexesOf(() => alertEvents(knex, workspaceId, id('alrt', 500), 100));
  expect(await indexesOf(() => openAlerts(knex, workspaceId))).toContain('alerts_of_workspace_open');
  await indexesOf(() => measures(knex));
});

test('the look at the clock finds what is open by its index, however much is over: what is to be told, and what is not', async () => {
  const [stuck, paused = '', deleted] = syncIds;
  const runId = 'run_stuck';
  await knex('alerts')
    .where({ sync_id: stuck })
    .whereNull('resolved_at')
    .update({ kind: 'run_stuck', detail: { sentence: '', advice: [], about: null, run: { id: runId } } });
  await knex('syncs').where({ id: deleted }).update({ deleted_at: knex.fn.now() });
  await aSchedule(knex, { syncId: paused, workspaceId });
  await knex('syncs').where({ id: paused }).update({ paused_at: '2025-01-01' });
  const look = () => judgeByClock(knex, async () => new Map());
  expect(await indexesOf(look, workersExplainer)).toEqual(
    expect.arrayContaining(['alerts_of_rule', 'alert_deliveries_gathering', 'alert_deliveries_of_cause']),
  );
  // Once all of that is told or over.
  await indexesOf(look, workersExplainer);
});

test('the judge finds the alerts of a sync by their keys', async () => {
  const sync = { id: syncIds.at(-1) ?? '', workspaceId };
  for (let failed = 0; failed < 3; failed += 1) {
    await failingRun(knex, sync);
    await indexesOf(() => judgeDue(knex), workersExplainer);
  }
});
