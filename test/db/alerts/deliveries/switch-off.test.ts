// What answers mean for their channel: failing, and switched off, which the others tell.
import { deliveryPace } from '../../../../domain/alerts/delivery-pace';
import { aChannelTo, aDueDelivery, channelRecord, deliveryRecord } from '../../../factories/a-channel';
import { answers, DeliveryPlace } from './delivery-place';

const place = DeliveryPlace.forFile();

test('a channel is failing since the first message that was not taken, until one is', async () => {
  await aDueDelivery(place.knex, place.channel);
  await place.end(
    await place.begun(),
    { ...answers.trouble, retryAfterMs: 0 },
    { ...deliveryPace, waitsMs: [0] },
  );
  const { failing_since: since } = await channelRecord(place.knex, place.channel.channelId);
  expect(since).toBeInstanceOf(Date);
  await place.end(await place.begun(), answers.trouble, { ...deliveryPace, waitsMs: [0] });
  expect((await channelRecord(place.knex, place.channel.channelId)).failing_since).toEqual(since);
  await place.end(await place.begun(), answers.accepted);
  expect((await channelRecord(place.knex, place.channel.channelId)).failing_since).toBeNull();
});

test('a channel that is gone is switched off at once, what was to come is taken back, and the others tell', async () => {
  const { workspaceId } = place.channel;
  const others = [
    await aChannelTo(place.knex, { workspaceId }),
    await aChannelTo(place.knex, { workspaceId }),
  ];
  const off = await aChannelTo(place.knex, { workspaceId });
  await place.knex('alert_channels').where({ id: off.channelId }).update({ enabled: false });
  const elsewhere = await aChannelTo(place.knex);
  const [id, behind] = [
    await aDueDelivery(place.knex, place.channel),
    await aDueDelivery(place.knex, place.channel),
  ];
  expect(await place.end(await place.begun(), answers.gone)).toMatchObject({
    state: 'failed',
    switchedOff: 'no_service: removed',
  });
  expect(await channelRecord(place.knex, place.channel.channelId)).toMatchObject({
    enabled: false,
    disabled_at: expect.any(Date),
    disabled_reason: 'no_service: removed',
    delivering_until: null,
  });
  expect(await deliveryRecord(place.knex, id)).toMatchObject({ state: 'failed' });
  expect(await deliveryRecord(place.knex, behind)).toMatchObject({
    state: 'withdrawn',
    error: 'The channel was switched off.',
  });
  for (const other of others) {
    const { message, deliveryId } = await place.begun(other);
    expect(message).toMatchObject({
      id: deliveryId,
      type: 'channel.disabled',
      channel: { id: place.channel.channelId, name: place.channel.name, reason: 'no_service: removed' },
    });
  }
  expect([await place.begin(off), await place.begin(elsewhere)]).toEqual([
    { state: 'idle' },
    { state: 'idle' },
  ]);
});

test.each([
  ['3 days', true],
  ['2 days 23 hours 59 minutes', false],
])(
  'a channel that has taken nothing for %s when a message is given up: switched off %s',
  async (failing, isOff) => {
    const id = await aDueDelivery(place.knex, place.channel);
    await place.end(await place.begun(), answers.trouble);
    await place.knex.raw(
      `UPDATE alert_channels SET failing_since = now() - interval '${failing}' WHERE id = ?`,
      [place.channel.channelId],
    );
    await place.knex.raw(
      `UPDATE alert_deliveries SET give_up_at = now(), next_attempt_at = NULL WHERE id = ?`,
      [id],
    );
    const { switchedOff } = await place.end(await place.begun(), answers.trouble);
    expect(switchedOff).toBe(isOff ? 'nothing was accepted for 3 days; last: HTTP 503' : null);
    expect(await channelRecord(place.knex, place.channel.channelId)).toMatchObject({ enabled: !isOff });
  },
);

test('two answers that it is gone switch it off once', async () => {
  const other = await aChannelTo(place.knex, { workspaceId: place.channel.workspaceId });
  await aDueDelivery(place.knex, place.channel);
  const one = await place.begun();
  await Promise.all([place.end(one, answers.gone), place.end(one, answers.gone)]);
  const told = await place.begun(other);
  await place.end(told, answers.accepted);
  expect(await place.begin(other)).toEqual({ state: 'idle' });
});
