// What the answer to a try means for its message and for those behind it.
import { triesWhenRefused } from '../../../../domain/alerts/delivery-pace';
import { aDueDelivery, attemptsOf, channelRecord, deliveryRecord } from '../../../factories/a-channel';
import { answers, DeliveryPlace } from './delivery-place';

const place = DeliveryPlace.forFile();

test('a message that is taken has ended, with its try', async () => {
  const id = await aDueDelivery(place.knex, place.channel);
  await place.end(await place.begun(), answers.accepted);
  expect(await deliveryRecord(place.knex, id)).toMatchObject({
    state: 'delivered',
    error: null,
    ended_at: expect.any(Date),
    next_attempt_at: null,
  });
  expect(await attemptsOf(place.knex, id)).toEqual([
    { attempt: 1, duration_ms: 12, http_status: 204, error: null, answer: null },
  ]);
});

test('trouble is tried again, later and later', async () => {
  const id = await aDueDelivery(place.knex, place.channel);
  const waits: number[] = [];
  for (let tries = 1; tries <= 5; tries += 1) {
    const { state, waitMs } = await place.end(await place.begun(), answers.trouble);
    expect(state).toBe('attempted');
    waits.push(waitMs / 1_000);
    await place.later(id, '11 minutes');
  }
  const [least, most] = [0.9, 1.1].map((by) => [5, 30, 120, 600, 600].map((seconds) => seconds * by));
  for (const [at, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual(least?.[at] ?? 0);
    expect(wait).toBeLessThanOrEqual(most?.[at] ?? 0);
  }
  expect(await attemptsOf(place.knex, id)).toHaveLength(5);
});

test('what the channel asks to wait is waited', async () => {
  await aDueDelivery(place.knex, place.channel);
  expect(await place.end(await place.begun(), { ...answers.trouble, retryAfterMs: 90_000 })).toMatchObject({
    waitMs: 90_000,
  });
  expect(await place.begin()).toMatchObject({ state: 'waiting' });
});

test('after a day it is given up, with a last try at the end, and the next one goes', async () => {
  const [id, behind] = [
    await aDueDelivery(place.knex, place.channel),
    await aDueDelivery(place.knex, place.channel),
  ];
  await place.end(await place.begun(), answers.trouble);
  await place.later(id, '23 hours 59 minutes 58 seconds');
  const { waitMs } = await place.end(await place.begun(), { ...answers.trouble, retryAfterMs: 3_600_000 });
  expect(waitMs).toBeLessThanOrEqual(2_000);
  await place.later(id, '2 seconds');
  expect(await place.end(await place.begun(), answers.trouble)).toMatchObject({
    state: 'failed',
    switchedOff: null,
  });
  expect(await deliveryRecord(place.knex, id)).toMatchObject({ state: 'failed', error: 'HTTP 503' });
  expect((await place.begun()).deliveryId).toBe(behind);
});

test('a refused message has ended, and its channel goes on', async () => {
  const [id, behind] = [
    await aDueDelivery(place.knex, place.channel),
    await aDueDelivery(place.knex, place.channel),
  ];
  expect(await place.end(await place.begun(), answers.refused)).toMatchObject({
    state: 'failed',
    switchedOff: null,
  });
  expect(await deliveryRecord(place.knex, id)).toMatchObject({ state: 'failed', error: 'no_text' });
  expect((await place.begun()).deliveryId).toBe(behind);
  expect(await channelRecord(place.knex, place.channel.channelId)).toMatchObject({ enabled: true });
});

test('one that is refused as such again and again does not hold up the others for a day', async () => {
  const id = await aDueDelivery(place.knex, place.channel);
  const states: string[] = [];
  for (let tries = 0; tries < triesWhenRefused; tries += 1) {
    states.push((await place.end(await place.begun(), answers.aboutMessage)).state);
    await place.later(id, '11 minutes');
  }
  expect(states).toEqual(['attempted', 'attempted', 'attempted', 'failed']);
});

test('a late answer to an overtaken try decides nothing, unless the message was taken', async () => {
  const id = await aDueDelivery(place.knex, place.channel);
  const [lost, present] = [await place.begun(), await place.begun()];
  expect(await place.end(lost, answers.gone)).toMatchObject({ state: 'attempted', switchedOff: null });
  expect(await deliveryRecord(place.knex, id)).toMatchObject({ state: 'pending' });
  expect(await attemptsOf(place.knex, id)).toMatchObject([{ error: 'no_service: removed' }, { error: null }]);
  await place.end(lost, answers.accepted);
  expect(await deliveryRecord(place.knex, id)).toMatchObject({ state: 'delivered' });
  await place.end(present, answers.trouble);
  expect(await deliveryRecord(place.knex, id)).toMatchObject({ state: 'delivered' });
});

test('one that was taken back while it was on its way stays taken back', async () => {
  const id = await aDueDelivery(place.knex, place.channel);
  const one = await place.begun();
  await place
    .knex('alert_deliveries')
    .where({ id })
    .update({ state: 'withdrawn', ended_at: place.knex.fn.now() });
  await place.end(one, answers.accepted);
  expect(await deliveryRecord(place.knex, id)).toMatchObject({ state: 'withdrawn' });
  expect(await attemptsOf(place.knex, id)).toMatchObject([{ http_status: 204 }]);
});
