// Alert rules over HTTP: what holds without a word, what a workspace and a sync set, and how each is given up again.
import { alertRuleKinds, defaultRules } from '../../../domain/alerts/rules';
import { aSync } from '../../factories/a-sync';
import { aWorkspace } from '../../factories/a-workspace';
import { aChannel } from '../../factories/an-alert';
import { type ApiAnswer, type Json, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface Place {
  readonly workspaceId: string;
  readonly token: string;
  readonly syncId: string;
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  get(path: string): Promise<ApiAnswer>;
  remove(path: string, headers?: Record<string, string>): Promise<ApiAnswer>;
}

/** A workspace of its own, so that rules of other tests say nothing here. */
async function aPlace(): Promise<Place> {
  const { id: workspaceId } = await aWorkspace(api.knex);
  const token = await api.newToken(['read', 'write'], workspaceId);
  const { id: syncId } = await aSync(api.knex, { workspaceId });
  const send = (method: string, path: string, body?: unknown, headers = {}) =>
    api.send(`/api/v1${path}`, { method, token, body, headers });
  return {
    workspaceId,
    token,
    syncId,
    get: (path) => send('GET', path),
    put: (path, body, headers) => send('PUT', path, body, headers),
    remove: (path, headers) => send('DELETE', path, undefined, headers),
  };
}

const ruleIn = (answer: ApiAnswer, kind: string): Json =>
  answer.body.data.find((rule: Json) => rule.kind === kind);

test('without a word everybody has the same thirteen rules', async () => {
  const { get, syncId } = await aPlace();
  for (const path of ['/alert-rules', `/alert-rules?sync_id=${syncId}`]) {
    const answer = await get(path);
    expect(answer.body.data.map(({ kind }: Json) => kind)).toEqual(alertRuleKinds);
    for (const rule of answer.body.data) {
      const { enabled } = defaultRules[rule.kind as keyof typeof defaultRules];
      expect(rule).toMatchObject({ enabled, channel_ids: null, source: 'default', updated_by: null });
    }
    expect(ruleIn(answer, 'error_rate')).toMatchObject({
      severity: 'warning',
      settings: { threshold: 0.01, min_rows: 100, remind_hours: 24 },
    });
    expect(ruleIn(answer, 'run_completed')).toMatchObject({ severity: null, enabled: false, settings: {} });
  }
});

test('a workspace sets a rule for all syncs, a sync for itself, and each can be given up', async () => {
  const { workspaceId, syncId, get, put, remove } = await aPlace();
  const { id: channel } = await aChannel(api.knex, { workspaceId });
  const ofWorkspace = { settings: { threshold: 0.05 }, channel_ids: [channel] };
  const set = await put('/alert-rules/error_rate', ofWorkspace);
  expect([set.status, set.body]).toMatchObject([
    200,
    {
      enabled: true,
      settings: { threshold: 0.05, min_rows: 100, remind_hours: 24 },
      channel_ids: [channel],
      source: 'workspace',
      updated_by: { name: expect.stringMatching(/^token/) },
    },
  ]);
  expect(ruleIn(await get(`/alert-rules?sync_id=${syncId}`), 'error_rate').source).toBe('workspace');

  const ofSync = await put(`/syncs/${syncId}/alert-rules/error_rate`, { enabled: false });
  // A rule of a sync stands for itself: what it leaves out is as everybody has it, not as the workspace has.
  expect(ofSync.body).toMatchObject({
    enabled: false,
    settings: { threshold: 0.01 },
    channel_ids: null,
    source: 'sync',
  });
  expect(ruleIn(await get('/alert-rules'), 'error_rate').source).toBe('workspace');
  expect(ruleIn(await get(`/alert-rules?sync_id=${syncId}`), 'error_rate')).toEqual(ofSync.body);

  for (const below of ['workspace', 'workspace'])
    expect([
      (await remove(`/syncs/${syncId}/alert-rules/error_rate`)).status,
      (await get(`/syncs/${syncId}/alert-rules/error_rate`)).body.source,
    ]).toEqual([204, below]);
  expect((await remove('/alert-rules/error_rate')).status).toBe(204);
  expect((await get(`/syncs/${syncId}/alert-rules/error_rate`)).body.source).toBe('default');
});

test('setting a rule again writes the whole of it', async () => {
  const { get, put } = await aPlace();
  await put('/alert-rules/consecutive_failures', {
    settings: { failures: 5, remind_hours: 0 },
    enabled: false,
  });
  const again = await put('/alert-rules/consecutive_failures', { settings: { failures: 4 } });
  expect(again.body).toMatchObject({ enabled: true, settings: { failures: 4, remind_hours: 24 } });
  expect((await get('/alert-rules/consecutive_failures')).body).toEqual(again.body);
});

test('a rule that others have changed meanwhile is not overwritten unseen', async () => {
  const { syncId, get, put, remove } = await aPlace();
  const path = `/syncs/${syncId}/alert-rules/run_late`;
  const seen = await get(path);
  const etag = (answer: ApiAnswer) => ({ 'If-Match': answer.headers.get('etag') ?? '' });
  const first = await put(path, { enabled: false }, etag(seen));
  expect(first.status).toBe(200);
  for (const refused of [await put(path, {}, etag(seen)), await remove(path, etag(seen))])
    expect([refused.status, refused.body.code]).toEqual([412, 'precondition_failed']);
  // What lies beneath shows through a rule that is not set: it has changed, too.
  await put('/alert-rules/run_stuck', {});
  const beneath = await get(`/syncs/${syncId}/alert-rules/run_stuck`);
  await put('/alert-rules/run_stuck', { enabled: false });
  expect((await put(`/syncs/${syncId}/alert-rules/run_stuck`, {}, etag(beneath))).status).toBe(412);
  expect((await remove(path, etag(first))).status).toBe(204);
});

test('of two that set a rule at once, having seen the same, one is refused', async () => {
  const { get, put } = await aPlace();
  const seen = { 'If-Match': (await get('/alert-rules/run_failed')).headers.get('etag') ?? '' };
  const answers = await Promise.all(
    [0, 1, 2, 3].map((hours) => put('/alert-rules/run_failed', { settings: { remind_hours: hours } }, seen)),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412]);
});

test.each([
  ['run_failed', { settings: { threshold: 0.1 } }, '/settings/threshold', 'not_of_this_rule'],
  ['run_completed', { settings: { remind_hours: 1 } }, '/settings/remind_hours', 'not_of_this_rule'],
  ['error_rate', { settings: { days: 1 } }, '/settings/days', 'not_of_this_rule'],
  ['run_failed', { channel_ids: [`chan_${'0'.repeat(26)}`] }, '/channel_ids/0', 'unknown_channel'],
])('%s with %j is refused at %s', async (kind, body, pointer, code) => {
  const { put, syncId } = await aPlace();
  for (const path of [`/alert-rules/${kind}`, `/syncs/${syncId}/alert-rules/${kind}`]) {
    const refused = await put(path, body);
    expect([refused.status, refused.body.errors]).toEqual([
      422,
      [expect.objectContaining({ pointer, code })],
    ]);
  }
});

test.each([
  [{ settings: { threshold: 1.1 } }, '/settings/threshold'],
  [{ settings: { min_rows: -1 } }, '/settings/min_rows'],
  [{ settings: { failures: 1 } }, '/settings/failures'],
  [{ settings: { days: 0 } }, '/settings/days'],
  [{ settings: { remind_hours: 0.5 } }, '/settings/remind_hours'],
  [{ threshold: 0.1 }, '/threshold'],
  [{ enabled: 'yes' }, '/enabled'],
  [{ channel_ids: ['dst_1'] }, '/channel_ids/0'],
  [{ channel_ids: ['chan_1', 'chan_1'] }, '/channel_ids'],
])('%j is no rule', async (body, pointer) => {
  const { put } = await aPlace();
  const refused = await put('/alert-rules/error_rate', body);
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, pointer]);
});

test('a rule that does not exist, and a sync that does not, are 404', async () => {
  const { get, put, remove, syncId } = await aPlace();
  for (const path of ['/alert-rules/row_missing', `/syncs/${syncId}/alert-rules/row_missing`]) {
    for (const answer of [await get(path), await put(path, {}), await remove(path)])
      expect(answer.status).toBe(404);
  }
  expect((await get(`/alert-rules?sync_id=sync_${'0'.repeat(26)}`)).status).toBe(404);
  expect((await get('/alert-rules?sync_id=dst_1')).status).toBe(400);
});

test('a rule that no channel is told of is one, and a channel of another workspace is none', async () => {
  const [{ put }, other] = [await aPlace(), await aPlace()];
  expect((await put('/alert-rules/run_failed', { channel_ids: [] })).body.channel_ids).toEqual([]);
  const { id } = await aChannel(api.knex, { workspaceId: other.workspaceId });
  expect((await put('/alert-rules/run_failed', { channel_ids: [id] })).status).toBe(422);
});
