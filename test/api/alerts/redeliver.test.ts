// Having a message sent once more over HTTP: when it is, when it is not, and that it stays the same message.
import { aSync } from '../../factories/a-sync';
import {
  aChannel,
  aDelivery,
  anAlert,
  type DeliveryOverrides,
  type MadeAlert,
} from '../../factories/an-alert';
import { type ApiAnswer, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface Sent {
  readonly channelId: string;
  readonly alert: MadeAlert;
  readonly id: string;
  readonly paths: readonly [string, string];
}

async function aSent(overrides: Partial<DeliveryOverrides> = {}): Promise<Sent> {
  const channel = await aChannel(api.knex, { workspaceId: api.workspaceId });
  const alert = await anAlert(api.knex, { sync: await aSync(api.knex, { workspaceId: api.workspaceId }) });
  const id = await aDelivery(api.knex, { channel, alerts: [alert], ...overrides });
  const end = `deliveries/${id}`;
  return {
    channelId: channel.id,
    alert,
    id,
    paths: [`/api/v1/alert-channels/${channel.id}/${end}`, `/api/v1/alerts/${alert.id}/${end}`],
  };
}

const redeliver = (path: string): Promise<ApiAnswer> => api.post(`${path}/redeliver`);

test.each(['delivered', 'failed', 'withdrawn'] as const)(
  'what was %s is due at once, with a day to go',
  async (state) => {
    for (const at of [0, 1] as const) {
      const { id, paths } = await aSent({ state, attempts: 2 });
      const { status, body } = await redeliver(paths[at]);
      expect([status, body]).toMatchObject([
        202,
        // The tries go on counting: their numbers are used once.
        { id, state: 'pending', ended_at: null, error: null, next_attempt_at: null, attempt_count: 2 },
      ]);
      expect(Math.abs(Date.parse(body.due_at) - Date.now())).toBeLessThan(60_000);
      expect(Math.abs(Date.parse(body.give_up_at) - Date.now() - 86_400_000)).toBeLessThan(60_000);
      expect((await api.get(paths[at])).body).toEqual(body);
    }
  },
);

test('what is on its way is not sent beside itself, however many ask at once', async () => {
  const { paths } = await aSent();
  const answers = await Promise.all([...paths, ...paths].map(redeliver));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409, 409]);
  expect((await redeliver(paths[0])).body).toMatchObject({ code: 'delivery_pending' });
});

test('nothing is sent to a channel that is off, or gone', async () => {
  const { channelId, paths } = await aSent();
  const channel = `/api/v1/alert-channels/${channelId}`;
  const headers = { 'If-Match': '*' };
  await api.send(channel, { method: 'PATCH', headers, body: { enabled: false } });
  for (const path of paths)
    expect([(await redeliver(path)).status, (await redeliver(path)).body.code]).toEqual([409, 'channel_off']);
  await api.send(channel, { method: 'DELETE' });
  expect((await redeliver(paths[0])).status).toBe(404);
  expect((await redeliver(paths[1])).body.code).toBe('channel_off');
});

test('a message from which everything was taken before it was sent has nothing to say', async () => {
  const { paths, id } = await aSent({ state: 'withdrawn' });
  await api.knex('alert_delivery_alerts').where({ delivery_id: id }).delete();
  expect((await redeliver(paths[0])).body.code).toBe('delivery_empty');
});

test('a delivery that is not there, or not there, is 404', async () => {
  const [{ channelId, alert }, other] = [await aSent(), await aSent()];
  for (const path of [
    `/api/v1/alert-channels/${channelId}/deliveries/${other.id}`,
    `/api/v1/alerts/${alert.id}/deliveries/${other.id}`,
    `/api/v1/alerts/${alert.id}/deliveries/dlv_${'0'.repeat(26)}`,
  ])
    expect((await redeliver(path)).status).toBe(404);
});
