// What a change of a channel means for what waits there, and for a try that is under way.
import { randomBytes } from 'node:crypto';
import { ChannelStore } from '../../../db/alerts/channel-store';
import { claimChannels } from '../../../db/alerts/deliveries/claim-channels';
import { redeliver } from '../../../db/alerts/redeliver';
import { TokenStore } from '../../../db/configuration/token-store';
import {
  aChannelTo,
  aDueDelivery,
  attemptsOf,
  channelRecord,
  deliveryRecord,
} from '../../factories/a-channel';
import { testSecretKey } from '../../factories/a-workspace';
import { answers, DeliveryPlace, leaseMs } from './deliveries/delivery-place';

const place = DeliveryPlace.forFile();

async function changed(change: { url?: string; enabled?: boolean }): Promise<void> {
  const store = new ChannelStore(place.knex, testSecretKey);
  const { workspaceId, channelId } = place.channel;
  const { revision = 0 } = (await store.find(workspaceId, channelId)) ?? {};
  expect(
    await store.change({ workspaceId, id: channelId, revision }, { ...change, updatedBy: null }),
  ).not.toBeNull();
}

async function rotated(): Promise<void> {
  const { workspaceId, channelId: id } = place.channel;
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const token = await new TokenStore(place.knex).create({
    workspaceId,
    name: 'ops',
    token: randomBytes(32).toString('base64url'),
    scopes: ['write'],
  });
  await new ChannelStore(place.knex, testSecretKey).rotate(
    { workspaceId, id },
    { secret, keepHours: 1, by: token.id },
  );
}

const isClaimed = async (): Promise<boolean> =>
  (await claimChannels(place.knex, leaseMs, 1_000)).some(
    ({ channelId }) => channelId === place.channel.channelId,
  );

test('while a message waits for its next try nobody else is sent to look', async () => {
  await aDueDelivery(place.knex, place.channel);
  await place.end(await place.begun(), { ...answers.trouble, retryAfterMs: 600_000 });
  const { delivering_until: until } = await channelRecord(place.knex, place.channel.channelId);
  expect((until?.getTime() ?? 0) - Date.now()).toBeGreaterThan(600_000);
  expect(await isClaimed()).toBe(false);
});

test.each([
  ['another address', () => changed({ url: 'https://elsewhere.invalid/in' })],
  ['another secret', rotated],
  ['being switched on', () => changed({ enabled: true })],
] as const)('%s has what waits tried at once', async (_what, change) => {
  const id = await aDueDelivery(place.knex, place.channel);
  await place.end(await place.begun(), { ...answers.trouble, retryAfterMs: 600_000 });
  await change();
  expect(await isClaimed()).toBe(true);
  expect((await place.begun()).deliveryId).toBe(id);
});

test('what was not taken at one address is nothing against the next one', async () => {
  const id = await aDueDelivery(place.knex, place.channel);
  await place.end(await place.begun(), answers.trouble);
  await place.later(id, '4 days');
  await changed({ url: 'https://elsewhere.invalid/in' });
  expect(await channelRecord(place.knex, place.channel.channelId)).toMatchObject({ failing_since: null });
  expect(await place.end(await place.begun(), answers.trouble)).toMatchObject({ switchedOff: null });
});

test.each([answers.gone, answers.refused, answers.trouble])(
  'an answer from before a change decides nothing: $error',
  async (answer) => {
    const other = await aChannelTo(place.knex, { workspaceId: place.channel.workspaceId });
    const id = await aDueDelivery(place.knex, place.channel);
    const before = await place.begun();
    await changed({ url: 'https://elsewhere.invalid/in' });
    expect(await place.end(before, answer)).toEqual({ state: 'attempted', waitMs: 0, switchedOff: null });
    expect(await channelRecord(place.knex, place.channel.channelId)).toMatchObject({
      enabled: true,
      failing_since: null,
    });
    expect(await place.begin(other)).toEqual({ state: 'idle' });
    expect((await place.begun()).deliveryId).toBe(id);
    expect(await attemptsOf(place.knex, id)).toMatchObject([{ error: answer.error }, { error: null }]);
  },
);

test('a message that was withdrawn and asked for again meanwhile is not ended by the try before that', async () => {
  const id = await aDueDelivery(place.knex, place.channel);
  const before = await place.begun();
  await changed({ enabled: false });
  expect(await deliveryRecord(place.knex, id)).toMatchObject({ state: 'withdrawn' });
  await changed({ enabled: true });
  await redeliver(place.knex, { ...place.channel, deliveryId: id });
  expect(await place.end(before, answers.refused)).toMatchObject({ state: 'attempted', waitMs: 0 });
  expect((await place.begun()).deliveryId).toBe(id);
});
