// Secrets of alert channels with a mark in them go through good deliveries and bad ones; then everything that was written
// anywhere is searched for the mark (S6).
import { createInbox, type Inbox } from '../../demo/inbox/create-inbox';
import { writeTestDelivery } from '../../db/alerts/test-delivery';
import { temporalInspector } from '../../api/configuration/inspector';
import { aChannelTo, aDueDelivery, attemptsOf, deliveryRecord } from '../factories/a-channel';
import { fastPace, keepDelivering } from '../support/engine/delivering';
import { Engine } from '../support/engine/engine';
import { httpStub, type HttpStub } from '../support/outside/http-stub';
import { tablesWith } from '../support/tables-with';
import { textOf } from '../support/text-of';
import { until } from '../support/until';

// Of letters alone, so that no escaping hides one; and fit for base64.
const mark = 'CanarySecretQzXwCanaryQzXw';
const signing = `whsec_${mark}${mark}`;

let engine: Engine;
let inbox: Inbox;
/** Repeats whatever it was sent. */
let echo: HttpStub;
let logged = '';
const deliveries: string[] = [];

beforeAll(async () => {
  engine = await Engine.start({ withWorker: false });
  await engine.startWorker({
    deliveryPace: fastPace,
    log: { warn: (fields: unknown, message: unknown) => void (logged += JSON.stringify([fields, message])) },
  });
  inbox = await createInbox();
  echo = await httpStub((call, response) =>
    response
      .writeHead(call.path.includes('gone') ? 410 : 500)
      .end(`${call.path} ${JSON.stringify(call.headers)} ${call.body.toString()} ${signing}`),
  );
});
afterAll(async () => {
  await engine.close();
  await Promise.all([inbox.close(), echo.close()]);
});

test('secrets go through all kinds of deliveries', async () => {
  const { knex, workspaceId } = engine;
  const at = (url: string): string => url.replace('://', `://user:${mark}@`);
  const channels = [
    await aChannelTo(knex, {
      workspaceId,
      kind: 'slack',
      url: `${inbox.url}/services/${mark}/${mark}/${mark}`,
    }),
    await aChannelTo(knex, {
      workspaceId,
      kind: 'slack',
      url: `${echo.url}/services/${mark}/${mark}/${mark}`,
    }),
    await aChannelTo(knex, { workspaceId, url: `${at(inbox.webhookUrl)}?key=${mark}`, secret: signing }),
    await aChannelTo(knex, { workspaceId, url: `${at(echo.url)}/in?key=${mark}`, secret: signing }),
    await aChannelTo(knex, { workspaceId, url: `${at(echo.url)}/gone?key=${mark}`, secret: signing }),
    await aChannelTo(knex, { workspaceId, url: `http://user:${mark}@127.0.0.1:1/${mark}`, secret: signing }),
  ];
  for (const { channelId } of channels)
    await knex('alert_channels').where({ id: channelId }).update({ config: '{}' });
  for (const channel of channels)
    deliveries.push(await aDueDelivery(knex, channel, { giveUpAt: `now() + interval '2 seconds'` }));
  const watching = keepDelivering(engine);
  const inspector = temporalInspector(engine.client, { taskQueue: engine.taskQueue, limitMs: 20_000 });
  for (const channel of channels) {
    const deliveryId = await writeTestDelivery(knex, channel);
    await inspector.inspect({ what: 'channel', workspaceId, deliveryId });
    deliveries.push(deliveryId);
  }
  await until('all to end', async () => {
    const records = await Promise.all(deliveries.map((id) => deliveryRecord(knex, id)));
    return records.every(({ state }) => state !== 'pending');
  });
  await watching.stop();
  const attempts = await Promise.all(deliveries.map((id) => attemptsOf(knex, id)));
  // That the answers were kept, and were what was sent.
  expect(attempts.flat().filter(({ answer }) => answer?.includes('[secret]')).length).toBeGreaterThan(3);
  expect(inbox.book.taken().length).toBeGreaterThan(3);
});

test('none stands in the database in clear', async () => {
  expect(await tablesWith(engine.knex, mark)).toEqual([]);
});

test('none stands in what Temporal keeps', async () => {
  let histories = 0;
  await until('Temporal to list them', async () => {
    histories = 0;
    for await (const _ of engine.client.workflow.list({ query: `TaskQueue = '${engine.taskQueue}'` }))
      histories += 1;
    return histories >= deliveries.length;
  });
  for await (const found of engine.client.workflow.list({ query: `TaskQueue = '${engine.taskQueue}'` })) {
    const handle = engine.client.workflow.getHandle(found.workflowId, found.runId);
    for (const event of (await handle.fetchHistory()).events ?? []) expect(textOf(event)).not.toContain(mark);
  }
});

test('none stands in a log', () => {
  expect(logged).toContain('an alert channel was switched off');
  expect(logged).not.toContain(mark);
});
