import { createInbox, type Inbox } from '../../../demo/inbox/create-inbox';
import { aChannelTo, aDueDelivery, deliveryRecord, type MadeChannel } from '../../factories/a-channel';
import { deliverDue, deliveryHandle, fastPace } from '../../support/engine/delivering';
import { Engine } from '../../support/engine/engine';
import { longHistory } from '../../support/engine/long-history';
import { keepHistory, type NamedHistory, replay } from '../../support/engine/replay';
import { timelineOf } from '../../support/engine/temporal-view';
import { until } from '../../support/until';

// As capture-histories does for runs, under CAPTURE_HISTORIES=1 too.
describe('histories of deliveries just made', () => {
  let engine: Engine;
  let inboxes: Inbox[];
  beforeAll(async () => {
    engine = await Engine.start({ withWorker: false });
    await engine.startWorker({ deliveryPace: fastPace });
    inboxes = await Promise.all([createInbox(), createInbox(), createInbox(), createInbox()]);
  });
  afterAll(() => Promise.all([engine.close(), ...inboxes.map((each) => each.close())]));

  const down = { status: 503, text: 'busy', headers: { 'retry-after': '3600' } };

  async function started({ webhookUrl: url }: Inbox): Promise<{ channel: MadeChannel; ids: string[] }> {
    const channel = await aChannelTo(engine.knex, { workspaceId: engine.workspaceId, url });
    const ids = [await aDueDelivery(engine.knex, channel), await aDueDelivery(engine.knex, channel)];
    await deliverDue(engine);
    return { channel, ids };
  }

  const ended = ({ ids }: { ids: string[] }) =>
    until('all to be delivered', async () => {
      const records = await Promise.all(ids.map((id) => deliveryRecord(engine.knex, id)));
      return records.every(({ state }) => state === 'delivered');
    });

  async function waiting(inbox: Inbox): Promise<{ channel: MadeChannel; ids: string[] }> {
    inbox.behaviour.change({ webhook: down });
    const made = await started(inbox);
    const { workflowId } = deliveryHandle(engine, made.channel.channelId);
    await until('it to wait', async () => {
      // Whoever has claimed it, one of those beside this one too, may be on the way to its start.
      const bars = await timelineOf(engine, workflowId).catch(() => []);
      return bars.some(({ what }) => what === 'timer');
    });
    return made;
  }

  async function historyOf(name: string, { channel }: { channel: MadeChannel }): Promise<NamedHistory> {
    const handle = deliveryHandle(engine, channel.channelId);
    await handle.result().catch(() => undefined);
    return { name, history: await handle.fetchHistory() };
  }

  async function delivered(inbox: Inbox): Promise<NamedHistory[]> {
    return [await historyOf('delivered', await started(inbox))];
  }

  async function waited(inbox: Inbox): Promise<NamedHistory[]> {
    const made = await waiting(inbox);
    inbox.behaviour.change({ webhook: null });
    await deliveryHandle(engine, made.channel.channelId).signal('due');
    await ended(made);
    return [await historyOf('delivery_waited', made)];
  }

  async function cancelled(inbox: Inbox): Promise<NamedHistory[]> {
    const made = await waiting(inbox);
    await deliveryHandle(engine, made.channel.channelId).cancel();
    return [await historyOf('delivery_cancelled', made)];
  }

  async function long(inbox: Inbox): Promise<NamedHistory[]> {
    const made = await waiting(inbox);
    const handle = deliveryHandle(engine, made.channel.channelId);
    const first = (await handle.describe()).runId;
    // 4 MB are the server's limit for its advice to carry on in a new execution.
    for (let sent = 0; sent < 5; sent += 1) await handle.signal('due', 'x'.repeat(1_000_000));
    await until('the new execution', async () => (await handle.describe()).runId !== first);
    inbox.behaviour.change({ webhook: null });
    await ended(made);
    expect(await handle.result()).toEqual({ delivered: 2, failed: 0 });
    return [
      await historyOf('delivery_carried_on', made),
      { name: 'delivery_continued_as_new', history: await longHistory(engine, handle.workflowId, first) },
    ];
  }

  test('fit the workflow that made them', async () => {
    const [one, two, three, four] = inboxes as [Inbox, Inbox, Inbox, Inbox];
    const histories = (await Promise.all([delivered(one), waited(two), cancelled(three), long(four)])).flat();
    expect(await replay(histories)).toEqual(Object.fromEntries(histories.map(({ name }) => [name, null])));
    if (process.env['CAPTURE_HISTORIES'] === '1') for (const history of histories) keepHistory(history);
  }, 90_000);
});
