// Deliveries on the real engine: in order, once a sink is back, again when Temporal's own users have ended their workflow,
// and beside runs that know nothing of it.
import { createInbox, type Inbox } from '../../../demo/inbox/create-inbox';
import { hurryChannel } from '../../../db/alerts/deliveries/claim-channels';
import { deliveryPace } from '../../../domain/alerts/delivery-pace';
import type { Reconciler } from '../../../worker/reconciler/reconciler';
import {
  aChannelTo,
  aDueDelivery,
  attemptsOf,
  channelRecord,
  type ChannelOverrides,
  deliveryRecord,
  type MadeChannel,
} from '../../factories/a-channel';
import { aWorkspace } from '../../factories/a-workspace';
import {
  deliverDue,
  deliveryHandle,
  fastPace,
  hourMs,
  keepDelivering,
} from '../../support/engine/delivering';
import { Engine } from '../../support/engine/engine';
import { timelineOf, viewOf } from '../../support/engine/temporal-view';
import { until } from '../../support/until';

let engine: Engine;
let inbox: Inbox;
let watching: Reconciler | null = null;

beforeAll(async () => {
  engine = await Engine.start({ withWorker: false });
  await engine.startWorker({ deliveryPace: fastPace });
  await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'u' || n AS id FROM generate_series(1, 10) n`);
  await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY)`);
});
afterAll(() => engine.close());
beforeEach(async () => {
  inbox = await createInbox();
});
afterEach(async () => {
  await watching?.stop();
  watching = null;
  await inbox.close();
});

const channelOf = (kind: 'slack' | 'webhook', given: ChannelOverrides = {}): Promise<MadeChannel> =>
  aChannelTo(engine.knex, {
    workspaceId: engine.workspaceId,
    kind,
    url: kind === 'slack' ? inbox.slackUrl : inbox.webhookUrl,
    ...given,
  });

/** So many, one after another. */
async function deliveries(channel: MadeChannel, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) ids.push(await aDueDelivery(engine.knex, channel));
  return ids;
}

const stateOf = async (id: string): Promise<string> => (await deliveryRecord(engine.knex, id)).state;
const untilEnded = (ids: readonly string[]): Promise<unknown> =>
  until('all deliveries to end', async () => {
    const states = await Promise.all(ids.map(stateOf));
    return states.every((state) => state !== 'pending');
  });
/** Ids as the inbox took them: of webhooks their header, of Slack what stands in the message's foot. */
const received = (): (string | undefined)[] =>
  inbox.book.taken().map(({ id, raw }) => id ?? /dlv_[0-9a-z]+/.exec(raw)?.[0]);

const aRun = (): Promise<string> =>
  engine.sync({
    sql: 'SELECT * FROM users',
    mapping: [{ column: 'id', field: 'id' }],
    object: { table: 'contacts' },
  });

test.each(['slack', 'webhook'] as const)(
  '%s: what is due is delivered, in order, by one workflow',
  async (kind) => {
    const channel = await channelOf(kind);
    const ids = await deliveries(channel, 4);
    await deliverDue(engine);
    expect(await deliveryHandle(engine, channel.channelId).result()).toEqual({ delivered: 4, failed: 0 });
    expect(received()).toEqual(ids);
    expect(await Promise.all(ids.map(stateOf))).toEqual(ids.map(() => 'delivered'));
    expect(await channelRecord(engine.knex, channel.channelId)).toMatchObject({ delivering_until: null });
  },
);

// Ten minutes between tries are a second here, and the hour is six.
test.each(['slack', 'webhook'] as const)(
  '%s: a sink that is down for an hour gets every message once when it is back, in order, and runs know nothing of it (F8)',
  async (kind) => {
    const channel = await channelOf(kind);
    const sync = await aRun();
    watching = keepDelivering(engine);
    inbox.behaviour.change({ [kind]: { status: 503, text: 'down for maintenance' } });
    const ids = await deliveries(channel, 2);
    const downUntil = Date.now() + hourMs;
    const run = await engine.run(sync);
    ids.push(...(await deliveries(channel, 2)));
    while (Date.now() < downUntil) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(received()).toEqual([]);
    expect(await channelRecord(engine.knex, channel.channelId)).toMatchObject({
      enabled: true,
      failing_since: expect.any(Date),
    });
    inbox.behaviour.change({ [kind]: null });
    await untilEnded(ids);
    expect(received()).toEqual(ids);
    expect(run).toMatchObject({ status: 'completed', rows_created: expect.any(Number) });
    expect(await engine.record(run.id)).toEqual(run);
    const tries = await attemptsOf(engine.knex, ids[0] as string);
    expect(tries.length).toBeGreaterThan(3);
    expect(tries.at(-1)).toMatchObject({ error: null });
    // Those behind it were not tried while it could not be delivered.
    expect(await attemptsOf(engine.knex, ids[1] as string)).toHaveLength(1);
    expect(await channelRecord(engine.knex, channel.channelId)).toMatchObject({ failing_since: null });
  },
  40_000,
);

test('a sink that is not there at all is waited for as well', async () => {
  const channel = await channelOf('webhook');
  const { port } = inbox;
  await inbox.close();
  const [id = ''] = await deliveries(channel, 1);
  watching = keepDelivering(engine);
  await until('some tries', async () => (await attemptsOf(engine.knex, id)).length > 2);
  inbox = await createInbox({ port });
  await untilEnded([id]);
  expect(received()).toEqual([id]);
  expect((await attemptsOf(engine.knex, id))[0]).toMatchObject({
    error: 'connection refused',
    http_status: null,
  });
});

test('a message that nobody takes for a day is given up, and the next one goes', async () => {
  const channel = await channelOf('webhook');
  inbox.behaviour.change({ webhook: { status: 500, text: 'no' } });
  const lost = await aDueDelivery(engine.knex, channel, { giveUpAt: `now() + interval '1 second'` });
  const next = await aDueDelivery(engine.knex, channel);
  watching = keepDelivering(engine);
  await untilEnded([lost]);
  inbox.behaviour.change({ webhook: null });
  await untilEnded([next]);
  expect([await stateOf(lost), await stateOf(next)]).toEqual(['failed', 'delivered']);
});

test('a channel that hangs holds up neither other channels nor runs', async () => {
  const [hanging, other] = [await createInbox(), await channelOf('webhook')];
  try {
    const stuck = await channelOf('webhook', { url: hanging.webhookUrl });
    hanging.behaviour.change({ hang: 'before' });
    const [behind] = [await deliveries(stuck, 1), await deliveries(other, 1)];
    watching = keepDelivering(engine);
    await until('the call that hangs', () => hanging.behaviour.waitingCalls > 0);
    const sync = await aRun();
    expect(await engine.run(sync)).toMatchObject({ status: 'completed' });
    await until('the other one', () => received().length > 0);
    expect(hanging.behaviour.waitingCalls).toBe(1);
    hanging.behaviour.change({ hang: null });
    await untilEnded(behind);
    expect(hanging.book.taken()).toHaveLength(1);
  } finally {
    await hanging.close();
  }
});

test('nor do two dozen of them', async () => {
  const hanging = await createInbox();
  // Of their own: no other test has anything to tell there.
  const { id: workspaceId } = await aWorkspace(engine.knex);
  try {
    hanging.behaviour.change({ hang: 'before' });
    const behind = await Promise.all(
      Array.from({ length: 24 }, async () => {
        const stuck = await channelOf('webhook', { workspaceId, url: hanging.webhookUrl });
        return aDueDelivery(engine.knex, stuck);
      }),
    );
    watching = keepDelivering(engine);
    // None of them has given its call up: each has ten seconds.
    await until('all the calls that hang', () => hanging.behaviour.waitingCalls === 24);
    const [id = ''] = await deliveries(await channelOf('webhook'), 1);
    await until('the other one', () => received().includes(id));
    hanging.behaviour.change({ hang: null });
    await untilEnded(behind);
  } finally {
    await hanging.close();
  }
});

test('a channel that is gone is switched off, and the next one tells', async () => {
  const [gone, other] = [await channelOf('slack', { name: '#ops' }), await channelOf('webhook')];
  inbox.behaviour.change({ slack: { status: 410, text: 'channel_is_archived' } });
  const [first, second] = await deliveries(gone, 2);
  watching = keepDelivering(engine);
  await until('the notice', () => received().length > 0);
  expect(inbox.book.taken()[0]?.body).toMatchObject({
    type: 'channel.disabled.v1',
    data: {
      summary: 'The alert channel #ops was switched off: channel_is_archived: its channel is archived',
      channel: { id: gone.channelId, name: '#ops' },
    },
  });
  expect([await stateOf(first ?? ''), await stateOf(second ?? '')]).toEqual(['failed', 'withdrawn']);
  expect(await channelRecord(engine.knex, gone.channelId)).toMatchObject({ enabled: false });
  expect(await channelRecord(engine.knex, other.channelId)).toMatchObject({ enabled: true });
});

describe('in Temporal', () => {
  /** A delivery whose workflow waits for its second try. */
  async function waiting(): Promise<{ channel: MadeChannel; id: string }> {
    const channel = await channelOf('webhook', { name: `#ops of ${Date.now()}` });
    inbox.behaviour.change({ webhook: { status: 503, text: 'busy', headers: { 'retry-after': '3600' } } });
    const [id = ''] = await deliveries(channel, 1);
    await deliverDue(engine);
    await until('it to wait', async () =>
      (await timelineOf(engine, `alert-delivery/${channel.channelId}`)).some(({ what }) => what === 'timer'),
    );
    return { channel, id };
  }

  test('a channel has a line, its tries and its waits can be seen, and nothing else', async () => {
    const { channel, id } = await waiting();
    const workflowId = `alert-delivery/${channel.channelId}`;
    const seen = await viewOf(engine, workflowId);
    expect(seen).toMatchObject({
      status: 'RUNNING',
      summary: `Deliver alerts to ${channel.name} (webhook)`,
      now: expect.stringMatching(/^0 delivered, 0 failed; the next try is at \S+: HTTP 503$/),
    });
    expect(await timelineOf(engine, workflowId)).toEqual([
      { what: 'deliverNext', summary: 'Deliver the next message' },
      { what: 'timer', summary: 'Waiting after try 1: HTTP 503' },
    ]);
    inbox.behaviour.change({ webhook: null });
    await untilEnded([id]);
    await deliveryHandle(engine, channel.channelId).result();
    expect(await viewOf(engine, workflowId)).toMatchObject({ status: 'COMPLETED' });
  });

  test.each(['terminate', 'cancel'] as const)('%s: it is started again, and nothing is lost', async (act) => {
    const { channel, id } = await waiting();
    const handle = deliveryHandle(engine, channel.channelId);
    const first = (await handle.describe()).runId;
    await (act === 'terminate' ? handle.terminate('by an operator') : handle.cancel());
    await until('it to have ended', async () => (await handle.describe()).status.name !== 'RUNNING');
    inbox.behaviour.change({ webhook: null });
    watching = keepDelivering(engine);
    await untilEnded([id]);
    expect(received()).toEqual([id]);
    expect((await handle.describe()).runId).not.toBe(first);
  });

  test('one that is ended in the middle of a call is started again, and the message keeps its id', async () => {
    const channel = await channelOf('webhook');
    inbox.behaviour.change({ hang: 'after' });
    const [id = ''] = await deliveries(channel, 1);
    watching = keepDelivering(engine);
    await until('the call', () => inbox.behaviour.waitingCalls > 0);
    await deliveryHandle(engine, channel.channelId).terminate('by an operator');
    inbox.behaviour.change({ hang: null });
    await untilEnded([id]);
    expect(new Set(received())).toEqual(new Set([id]));
  });

  test('a signal from anybody does no harm', async () => {
    const { channel, id } = await waiting();
    const handle = deliveryHandle(engine, channel.channelId);
    for (let sent = 0; sent < 5; sent += 1) await handle.signal('due');
    expect(await attemptsOf(engine.knex, id)).toHaveLength(1);
    inbox.behaviour.change({ webhook: null });
    await untilEnded([id]);
    expect(received()).toEqual([id]);
  });

  test('started by hand, without an input, it ends', async () => {
    const { taskQueue, client } = engine;
    const handle = await client.workflow.start('deliverAlerts', {
      taskQueue,
      workflowId: `by-hand-${taskQueue}`,
    });
    await expect(handle.result()).rejects.toThrow('Workflow execution failed');
  });
});

describe('at the pace of the product', () => {
  let calm: Engine;
  beforeAll(async () => {
    calm = await Engine.start();
  });
  afterAll(() => calm.close());

  test('a channel that is different now need not wait for its next try', async () => {
    const channel = await aChannelTo(calm.knex, { workspaceId: calm.workspaceId, url: inbox.webhookUrl });
    inbox.behaviour.change({ webhook: { status: 503, text: '', headers: { 'retry-after': '3000' } } });
    const id = await aDueDelivery(calm.knex, channel);
    await deliverDue(calm, deliveryPace);
    await until('the first try', async () => (await deliveryRecord(calm.knex, id)).next_attempt_at !== null);
    inbox.behaviour.change({ webhook: null });
    await calm.knex.transaction((trx) => hurryChannel(trx, channel.channelId));
    await deliverDue(calm, deliveryPace);
    await until(
      'it to be delivered',
      async () => (await deliveryRecord(calm.knex, id)).state === 'delivered',
    );
    expect(received()).toEqual([id]);
  });
});
