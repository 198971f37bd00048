// What people do to alerts over HTTP: acknowledge, mute, unmute, resolve; with who and when, once, whoever comes at once.
import { aSync } from '../../factories/a-sync';
import { aChannel, aDelivery, type AlertOverrides, anAlert, type MadeAlert } from '../../factories/an-alert';
import { type ApiAnswer, type Json, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
/** Of one who is not the maker of the rest, so that it can be told who did what. */
let ada: string;

beforeAll(async () => {
  api = await startApi();
  ada = await api.newToken(['read', 'write']);
});
afterAll(() => api.stop());

const own = async (overrides: AlertOverrides = {}): Promise<MadeAlert> =>
  anAlert(api.knex, { sync: await aSync(api.knex, { workspaceId: api.workspaceId }), ...overrides });

const ownChannel = () => aChannel(api.knex, { workspaceId: api.workspaceId });

const act = (alert: MadeAlert, name: string, body?: object, token = ada): Promise<ApiAnswer> =>
  api.send(`/api/v1/alerts/${alert.id}/${name}`, { method: 'POST', body, token });

const read = async ({ id }: MadeAlert): Promise<Json> => (await api.get(`/api/v1/alerts/${id}`)).body;
const typesOf = ({ events }: Json): string[] => events.map(({ type }: Json) => type);
const adasName = async (): Promise<string> => {
  const { body } = await act(await own(), 'acknowledge');
  return body.acknowledged_by.name;
};

test('an acknowledged alert says by whom and when, and why', async () => {
  const alert = await own();
  const before = Date.now();
  const { status, body } = await act(alert, 'acknowledge', { note: 'The CRM is being moved' });
  expect([status, body]).toMatchObject([
    200,
    {
      state: 'acknowledged',
      acknowledged_by: { id: expect.stringMatching(/^tok_/), name: await adasName() },
      resolved_at: null,
      events_total: 2,
    },
  ]);
  expect(Math.abs(Date.parse(body.acknowledged_at) - before)).toBeLessThan(60_000);
  expect(body.events).toMatchObject([
    { type: 'opened', by: null },
    { type: 'acknowledged', by: body.acknowledged_by, detail: { note: 'The CRM is being moved' } },
  ]);
  expect(await read(alert)).toEqual(body);
});

test('of many who acknowledge at once one is noted', async () => {
  const alert = await own();
  const tokens = await Promise.all([1, 2, 3, 4].map(() => api.newToken(['write'])));
  const answers = await Promise.all(tokens.map((token) => act(alert, 'acknowledge', {}, token)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const by = new Set(answers.map(({ body }) => body.acknowledged_by.id));
  expect(by.size).toBe(1);
  const after = await read(alert);
  expect(typesOf(after)).toEqual(['opened', 'acknowledged']);
  expect(after.acknowledged_by.id).toBe([...by][0]);
});

test('a mute ends by itself, by another one, or when it is taken back', async () => {
  const alert = await own();
  const eight = await act(alert, 'mute', { hours: 8, note: 'night' });
  expect(Math.abs(Date.parse(eight.body.muted_until) - Date.now() - 8 * 3_600_000)).toBeLessThan(60_000);
  expect(eight.body).toMatchObject({ state: 'open', muted_by: { name: await adasName() } });
  const until = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
  const longer = await act(alert, 'mute', { until });
  expect(longer.body.muted_until).toBe(until);
  expect(longer.body.events.at(-1)).toMatchObject({ type: 'muted', detail: { until: expect.any(String) } });
  const back = await act(alert, 'unmute');
  expect(back.body).toMatchObject({ muted_until: null, muted_by: null });
  // Taken back twice is taken back.
  expect(typesOf((await act(alert, 'unmute')).body)).toEqual(['opened', 'muted', 'muted', 'unmuted']);

  await act(alert, 'mute', { hours: 1 });
  await api
    .knex('alerts')
    .where({ id: alert.id })
    .update({ muted_until: new Date(Date.now() - 1_000) });
  expect(await read(alert)).toMatchObject({ muted_until: null, muted_by: null });
  expect(typesOf((await act(alert, 'unmute')).body).at(-1)).toBe('muted');
});

test('an acknowledged alert can be muted, and stays acknowledged', async () => {
  const alert = await own();
  await act(alert, 'acknowledge');
  expect((await act(alert, 'mute', { hours: 1 })).body).toMatchObject({
    state: 'acknowledged',
    muted_until: expect.any(String),
  });
});

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

test.each([
  [{}, ''],
  [{ hours: 1, until: inDays(1) }, ''],
  [{ until: inDays(366) }, '/until'],
  [{ until: '2020-01-01T00:00:00Z' }, '/until'],
  [{ until: 'tomorrow' }, '/until'],
  [{ hours: 0 }, '/hours'],
  [{ hours: 8_761 }, '/hours'],
  [{ hours: 1, days: 1 }, '/days'],
  [{ hours: 1, note: '' }, '/note'],
])('%j mutes nothing', async (body, pointer) => {
  const alert = await own();
  const refused = await act(alert, 'mute', body);
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, pointer]);
  expect(typesOf(await read(alert))).toEqual(['opened']);
});

test('resolved by hand it is over, and says by whom; once more changes nothing', async () => {
  const alert = await own();
  await act(alert, 'mute', { hours: 8 });
  const { status, body } = await act(alert, 'resolve', { note: 'key renewed' });
  expect([status, body]).toMatchObject([
    200,
    {
      state: 'resolved',
      resolved_by: { name: await adasName() },
      resolved_run_id: null,
      // It holds for what comes after it.
      muted_until: expect.any(String),
    },
  ]);
  const again = await act(alert, 'resolve', {}, api.token);
  expect([again.status, again.body]).toEqual([200, body]);
  expect((await act(alert, 'unmute')).body).toMatchObject({ state: 'resolved', muted_until: null });
});

test.each(['acknowledge', 'mute'])('%s of what is over is refused with its state', async (name) => {
  const alert = await own({ resolvedAt: new Date() });
  const refused = await act(alert, name, name === 'mute' ? { hours: 1 } : {});
  expect([refused.status, refused.body]).toMatchObject([
    409,
    { code: 'alert_resolved', alert_state: 'resolved' },
  ]);
  expect(typesOf(await read(alert))).toEqual(['opened', 'resolved']);
});

/** What channels were told of the alert, or are to be, in order. */
async function toldOf({ id }: MadeAlert): Promise<Json[]> {
  return api
    .knex('alert_delivery_alerts as a')
    .join('alert_deliveries as d', 'd.id', 'a.delivery_id')
    .where('a.alert_id', id)
    .orderBy('d.no')
    .select('d.type', 'd.state', 'd.channel_id', 'a.told');
}

test('resolved by hand it is told to be over where it was told that it is open, and nowhere else', async () => {
  const [heard] = [await ownChannel(), await ownChannel()];
  const alert = await own({ isTold: true });
  await aDelivery(api.knex, { channel: heard, alerts: [alert] });
  await act(alert, 'resolve');
  await act(alert, 'resolve');
  expect(await toldOf(alert)).toMatchObject([
    { type: 'alert.raised', state: 'delivered' },
    {
      type: 'alert.resolved',
      state: 'pending',
      channel_id: heard.id,
      told: { id: alert.id, resolvedByHand: true, resolvedAt: expect.any(String) },
    },
  ]);
});

test('resolved while it is muted, or before it was told, it is told nowhere', async () => {
  const channel = await ownChannel();
  const [muted, unsent] = [await own({ isTold: true }), await own({ isTold: true })];
  await aDelivery(api.knex, { channel, alerts: [muted] });
  await act(muted, 'mute', { hours: 1 });
  await act(muted, 'resolve');
  expect(await toldOf(muted)).toMatchObject([{ type: 'alert.raised' }]);
  const gathering = await aDelivery(api.knex, { channel, alerts: [unsent], state: 'pending', gathers: true });
  await act(unsent, 'resolve');
  expect(await toldOf(unsent)).toEqual([]);
  expect(await api.knex('alert_deliveries').where({ id: gathering }).first('state')).toEqual({
    state: 'withdrawn',
  });
});

test('muted before it was told it is taken out of what is to be told, and is news when the mute is over', async () => {
  const channel = await ownChannel();
  const [alert, other] = [await own({ isTold: true }), await own({ isTold: true })];
  await aDelivery(api.knex, { channel, alerts: [alert, other], state: 'pending', gathers: true });
  expect((await act(alert, 'mute', { hours: 1 })).body.told_at).toBeNull();
  expect([await toldOf(alert), await toldOf(other)]).toMatchObject([[], [{ state: 'pending' }]]);
  expect((await read(other)).told_at).not.toBeNull();
});

test('an acknowledgement and a resolution at once: whichever comes second sees the first', async () => {
  for (let round = 0; round < 5; round += 1) {
    const alert = await own();
    const [acknowledged, resolved] = await Promise.all([act(alert, 'acknowledge'), act(alert, 'resolve')]);
    expect(resolved.status).toBe(200);
    const types = typesOf(await read(alert));
    if (acknowledged.status === 200) expect(types).toEqual(['opened', 'acknowledged', 'resolved']);
    else expect([acknowledged.status, types]).toEqual([409, ['opened', 'resolved']]);
  }
});

test.each(['acknowledge', 'mute', 'unmute', 'resolve'])('%s of an alert nobody has is 404', async (name) => {
  const nobodys = { id: `alrt_${'0'.repeat(26)}` } as MadeAlert;
  expect((await act(nobodys, name, name === 'mute' ? { hours: 1 } : {})).status).toBe(404);
});

test('an act takes the scope write, and reading does not do', async () => {
  const alert = await own();
  const token = await api.newToken(['read', 'trigger']);
  expect((await act(alert, 'acknowledge', {}, token)).status).toBe(403);
  expect((await api.get(`/api/v1/alerts/${alert.id}`, token)).status).toBe(200);
});

test('of many events the newest hundred are shown, oldest of them first, and it is said how many there are', async () => {
  const alert = await own();
  await api.knex.raw(
    `INSERT INTO alert_events (workspace_id, alert_id, at, type, detail)
     SELECT ?, ?, now(), 'repeated', json_build_object('n', n) FROM generate_series(1, 120) n ORDER BY n`,
    [alert.workspaceId, alert.id],
  );
  const { events, events_total: total } = await read(alert);
  expect([events.length, total]).toEqual([100, 121]);
  expect([events[0].detail, events.at(-1).detail]).toEqual([{ n: 21 }, { n: 120 }]);
});
