// Owns the proof that the README's blocks about alerts work: pasted after those of "Your own data", with an inbox for Slack.
import { createInbox, type Inbox } from '../../demo/inbox/create-inbox';
import { Bell } from '../../worker/reconciler/bell';
import { judgeWatch } from '../../worker/alerts/judge-watch';
import { type Reconciler, startReconciler } from '../../worker/reconciler/reconciler';
import { keepDelivering } from '../support/engine/delivering';
import { until } from '../support/until';
import { functionsOf, readmeBlock, ReadmePlace } from './readme-place';

let place: ReadmePlace;
let inbox: Inbox;
let watching: Reconciler[];

beforeAll(async () => {
  [place, inbox] = await Promise.all([ReadmePlace.start(), createInbox()]);
  const { knex } = place.engine;
  const log = { warn: () => undefined, error: () => undefined };
  const judging = { ...judgeWatch(knex, log, { closed: new Bell(), told: new Bell() }), everyMs: 50 };
  watching = [startReconciler([judging], log), keepDelivering(place.engine)];
});
afterAll(async () => {
  await Promise.all(watching.map((each) => each.stop()));
  await Promise.all([inbox.close(), place.close()]);
});

test("the README's calls make a channel that hears of a sync, and somebody is at it", async () => {
  const create = readmeBlock('own-data: create');
  const schedule = readmeBlock('own-data: schedule');
  const set = await place.paste(
    [
      create,
      schedule.slice(0, schedule.indexOf('put "')),
      readmeBlock('alerts: channel'),
      readmeBlock('alerts: rule'),
      readmeBlock('own-data: run'),
      'echo "$SYNC_ID $CHANNEL_ID"',
    ].join('\n'),
    { SLACK_URL: inbox.slackUrl },
  );
  const [tested = '', rule = '', , , ids = ''] = set.trim().split('\n');
  const [syncId, channelId] = ids.split(' ');
  expect(JSON.parse(tested)).toMatchObject({ ok: true, http_status: 200, answer: 'ok' });
  expect(JSON.parse(rule)).toMatchObject({
    kind: 'error_rate',
    settings: { threshold: 0.05, min_rows: 1 },
    channel_ids: [channelId],
    source: 'sync',
  });

  await until('the message', () => inbox.book.taken().length > 1);
  const texts = inbox.book.taken().map(({ body }) => (body as { text: string }).text);
  expect(texts[1]).toContain('Customers to contacts: 33.33 % of the rows failed (1 of 3), more than 5 %');

  const acted = await place.paste(`${functionsOf(create)}\n${readmeBlock('alerts: act')}`);
  const [open = '', alertId, deliveries = ''] = acted.trim().split('\n');
  expect(JSON.parse(open).data).toMatchObject([
    { id: alertId, kind: 'error_rate', state: 'open', sync: { id: syncId }, occurrences: 1 },
  ]);
  expect(JSON.parse(deliveries).data).toMatchObject([
    { channel: { id: channelId, name: 'Data on call' }, type: 'alert.raised', state: 'delivered' },
  ]);
  const [shown] = (await place.paste(`${functionsOf(create)}\nget alerts/${alertId}`)).split('\n');
  expect(JSON.parse(shown ?? '')).toMatchObject({
    state: 'acknowledged',
    events: [{ type: 'opened' }, { type: 'acknowledged', detail: { note: expect.any(String) } }],
  });
});
