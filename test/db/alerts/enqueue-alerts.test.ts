// News of alerts as messages: the first of a cause at once, the others gathered, what is over before it was told never told.
import type { Knex } from 'knex';
import type { ToldAlert } from '../../../domain/alerts/alert';
import { takeAlertsTurn } from '../../../db/alerts/alerts-turn';
import { type AlertNews, enqueueAlerts } from '../../../db/alerts/enqueue-alerts';
import { enqueueNotices } from '../../../db/alerts/enqueue-notice';
import { tellResolved } from '../../../db/alerts/tell-resolved';
import { connect } from '../../../db/connect';
import { newId } from '../../../db/new-id';
import { aMessage, aToldAlert } from '../../domain/alerts/an-alert';
import { aSync } from '../../factories/a-sync';
import { anAlertChannel } from '../../factories/an-alert';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
let workspaceId: string;
let channelId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 10 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});
beforeEach(async () => {
  ({ workspaceId } = await aSync(knex));
  channelId = await anAlertChannel(knex, workspaceId);
});

/** An open alert of a sync of its own. */
async function anAlert(): Promise<ToldAlert> {
  const sync = await aSync(knex, { workspaceId });
  const id = newId('alert');
  await knex('alerts').insert({
    id,
    workspace_id: workspaceId,
    sync_id: sync.id,
    kind: 'run_failed',
    severity: 'critical',
    cause: 'c',
    opened_at: knex.fn.now(),
    last_seen_at: knex.fn.now(),
    detail: '{}',
  });
  return aToldAlert('run_failed', { id });
}

async function inTurn(work: (trx: Knex.Transaction) => Promise<void>): Promise<void> {
  await knex.transaction(async (trx) => {
    await takeAlertsTurn(trx, [workspaceId]);
    await work(trx);
  });
}

async function tell(
  alerts: readonly ToldAlert[],
  {
    type = 'alert.raised',
    cause = 'c',
    on = channelId,
  }: { type?: AlertNews['type']; cause?: string; on?: string | undefined } = {},
): Promise<void> {
  await inTurn((trx) =>
    enqueueAlerts(
      trx,
      alerts.map((alert) => ({ workspaceId, channelId: on, type, cause, alert })),
    ),
  );
}

const end = (alerts: readonly ToldAlert[]) =>
  inTurn((trx) =>
    tellResolved(
      trx,
      alerts.map((alert) => ({ workspaceId, cause: 'c', alert })),
    ),
  );

/** All messages of the workspace in their order, with what each is about. */
async function messages() {
  const { rows } = await knex.raw<{
    rows: { type: string; state: string; gathers: boolean; waits: number; alerts: string[] }[];
  }>(
    `SELECT type, state, gathers, round(extract(epoch FROM due_at - created_at))::int AS waits,
       ARRAY(SELECT alert_id FROM alert_delivery_alerts a WHERE a.delivery_id = d.id ORDER BY alert_id) AS alerts
     FROM alert_deliveries d WHERE workspace_id = ? ORDER BY no`,
    [workspaceId],
  );
  return rows;
}

const age = (seconds: number) =>
  knex('alert_deliveries')
    .where({ workspace_id: workspaceId })
    .update({ due_at: knex.raw(`due_at - make_interval(secs => ?)`, [seconds]) });

test('the first of a cause is due at once, those after it in one message two minutes later', async () => {
  const [one, other, third] = await Promise.all([anAlert(), anAlert(), anAlert()]);
  await tell([one]);
  await tell([other]);
  await tell([third]);
  const gathered = [other.id, third.id].sort();
  expect(await messages()).toEqual([
    { type: 'alert.raised', state: 'pending', gathers: false, waits: 0, alerts: [one.id] },
    { type: 'alert.raised', state: 'pending', gathers: true, waits: 120, alerts: gathered },
  ]);
});

test.each([
  [119, true],
  [121, false],
])('%d seconds after the last of its cause a message gathers: %s', async (seconds, gathers) => {
  await tell([await anAlert()]);
  await age(seconds);
  await tell([await anAlert()]);
  expect((await messages()).map((message) => message.gathers)).toEqual([false, gathers]);
});

test('other causes, types and channels have messages of their own', async () => {
  const alert = await anAlert();
  const other = await anAlertChannel(knex, workspaceId);
  await tell([alert]);
  await tell([alert], { cause: 'd' });
  await tell([alert], { type: 'alert.repeated' });
  await tell([alert], { on: other });
  expect((await messages()).map(({ gathers, alerts }) => [gathers, alerts])).toEqual(
    Array.from({ length: 4 }, () => [false, [alert.id]]),
  );
});

test('an alert that is over before it was told is told nowhere, and its message goes when it is left empty', async () => {
  const [told, brief, lasting] = await Promise.all([anAlert(), anAlert(), anAlert()]);
  await tell([told]);
  await tell([brief, lasting]);
  await end([brief]);
  expect((await messages()).map(({ state, alerts }) => [state, alerts])).toEqual([
    ['pending', [told.id]],
    ['pending', [lasting.id]],
  ]);
  await end([lasting]);
  expect((await messages()).map(({ state }) => state)).toEqual(['pending', 'withdrawn']);
});

test('what was withdrawn counts for nothing: the next message of its cause waits no longer for it', async () => {
  await tell([await anAlert()]);
  for (const alert of await Promise.all([anAlert(), anAlert(), anAlert()])) {
    await tell([alert]);
    await end([alert]);
  }
  await tell([await anAlert()]);
  const last = (await messages()).at(-1);
  expect(last).toMatchObject({ gathers: true });
  expect(last?.waits).toBeLessThanOrEqual(120);
});

test('the end is told on the channels that have heard of the alert, if they are still there', async () => {
  const alert = await anAlert();
  const [off, gone, failed] = await Promise.all([1, 2, 3].map(() => anAlertChannel(knex, workspaceId)));
  await anAlertChannel(knex, workspaceId);
  for (const on of [channelId, off, gone, failed]) await tell([alert], { on });
  await knex('alert_channels').where({ id: off }).update({ enabled: false });
  await knex('alert_channels').where({ id: gone }).update({ deleted_at: knex.fn.now() });
  await knex('alert_deliveries')
    .where({ channel_id: failed })
    .update({ state: 'failed', ended_at: knex.fn.now() });
  await end([alert]);
  const ends = await knex('alert_deliveries').where({ workspace_id: workspaceId, type: 'alert.resolved' });
  expect(ends.map((delivery) => delivery.channel_id)).toEqual([channelId]);
});

test('an alert joins no message whose first try has begun, however close they come', async () => {
  await tell([await anAlert()]);
  await tell([await anAlert()]);
  const [, gathering] = await knex('alert_deliveries')
    .where({ workspace_id: workspaceId })
    .orderBy('no')
    .pluck('id');
  const late = await anAlert();
  let joining: Promise<void> | undefined;
  await knex.transaction(async (trx) => {
    await trx('alert_deliveries').where({ id: gathering }).update({ gathers: false, attempts: 1 });
    joining = tell([late]);
    // It waits for the row by now, or will find it changed.
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  await joining;
  expect((await messages()).map(({ gathers, alerts }) => [gathers, alerts.includes(late.id)])).toEqual([
    [false, false],
    [false, false],
    [true, true],
  ]);
});

test('from many sides at once there is one message at once and one that gathers, with every alert once', async () => {
  const alerts = await Promise.all(Array.from({ length: 30 }, anAlert));
  await Promise.all(alerts.map((alert) => tell([alert])));
  const found = await messages();
  expect(found.map(({ gathers }) => gathers)).toEqual([false, true]);
  expect(found.flatMap((message) => message.alerts).sort()).toEqual(alerts.map(({ id }) => id).sort());
});

test('a notice is a message of its own, at once, and may bring what it says', async () => {
  const { id: _, ...content } = aMessage('channel.disabled', []);
  const [first, second] = await enqueueNotices(knex, [
    { workspaceId, channelId, type: 'sync_run.completed', runId: 'run_1' },
    { workspaceId, channelId, type: 'channel.disabled', content },
  ]);
  const rows = await knex('alert_deliveries').where({ workspace_id: workspaceId }).orderBy('no');
  expect(rows).toMatchObject([
    { id: first, type: 'sync_run.completed', run_id: 'run_1', content: null, gathers: false, cause: null },
    { id: second, type: 'channel.disabled', run_id: null, content: { ...content, id: second } },
  ]);
});
