// What a channel is sent next, in which order, and that a try is written down before it is made.
import { beginDelivery } from '../../../../db/alerts/deliveries/begin-delivery';
import type { LinksOfRun } from '../../../../db/alerts/deliveries/compose-message';
import { aDueDelivery, aDeliveryOf, attemptsOf, deliveryRecord } from '../../../factories/a-channel';
import { runFacts } from '../../../factories/a-message';
import { aRun } from '../../../factories/a-run';
import { aSync } from '../../../factories/a-sync';
import { answers, DeliveryPlace, leaseMs } from './delivery-place';

const place = DeliveryPlace.forFile();

test('messages go in the order in which they were made, one after another', async () => {
  const ids = [
    await aDueDelivery(place.knex, place.channel),
    await aDueDelivery(place.knex, place.channel),
    await aDueDelivery(place.knex, place.channel),
  ];
  const sent: string[] = [];
  for (let one = 0; one < 3; one += 1) {
    const next = await place.begun();
    sent.push(next.deliveryId);
    expect(await place.end(next, answers.accepted)).toMatchObject({ state: 'delivered', waitMs: 0 });
  }
  expect(sent).toEqual(ids);
  expect(await place.begin()).toEqual({ state: 'idle' });
});

test('one that waits for its next try holds up those behind it', async () => {
  const [first, second] = [
    await aDueDelivery(place.knex, place.channel),
    await aDueDelivery(place.knex, place.channel),
  ];
  await place.end(await place.begun(), answers.trouble);
  expect(await place.begin()).toMatchObject({ state: 'waiting', waitMs: expect.any(Number) });
  await place.later(first, '1 minute');
  expect((await place.begun()).deliveryId).toBe(first);
  expect(await deliveryRecord(place.knex, second)).toMatchObject({ state: 'pending', attempts: 0 });
});

test('what is not due yet holds up nobody', async () => {
  await aDueDelivery(place.knex, place.channel, { dueAt: `now() + interval '2 minutes'` });
  const due = await aDueDelivery(place.knex, place.channel);
  expect((await place.begun()).deliveryId).toBe(due);
});

test('a test is nobody’s next', async () => {
  await aDueDelivery(place.knex, place.channel, { type: 'channel.test', dueAt: `'infinity'` });
  expect(await place.begin()).toEqual({ state: 'idle' });
});

test.each(['enabled = false', 'deleted_at = now(), secrets_sealed = NULL'])(
  'a channel with %s is sent nothing',
  async (how) => {
    await aDueDelivery(place.knex, place.channel);
    await place.knex.raw(`UPDATE alert_channels SET ${how} WHERE id = ?`, [place.channel.channelId]);
    expect(await place.begin()).toEqual({ state: 'idle' });
  },
);

test('the message is written at the first try, and is the same at all others', async () => {
  const id = await aDeliveryOf(place.knex, place.channel, [
    { openedAt: '2025-01-15T09:00:01.000Z', sentence: 'second' },
    { openedAt: '2025-01-15T09:00:00.000Z', sentence: 'first' },
  ]);
  const first = await place.begun();
  expect(first.message).toMatchObject({ id, alertCount: 2, type: 'alert.raised' });
  expect(first.message.alerts.map(({ sentence }) => sentence)).toEqual(['first', 'second']);
  expect(await deliveryRecord(place.knex, id)).toMatchObject({ gathers: false, attempts: 1 });
  await place.end(first, answers.trouble);
  await place.knex('alert_delivery_alerts').where({ delivery_id: id }).update({ told: '{}' });
  await place.later(id, '1 minute');
  const second = await place.begun();
  expect(second.message).toEqual(first.message);
  expect(second.attempt).toBe(2);
});

test('of many alerts the first twenty are named, and all are counted', async () => {
  await aDeliveryOf(
    place.knex,
    place.channel,
    Array.from({ length: 21 }, (_, at) => ({ sentence: `${at}` })),
  );
  const { message } = await place.begun();
  expect([message.alerts.length, message.alertCount]).toEqual([20, 21]);
});

test('one that nothing is left of is passed over', async () => {
  const empty = await aDeliveryOf(place.knex, place.channel, []);
  const next = await aDueDelivery(place.knex, place.channel);
  expect((await place.begun()).deliveryId).toBe(next);
  expect(await deliveryRecord(place.knex, empty)).toMatchObject({ state: 'withdrawn', gathers: false });
});

/** What it was asked with, as links. */
const linksOf: LinksOfRun = ({ syncId, runId, execution }) => ({
  run: `${syncId}/${runId}`,
  errors: 'errors',
  temporal: execution && `${execution.workflowId}/${execution.runId}`,
});

async function begunWithLinks() {
  const next = await beginDelivery(place.knex, place.channel, linksOf, leaseMs);
  return next.state === 'begun' ? next.message : null;
}

test('links lead to the run of each alert, and to what Temporal has of it', async () => {
  const sync = await aSync(place.knex, { workspaceId: place.channel.workspaceId });
  const run = await aRun(place.knex, { sync });
  await aDeliveryOf(place.knex, place.channel, [
    { openedAt: '2025-01-15T09:00:00.000Z', run: runFacts({ id: run.id }) },
    // Its row is gone by now.
    { openedAt: '2025-01-15T09:00:01.000Z', run: runFacts({ id: 'run_gone' }) },
    { openedAt: '2025-01-15T09:00:02.000Z', run: null },
  ]);
  const { alerts } = (await begunWithLinks()) ?? { alerts: [] };
  expect(alerts.map(({ links }) => links?.temporal)).toEqual([
    `${run.id}/0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001`,
    null,
    undefined,
  ]);
  expect(alerts.map(({ links, sync }) => links?.run.replace(sync.id, 'sync'))).toEqual([
    `sync/${run.id}`,
    'sync/run_gone',
    undefined,
  ]);
});

test('of an alert that a run has ended there are links to that one, too', async () => {
  const sync = await aSync(place.knex, { workspaceId: place.channel.workspaceId });
  const [failed, completed] = [await aRun(place.knex, { sync }), await aRun(place.knex, { sync })];
  await aDeliveryOf(place.knex, place.channel, [
    { run: runFacts({ id: failed.id }), resolvedRun: runFacts({ id: completed.id }) },
  ]);
  const [alert] = (await begunWithLinks())?.alerts ?? [];
  expect([alert?.links, alert?.resolvedLinks]).toMatchObject(
    [failed, completed].map(({ id }) => ({
      run: expect.stringContaining(id),
      temporal: `${id}/0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001`,
    })),
  );
});

describe('a message about a run', () => {
  async function aNoticeOf(runId: string): Promise<string> {
    const id = await aDueDelivery(place.knex, place.channel, { type: 'sync_run.completed' });
    await place.knex('alert_deliveries').where({ id }).update({ content: null, run_id: runId });
    return id;
  }

  test('has its facts, as they are when it is first sent', async () => {
    const sync = await aSync(place.knex, { workspaceId: place.channel.workspaceId });
    const run = await aRun(place.knex, { sync });
    const id = await aNoticeOf(run.id);
    expect(await begunWithLinks()).toMatchObject({
      id,
      type: 'sync_run.completed',
      alerts: [],
      alertCount: 0,
      run: {
        id: run.id,
        sync: { id: sync.id, name: sync.name },
        status: 'completed',
        outcome: 'with_row_errors',
        trigger: 'schedule',
        durationMs: 263_000,
        rowsProcessed: 15_432,
        rowsCreated: 1_205,
        rowsUpdated: 13_891,
        rowsFailed: 336,
        failure: null,
        links: { run: `${sync.id}/${run.id}` },
      },
    });
  });

  test('that is gone by then is not sent', async () => {
    // Of another workspace: as good as gone.
    const id = await aNoticeOf((await aRun(place.knex)).id);
    expect(await place.begin()).toEqual({ state: 'idle' });
    expect(await deliveryRecord(place.knex, id)).toMatchObject({
      state: 'withdrawn',
      error: 'What it was about is gone.',
    });
  });
});

test('a try is written down before it is made', async () => {
  const id = await aDueDelivery(place.knex, place.channel);
  await place.begun();
  expect(await attemptsOf(place.knex, id)).toEqual([
    { attempt: 1, duration_ms: null, http_status: null, error: null, answer: null },
  ]);
  // Whoever made it died: it is made again, under the same id and another number.
  expect(await place.begun()).toMatchObject({ deliveryId: id, attempt: 2, message: { id } });
});
