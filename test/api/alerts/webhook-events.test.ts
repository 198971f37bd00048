// What webhooks get is what the document says they get: messages of every type, as the judge writes them and as they are sent.
import type { Knex } from 'knex';
import { webhookEventSchemas } from '../../../api/alerts/webhook-events';
import { beginDelivery } from '../../../db/alerts/deliveries/begin-delivery';
import type { LinksOfRun } from '../../../db/alerts/deliveries/compose-message';
import { endDelivery } from '../../../db/alerts/deliveries/end-delivery';
import { redeliver } from '../../../db/alerts/redeliver';
import { writeTestDelivery } from '../../../db/alerts/test-delivery';
import { connect } from '../../../db/connect';
import { deliveryPace } from '../../../domain/alerts/delivery-pace';
import { webhookEventOf } from '../../../domain/alerts/webhook-event';
import { answers } from '../../db/alerts/deliveries/delivery-place';
import { completedRun, failingRun, judgeAll, passGathering } from '../../db/alerts/judging';
import { aSync } from '../../factories/a-sync';
import { anAlertChannel } from '../../factories/an-alert';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 10 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const links: LinksOfRun = ({ runId }) => ({
  run: `https://sync.example/runs/${runId}`,
  errors: `https://sync.example/runs/${runId}/errors`,
  temporal: null,
});

test.each([
  ['where readers of messages find the API', links],
  ['where nobody has said so', () => null],
])('%s: every type has the form of its schema, and no key beside it', async (_where, linksOf) => {
  const sync = await aSync(knex);
  const { workspaceId } = sync;
  const channelId = await anAlertChannel(knex, workspaceId);
  const place = { workspaceId, channelId };
  const sent: { type: string }[] = [];

  /** What is due, once it is judged and its time has come. */
  async function deliverAll(
    answer: (typeof answers)[keyof typeof answers] = answers.accepted,
  ): Promise<void> {
    await judgeAll(knex);
    await passGathering(knex, sync);
    for (;;) {
      const next = await beginDelivery(knex, place, linksOf, deliveryPace.leaseMs);
      if (next.state !== 'begun') return;
      sent.push(webhookEventOf(next.message));
      await endDelivery(knex, next, answer, deliveryPace);
    }
  }

  await knex('alert_rules').insert({
    workspace_id: workspaceId,
    kind: 'run_completed',
    enabled: true,
    settings: '{}',
  });
  for (const _failure of [1, 2, 3]) await failingRun(knex, sync);
  await deliverAll();
  await knex('alerts')
    .where({ sync_id: sync.id })
    .update({ told_at: knex.raw(`told_at - interval '25 hours'`) });
  await failingRun(knex, sync);
  await deliverAll();
  await completedRun(knex, sync);
  await deliverAll();
  const gone = await anAlertChannel(knex, workspaceId);
  await failingRun(knex, sync);
  await judgeAll(knex);
  const lost = await beginDelivery(knex, { workspaceId, channelId: gone }, linksOf, deliveryPace.leaseMs);
  if (lost.state === 'begun') await endDelivery(knex, lost, answers.gone, deliveryPace);
  const test = await writeTestDelivery(knex, place);
  await knex('alert_deliveries').where({ id: test }).update({ state: 'failed', ended_at: knex.fn.now() });
  await redeliver(knex, { workspaceId, deliveryId: test });
  await deliverAll();

  expect(new Set(sent.map(({ type }) => type))).toEqual(new Set(Object.keys(webhookEventSchemas)));
  // As it arrives: what is undefined here is not there.
  const arrived = sent.map((event) => JSON.parse(JSON.stringify(event)) as { type: string });
  for (const event of arrived)
    expect(webhookEventSchemas[event.type]?.safeParse(event).error).toBeUndefined();
});
