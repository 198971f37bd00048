// Sending once more because somebody asks, tests of channels, and what is removed by age.
import type { Knex } from 'knex';
import { connect } from '../../../../db/connect';
import { beginDelivery, beginTest } from '../../../../db/alerts/deliveries/begin-delivery';
import { endDelivery, endTest, type TryAnswer } from '../../../../db/alerts/deliveries/end-delivery';
import { claimChannels, hurryChannel } from '../../../../db/alerts/deliveries/claim-channels';
import { redeliver } from '../../../../db/alerts/redeliver';
import { writeTestDelivery } from '../../../../db/alerts/test-delivery';
import { removeAlerts } from '../../../../db/alerts/remove-alerts';
import { deliveryPace } from '../../../../domain/alerts/delivery-pace';
import {
  aChannelTo,
  aDueDelivery,
  aDeliveryOf,
  attemptsOf,
  channelRecord,
  deliveryRecord,
  type MadeChannel,
} from '../../../factories/a-channel';
import { createTestDatabase, type TestDatabase } from '../../../support/database';

let database: TestDatabase;
let knex: Knex;
let channel: MadeChannel;

beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 10 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});
beforeEach(async () => {
  channel = await aChannelTo(knex);
});

const noLinks = () => null;
const taken: TryAnswer = { verdict: 'accepted', httpStatus: 204, error: null, answer: null, durationMs: 1 };
const trouble: TryAnswer = {
  verdict: 'trouble',
  httpStatus: 503,
  error: 'HTTP 503',
  answer: null,
  durationMs: 1,
};
const gone: TryAnswer = { ...trouble, verdict: 'gone', error: 'no_service: removed' };

async function tried(answer: TryAnswer): Promise<string> {
  const next = await beginDelivery(knex, channel, noLinks, 60_000);
  if (next.state !== 'begun') throw new Error(next.state);
  await endDelivery(knex, next, answer, deliveryPace);
  return next.deliveryId;
}

describe('sending once more', () => {
  test('the same message goes again, under its id, for a day, and its tries go on', async () => {
    const id = await aDueDelivery(knex, channel);
    await tried(taken);
    const before = await deliveryRecord(knex, id);
    await redeliver(knex, { ...channel, deliveryId: id });
    expect(await deliveryRecord(knex, id)).toMatchObject({
      state: 'pending',
      ended_at: null,
      attempts: 1,
      earlier_attempts: 1,
      content: before.content,
    });
    expect(await claimChannels(knex, 60_000, 1_000)).toContainEqual(
      expect.objectContaining({ channelId: channel.channelId }),
    );
    await tried(trouble);
    // As after a first try: it waits five seconds or so.
    const { rows } = await knex.raw<{ rows: { seconds: number; hours: number }[] }>(
      `SELECT extract(epoch FROM next_attempt_at - now())::float8 AS seconds,
         extract(epoch FROM give_up_at - now())::float8 / 3600 AS hours FROM alert_deliveries WHERE id = ?`,
      [id],
    );
    expect(rows[0]?.seconds).toBeLessThan(6);
    expect(rows[0]?.hours).toBeGreaterThan(23);
    expect((await attemptsOf(knex, id)).map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  test('it goes before what waits for its next try', async () => {
    const first = await aDueDelivery(knex, channel);
    await tried(taken);
    await aDueDelivery(knex, channel);
    await tried({ ...trouble, retryAfterMs: 600_000 });
    await redeliver(knex, { ...channel, deliveryId: first });
    expect(await tried(taken)).toBe(first);
  });

  test('asked for twice at once it goes once', async () => {
    const id = await aDueDelivery(knex, channel);
    await tried(taken);
    const ask = () =>
      redeliver(knex, { ...channel, deliveryId: id }).then(
        () => 'asked',
        ({ why }: { why: string }) => why,
      );
    expect((await Promise.all([ask(), ask(), ask()])).toSorted()).toEqual(['asked', 'pending', 'pending']);
  });
});

test('a channel that is different now is tried at once', async () => {
  const id = await aDueDelivery(knex, channel);
  await tried({ ...trouble, retryAfterMs: 600_000 });
  await knex.transaction((trx) => hurryChannel(trx, channel.channelId));
  expect(await channelRecord(knex, channel.channelId)).toMatchObject({ delivering_until: null });
  expect(await tried(taken)).toBe(id);
});

describe('a test of a channel', () => {
  test.each([
    ['taken', taken, 'delivered'],
    ['not taken', trouble, 'failed'],
    ['answered with the end of the channel', gone, 'failed'],
  ])('that is %s ends, and switches nothing off', async (_what, answer, state) => {
    const id = await writeTestDelivery(knex, channel);
    const begun = await beginTest(knex, { ...channel, deliveryId: id }, noLinks);
    expect(begun).toMatchObject({
      attempt: 1,
      channelId: channel.channelId,
      message: { type: 'channel.test', id },
    });
    if (begun) await endTest(knex, begun, answer);
    expect(await deliveryRecord(knex, id)).toMatchObject({ state, error: answer.error });
    expect(await attemptsOf(knex, id)).toMatchObject([{ http_status: answer.httpStatus }]);
    expect(await channelRecord(knex, channel.channelId)).toMatchObject({
      enabled: true,
      failing_since: null,
    });
  });

  test('is sent once', async () => {
    const id = await writeTestDelivery(knex, channel);
    const place = { ...channel, deliveryId: id };
    const begun = await beginTest(knex, place, noLinks);
    if (begun) await endTest(knex, begun, taken);
    expect(await beginTest(knex, place, noLinks)).toBeNull();
  });

  test.each([
    ['taken', taken, true],
    ['not taken', trouble, false],
  ])('that is %s has what waits there tried at once: %#', async (_what, answer, isHurried) => {
    await aDueDelivery(knex, channel);
    await tried({ ...trouble, retryAfterMs: 600_000 });
    const id = await writeTestDelivery(knex, channel);
    const begun = await beginTest(knex, { ...channel, deliveryId: id }, noLinks);
    if (begun) await endTest(knex, begun, answer);
    const next = await beginDelivery(knex, channel, noLinks, 60_000);
    expect(next.state).toBe(isHurried ? 'begun' : 'waiting');
  });

  test('works while the channel is off', async () => {
    await knex('alert_channels').where({ id: channel.channelId }).update({ enabled: false });
    const id = await writeTestDelivery(knex, channel);
    expect(await beginTest(knex, { ...channel, deliveryId: id }, noLinks)).not.toBeNull();
  });
});

describe('what is removed by age', () => {
  const days = 400;
  const ago = (by: string) => knex.raw(`now() - interval '${by}'`);
  const [older, younger] = ['400 days 1 minute', '399 days 23 hours'];

  async function anEndedOne(
    endedAgo: string,
    resolvedAgo: string | null,
  ): Promise<{ id: string; alertId: string }> {
    const id = await aDeliveryOf(knex, channel, [{}]);
    await tried(taken);
    await knex('alert_deliveries')
      .where({ id })
      .update({ ended_at: ago(endedAgo) });
    const link: { alert_id: string } = await knex('alert_delivery_alerts').where({ delivery_id: id }).first();
    const alertId = link.alert_id;
    await knex('alert_events').insert({
      workspace_id: channel.workspaceId,
      alert_id: alertId,
      type: 'opened',
    });
    if (resolvedAgo)
      await knex('alerts')
        .where({ id: alertId })
        .update({ opened_at: ago('500 days'), last_seen_at: ago('500 days'), resolved_at: ago(resolvedAgo) });
    return { id, alertId };
  }

  const left = async ({ id, alertId }: { id: string; alertId: string }): Promise<string[]> => {
    const found = await Promise.all([
      knex('alert_deliveries').where({ id }),
      knex('alert_attempts').where({ delivery_id: id }),
      knex('alerts').where({ id: alertId }),
      knex('alert_events').where({ alert_id: alertId }),
    ]);
    return ['delivery', 'attempts', 'alert', 'events'].filter((_, at) => (found[at]?.length ?? 0) > 0);
  };

  test('ended deliveries with their tries, resolved alerts with their events; nothing younger, nothing open', async () => {
    const all = await anEndedOne(older, older);
    const young = await anEndedOne(younger, younger);
    const open = await anEndedOne(older, null);
    const toldLately = await anEndedOne(younger, older);
    const pending = await aDueDelivery(knex, channel);
    let rounds = 0;
    for (;;) {
      const removed = await removeAlerts(knex, days, 1);
      if (removed.alerts + removed.deliveries === 0) break;
      rounds += 1;
    }
    expect(rounds).toBeGreaterThan(1);
    expect(await Promise.all([all, young, open, toldLately].map(left))).toEqual([
      [],
      ['delivery', 'attempts', 'alert', 'events'],
      ['alert', 'events'],
      // As long as a message is kept that tells of it.
      ['delivery', 'attempts', 'alert', 'events'],
    ]);
    expect(await deliveryRecord(knex, pending)).toMatchObject({ state: 'pending' });
  });
});
