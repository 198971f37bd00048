import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import type { ChannelToServe } from '../../../temporal/delivery-starter';
import { deliveryWatch } from '../../../worker/alerts/watch-deliveries';
import { aChannelTo, aDueDelivery, channelRecord } from '../../factories/a-channel';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;

beforeEach(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 5 });
});
afterEach(async () => {
  await knex.destroy();
  await database.drop();
});

async function someChannels(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const channel = await aChannelTo(knex);
    await aDueDelivery(knex, channel);
    ids.push(channel.channelId);
  }
  return ids;
}

async function round(start: (channel: ChannelToServe) => Promise<void>): Promise<void> {
  await deliveryWatch({ knex, starter: { start } }).round(new AbortController().signal);
}

test('every channel with something due is started, however many there are, and once', async () => {
  const ids = await someChannels(45);
  const started: string[] = [];
  const note = async ({ channelId }: ChannelToServe): Promise<void> => void started.push(channelId);
  await round(note);
  await round(note);
  expect(started.toSorted()).toEqual(ids.toSorted());
});

test('while Temporal is away nothing is lost: what could not be started is due at once', async () => {
  const [lost = '', other = ''] = await someChannels(2);
  const away = new Error('away');
  const start = async ({ channelId }: ChannelToServe): Promise<void> => {
    if (channelId === lost) throw away;
  };
  await expect(round(start)).rejects.toBe(away);
  expect(await channelRecord(knex, lost)).toMatchObject({ delivering_until: null });
  expect(await channelRecord(knex, other)).toMatchObject({ delivering_until: expect.any(Date) });
  const started: string[] = [];
  await round(async ({ channelId }) => void started.push(channelId));
  expect(started).toEqual([lost]);
});
