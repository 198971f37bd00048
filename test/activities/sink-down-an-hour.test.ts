// A sink that is down for an hour (F8), at the pace of the product: the clock is the test's, and all that waits for a time is
// that much nearer to it. News come as the judge writes it; what arrives, arrives once, and of each incident in order.
import type { Knex } from 'knex';
import { deliverNextActivity } from '../../activities/deliver-alerts';
import type { ActivityDeps } from '../../activities/deps';
import { openAlertChannel } from '../../connectors/registry';
import { takeAlertsTurn } from '../../db/alerts/alerts-turn';
import { ChannelStore } from '../../db/alerts/channel-store';
import { enqueueAlerts } from '../../db/alerts/enqueue-alerts';
import { tellResolved } from '../../db/alerts/tell-resolved';
import { connect } from '../../db/connect';
import { createInbox, type Inbox } from '../../demo/inbox/create-inbox';
import type { ToldAlert } from '../../domain/alerts/alert';
import { deliveryPace } from '../../domain/alerts/delivery-pace';
import { aChannelTo, attemptsOf, channelRecord, type MadeChannel } from '../factories/a-channel';
import { toldAlert } from '../factories/a-message';
import { aSync } from '../factories/a-sync';
import { testSecretKey } from '../factories/a-workspace';
import { anAlert } from '../factories/an-alert';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { loopbackGuard } from '../support/outside/loopback';
import { inActivity } from './in-activity';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let database: TestDatabase;
let knex: Knex;
let inbox: Inbox;
let channel: MadeChannel;
/** Milliseconds since the sink went down. */
let clockMs: number;

beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 5 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});
beforeEach(async () => {
  clockMs = 0;
  inbox = await createInbox();
});
afterEach(() => inbox.close());

async function anIncident(syncName: string): Promise<ToldAlert> {
  const sync = await aSync(knex, { workspaceId: channel.workspaceId });
  const { id } = await anAlert(knex, { sync });
  const sentence = `${syncName} failed: Destination authentication expired`;
  return toldAlert({ id, sync: { id: sync.id, name: syncName }, sentence, run: null });
}

async function inTurn(work: (trx: Knex.Transaction) => Promise<void>): Promise<void> {
  await knex.transaction(async (trx) => {
    await takeAlertsTurn(trx, [channel.workspaceId]);
    await work(trx);
  });
}

/** As the judge writes it. */
const raised = (alert: ToldAlert, cause: string): Promise<void> =>
  inTurn((trx) => enqueueAlerts(trx, [{ ...channel, type: 'alert.raised', cause, alert }]));

const resolved = (alert: ToldAlert, cause: string): Promise<void> =>
  inTurn((trx) => {
    const resolvedAt = new Date(Date.parse(alert.openedAt) + 30 * minuteMs).toISOString();
    return tellResolved(trx, [{ workspaceId: channel.workspaceId, cause, alert: { ...alert, resolvedAt } }]);
  });

/** So much later, as far as the database knows. */
async function pass(ms: number): Promise<void> {
  clockMs += ms;
  await knex.raw(
    `UPDATE alert_deliveries SET created_at = created_at - :by::interval, due_at = due_at - :by::interval,
       next_attempt_at = next_attempt_at - :by::interval, give_up_at = give_up_at - :by::interval WHERE channel_id = :id`,
    { by: `${ms} milliseconds`, id: channel.channelId },
  );
  await knex.raw(
    `UPDATE alert_channels SET failing_since = failing_since - :by::interval, delivering_until = delivering_until - :by::interval
     WHERE id = :id`,
    { by: `${ms} milliseconds`, id: channel.channelId },
  );
}

function step() {
  const { workspaceId, channelId } = channel;
  const store = new ChannelStore(knex, testSecretKey);
  const deps = {
    knex,
    openAlertChannel: async () =>
      openAlertChannel(await store.connection(workspaceId, channelId), loopbackGuard),
    messageLinks: () => null,
    deliveryPace,
    deliveryWatcher: { tried: () => undefined, failed: () => undefined, switchedOff: () => undefined },
    log: { warn: () => undefined },
  } as unknown as ActivityDeps;
  return inActivity('deliverNext', 0, () => deliverNextActivity(deps)(channel));
}

/** Does what the workflow does, and what happens meanwhile, until nothing is due; when each message arrived, in ms. */
async function deliverWhile(happenings: [atMs: number, what: () => Promise<void>][]): Promise<number[]> {
  const arrivals: number[] = [];
  for (;;) {
    const isDown = clockMs < hourMs;
    inbox.behaviour.change(isDown ? { slack: down, webhook: down } : { slack: null, webhook: null });
    const { state, waitMs } = await step();
    if (state === 'delivered') arrivals.push(clockMs);
    if (state === 'idle') return arrivals;
    let leftMs = waitMs;
    while (happenings[0] && happenings[0][0] <= clockMs + leftMs) {
      const [[atMs, happen]] = happenings.splice(0, 1) as [(typeof happenings)[0]];
      leftMs -= Math.max(0, atMs - clockMs);
      await pass(Math.max(0, atMs - clockMs));
      await happen();
    }
    if (leftMs > 0) await pass(leftMs);
  }
}

const down = { status: 503, text: 'down for maintenance' };

test.each(['slack', 'webhook'] as const)(
  '%s: what happens while a sink is down for an hour arrives once when it is back, of each incident in order',
  async (kind) => {
    const url = kind === 'slack' ? inbox.slackUrl : inbox.webhookUrl;
    channel = await aChannelTo(knex, { kind, url });
    const [first, other, late] = [
      await anIncident('First'),
      await anIncident('Other'),
      await anIncident('Late'),
    ];
    const brief = await anIncident('Brief');
    await raised(first, 'a');
    const arrivals = await deliverWhile([
      [minuteMs, () => raised(other, 'b')],
      // It joins the next message of its cause, and is over before anybody could be told.
      [1.5 * minuteMs, () => raised(brief, 'a')],
      [20 * minuteMs, () => resolved(first, 'a')],
      [30 * minuteMs, () => resolved(brief, 'a')],
      [40 * minuteMs, () => raised(late, 'c')],
      [50 * minuteMs, () => resolved(other, 'b')],
    ]);
    const calls = inbox.book.taken().map(({ raw }) => raw);
    const what = calls.map((raw) => /(First|Other|Late|Brief) (failed|works again)/.exec(raw)?.[0]);
    expect(what).toEqual([
      'First failed',
      'Other failed',
      'First works again',
      'Late failed',
      'Other works again',
    ]);
    // Within ten minutes and their spread of its return, all of them together.
    expect(new Set(arrivals).size).toBe(1);
    expect(arrivals[0]).toBeGreaterThanOrEqual(hourMs);
    expect(arrivals[0]).toBeLessThanOrEqual(hourMs + 11 * minuteMs);
    const deliveries: { id: string; state: string; attempts: number }[] = await knex('alert_deliveries')
      .where({ channel_id: channel.channelId })
      .orderBy('no');
    // Only the first in line was tried while it was down: at 0, 5 and 35 s, 2.5 min, and every ten minutes from then on.
    const tries = deliveries.map(({ state, attempts }) => [state, attempts]);
    expect(tries.slice(1)).toEqual([
      ['delivered', 1],
      ['withdrawn', 0],
      ['delivered', 1],
      ['delivered', 1],
      ['delivered', 1],
    ]);
    const [head] = deliveries;
    const attempts = await attemptsOf(knex, head?.id ?? '');
    expect(attempts.length).toBeGreaterThanOrEqual(10);
    expect(attempts.length).toBeLessThanOrEqual(11);
    expect(attempts.map(({ error }) => error)).toEqual([...attempts.slice(1).map(() => 'HTTP 503'), null]);
    expect(await channelRecord(knex, channel.channelId)).toMatchObject({
      enabled: true,
      failing_since: null,
      delivering_until: null,
    });
  },
);
