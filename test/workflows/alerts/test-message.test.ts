// The test message of a channel, sent through a worker as the API asks for it: once, and with what was answered written down.
import { temporalInspector } from '../../../api/configuration/inspector';
import { writeTestDelivery } from '../../../db/alerts/test-delivery';
import { createInbox, type Inbox } from '../../../demo/inbox/create-inbox';
import { aChannelTo, attemptsOf, channelRecord, deliveryRecord } from '../../factories/a-channel';
import { Engine } from '../../support/engine/engine';

let engine: Engine;
let inbox: Inbox;

beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.close());
beforeEach(async () => {
  inbox = await createInbox();
});
afterEach(() => inbox.close());

async function sent(
  kind: 'slack' | 'webhook',
  prepare: (channelId: string) => Promise<unknown> = async () => null,
) {
  const channel = await aChannelTo(engine.knex, {
    workspaceId: engine.workspaceId,
    kind,
    url: kind === 'slack' ? inbox.slackUrl : inbox.webhookUrl,
  });
  await prepare(channel.channelId);
  const deliveryId = await writeTestDelivery(engine.knex, channel);
  const inspector = temporalInspector(engine.client, { taskQueue: engine.taskQueue, limitMs: 20_000 });
  const { workspaceId } = channel;
  const { ok, checks } = await inspector.inspect({ what: 'channel', workspaceId, deliveryId });
  return { ok, detail: checks[0]?.detail, deliveryId, channelId: channel.channelId };
}

test.each(['slack', 'webhook'] as const)('%s: a test that is taken', async (kind) => {
  const { ok, detail, deliveryId } = await sent(kind);
  expect([ok, detail]).toEqual([true, 'The channel has taken the message']);
  expect(inbox.book.taken()).toHaveLength(1);
  expect(await deliveryRecord(engine.knex, deliveryId)).toMatchObject({ state: 'delivered' });
});

test('one that is refused says why, is not tried again, and switches nothing off', async () => {
  inbox.behaviour.change({ slack: { status: 404, text: 'no_service' } });
  const { ok, detail, deliveryId, channelId } = await sent('slack');
  expect([ok, detail]).toEqual([false, 'no_service: its webhook was removed or disabled']);
  expect(await deliveryRecord(engine.knex, deliveryId)).toMatchObject({ state: 'failed' });
  expect(await attemptsOf(engine.knex, deliveryId)).toMatchObject([
    { http_status: 404, answer: 'no_service' },
  ]);
  expect(await channelRecord(engine.knex, channelId)).toMatchObject({ enabled: true });
});

test('a channel that is switched off can be tested', async () => {
  const { ok } = await sent('webhook', (id) =>
    engine.knex('alert_channels').where({ id }).update({ enabled: false }),
  );
  expect(ok).toBe(true);
});

test('what was answered goes past Temporal', async () => {
  inbox.behaviour.change({ webhook: { status: 500, text: 'MarkInTheAnswer' } });
  const { deliveryId } = await sent('webhook');
  expect(await attemptsOf(engine.knex, deliveryId)).toMatchObject([{ answer: 'MarkInTheAnswer' }]);
  for await (const { workflowId } of engine.client.workflow.list({
    query: `TaskQueue = '${engine.taskQueue}'`,
  })) {
    const { events } = await engine.client.workflow.getHandle(workflowId).fetchHistory();
    const text = Buffer.from(JSON.stringify(events)).toString();
    expect(text).not.toContain(Buffer.from('MarkInTheAnswer').toString('base64'));
    expect(text).not.toContain('MarkInTheAnswer');
  }
});
