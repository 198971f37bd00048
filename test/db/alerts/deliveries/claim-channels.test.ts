// Which channels have something to deliver, and that one worker takes each.
import { claimChannels } from '../../../../db/alerts/deliveries/claim-channels';
import { aChannelTo, aDueDelivery } from '../../../factories/a-channel';
import { aWorkspace } from '../../../factories/a-workspace';
import { answers, DeliveryPlace, leaseMs } from './delivery-place';

const place = DeliveryPlace.forFile();

const claimed = async (): Promise<boolean> =>
  (await claimChannels(place.knex, leaseMs, 1_000)).some(
    ({ channelId }) => channelId === place.channel.channelId,
  );

test('a channel with something due is taken once, by one of many', async () => {
  await aDueDelivery(place.knex, place.channel);
  const taken = await Promise.all([claimed(), claimed(), claimed(), claimed()]);
  expect(taken.filter(Boolean)).toHaveLength(1);
  expect(await claimed()).toBe(false);
});

test('it is taken again when whoever took it is late', async () => {
  await aDueDelivery(place.knex, place.channel);
  await claimed();
  await place
    .knex('alert_channels')
    .where({ id: place.channel.channelId })
    .update({ delivering_until: place.knex.raw(`now() - interval '1 second'`) });
  expect(await claimed()).toBe(true);
});

test('nothing due is nothing to take: not what comes later, not a test, not when it is off', async () => {
  await aDueDelivery(place.knex, place.channel, { dueAt: `now() + interval '1 minute'` });
  await aDueDelivery(place.knex, place.channel, { type: 'channel.test', dueAt: `'infinity'` });
  expect(await claimed()).toBe(false);
  await aDueDelivery(place.knex, place.channel);
  await place.knex('alert_channels').where({ id: place.channel.channelId }).update({ enabled: false });
  expect(await claimed()).toBe(false);
});

test('who finds nothing due lets go, and what comes after that is taken at once', async () => {
  await aDueDelivery(place.knex, place.channel);
  await claimed();
  await place.end(await place.begun(), answers.accepted);
  await place.begin();
  expect(await claimed()).toBe(false);
  await aDueDelivery(place.knex, place.channel);
  expect(await claimed()).toBe(true);
});

test('while a try waits, the channel is kept until a minute after it', async () => {
  await aDueDelivery(place.knex, place.channel);
  await place.end(await place.begun(), { ...answers.trouble, retryAfterMs: 600_000 });
  await place.begin();
  const { rows } = await place.knex.raw<{ rows: { seconds: number }[] }>(
    `SELECT extract(epoch FROM delivering_until - now())::float8 AS seconds FROM alert_channels WHERE id = ?`,
    [place.channel.channelId],
  );
  expect(rows[0]?.seconds).toBeGreaterThan(640);
  expect(rows[0]?.seconds).toBeLessThanOrEqual(660);
});

test('the name and the kind come with it', async () => {
  const { id: workspaceId } = await aWorkspace(place.knex);
  const ops = await aChannelTo(place.knex, {
    workspaceId,
    kind: 'slack',
    name: '#ops',
    url: 'https://hooks.invalid/x',
  });
  await aDueDelivery(place.knex, ops);
  expect(await claimChannels(place.knex, leaseMs, 1_000)).toContainEqual({
    workspaceId,
    channelId: ops.channelId,
    name: '#ops',
    kind: 'slack',
  });
});
