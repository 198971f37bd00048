// A message that we ourselves cannot send: after ten mistakes it is given up, and those behind it go.
import type { Knex } from 'knex';
import { deliverNextActivity, type DeliveryStep } from '../../activities/deliver-alerts';
import type { ActivityDeps } from '../../activities/deps';
import { connect } from '../../db/connect';
import { SealBrokenError } from '../../db/seal';
import { ChannelUnreadableError } from '../../connectors/alert-channel';
import { deliveryPace } from '../../domain/alerts/delivery-pace';
import {
  aChannelTo,
  aDueDelivery,
  attemptsOf,
  deliveryRecord,
  type MadeChannel,
} from '../factories/a-channel';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { inActivity } from './in-activity';

let database: TestDatabase;
let knex: Knex;
let channel: MadeChannel;
let logged: string[];
let counted: unknown[];

beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 5 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});
beforeEach(async () => {
  logged = [];
  counted = [];
  channel = await aChannelTo(knex);
});

/** One try of the activity, after so many mistakes, by a worker that opens channels so. */
function step(mistakes: number, openAlertChannel: ActivityDeps['openAlertChannel']): Promise<DeliveryStep> {
  const deps = {
    knex,
    openAlertChannel,
    messageLinks: () => null,
    deliveryPace,
    deliveryWatcher: {
      tried: (...told: unknown[]) => void counted.push(told),
      failed: (...told: unknown[]) => void counted.push(['failed', ...told]),
    },
    log: { warn: (_fields: unknown, message: string) => void logged.push(message) },
  } as unknown as ActivityDeps;
  return inActivity('deliverNext', mistakes, () => deliverNextActivity(deps)(channel));
}

const broken = async (): Promise<never> => {
  throw new TypeError('a mistake of ours');
};

test('a mistake is tried again, nine times', async () => {
  const id = await aDueDelivery(knex, channel);
  await expect(step(9, broken)).rejects.toThrow('a mistake of ours');
  expect(await deliveryRecord(knex, id)).toMatchObject({ state: 'pending' });
});

test('after ten of them the message has failed, and the next one goes', async () => {
  const [id, next] = [await aDueDelivery(knex, channel), await aDueDelivery(knex, channel)];
  expect(await step(10, broken)).toEqual({ state: 'failed', waitMs: 0, attempt: 0, error: 'Internal error' });
  expect(await deliveryRecord(knex, id)).toMatchObject({ state: 'failed', error: 'Internal error' });
  expect(await deliveryRecord(knex, next)).toMatchObject({ state: 'pending', attempts: 0 });
  expect(logged).toEqual(['a message could not be sent']);
  expect(counted).toEqual([['failed', 'webhook']]);
});

test.each([
  new SealBrokenError('the secrets of chan_1 were sealed with another SECRET_KEY'),
  new ChannelUnreadableError('of a form that this build does not know'),
])('what the operator can mend is trouble and no mistake: %s', async (error) => {
  const id = await aDueDelivery(knex, channel);
  const open = async (): Promise<never> => {
    throw error;
  };
  expect(await step(0, open)).toMatchObject({ state: 'attempted', error: error.message });
  expect(await attemptsOf(knex, id)).toMatchObject([{ error: error.message, http_status: null }]);
  expect(counted).toEqual([['webhook', 'no_answer']]);
});
