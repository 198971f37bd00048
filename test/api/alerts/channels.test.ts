// Alert channels over HTTP: made, changed, switched off and on, rotated, tried out, deleted; and never a secret in an answer.
import { ChannelStore } from '../../../db/alerts/channel-store';
import { aSync } from '../../factories/a-sync';
import { testSecretKey, uniqueSuffix } from '../../factories/a-workspace';
import { aChannel, aDelivery, anAlert, slackUrl, webhookSecret, webhookUrl } from '../../factories/an-alert';
import { type ApiAnswer, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const place = () => ({ workspaceId: api.workspaceId });
const pathOf = ({ id }: { id: string }) => `/api/v1/alert-channels/${id}`;
const make = (body: object) => api.post('/api/v1/alert-channels', { name: `c ${uniqueSuffix()}`, ...body });
const patch = (path: string, body: unknown, ifMatch = '*') =>
  api.send(path, { method: 'PATCH', body, headers: { 'If-Match': ifMatch } });
const etagOf = ({ headers }: ApiAnswer) => headers.get('etag') ?? '';
const secretsOf = async (id: string) =>
  (await new ChannelStore(api.knex, testSecretKey).connection(api.workspaceId, id)).secrets;

test('a Slack channel shows the host of its URL and no more', async () => {
  const made = await make({ kind: 'slack', secrets: { url: slackUrl } });
  expect([made.status, made.body]).toMatchObject([
    201,
    {
      kind: 'slack',
      config: { host: 'hooks.slack.invalid' },
      secrets: { configured: true },
      enabled: true,
      disabled_at: null,
      failing_since: null,
      created_by: { name: expect.any(String) },
    },
  ]);
  expect(made.headers.get('location')).toBe(pathOf(made.body));
  expect(JSON.stringify(made.body)).not.toContain('not-a-secret');
  expect(await secretsOf(made.body.id)).toEqual({ url: slackUrl });
  const read = await api.get(pathOf(made.body));
  expect(read.body).toEqual(made.body);
  expect(etagOf(read)).toBe(etagOf(made));
});

test('a webhook gets a secret that is shown once, or the one that was given, which is not shown', async () => {
  const made = await make({ kind: 'webhook', url: webhookUrl });
  const { secret, ...shown } = made.body;
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(shown.config).toEqual({ url: 'https://ops.invalid/hooks/signalsmith' });
  expect((await api.get(pathOf(shown))).body).toEqual(shown);
  expect(await secretsOf(shown.id)).toEqual({ url: webhookUrl, secrets: [{ secret, expires_at: null }] });

  const given = await make({ kind: 'webhook', url: webhookUrl, secret: webhookSecret });
  expect(given.status).toBe(201);
  expect(given.body).not.toHaveProperty('secret');
  expect(await secretsOf(given.body.id)).toMatchObject({ secrets: [{ secret: webhookSecret }] });
});

const base64Of = (bytes: number) => Buffer.alloc(bytes, 1).toString('base64');

test.each([
  [{ kind: 'email' }, '/kind'],
  [{ kind: 'slack' }, '/secrets'],
  [{ kind: 'slack', secrets: { url: 'hooks.slack.com/services/x' } }, '/secrets/url'],
  [{ kind: 'slack', secrets: { url: 'ftp://hooks.slack.com/services/x' } }, '/secrets/url'],
  [{ kind: 'slack', secrets: { url: 'http://hooks.slack.com/services/x' } }, '/secrets/url'],
  [{ kind: 'slack', secrets: { url: 'https://hooks.slack.com/other/x' } }, '/secrets/url'],
  [{ kind: 'slack', secrets: { url: 'https://u:p@hooks.slack.com/services/x' } }, '/secrets/url'],
  [{ kind: 'slack', secrets: { url: slackUrl }, url: webhookUrl }, '/url'],
  [{ kind: 'webhook' }, '/url'],
  [{ kind: 'webhook', url: 'https://user:pa55word@ops.invalid/' }, '/url'],
  [{ kind: 'webhook', url: 'javascript:alert(1)' }, '/url'],
  [{ kind: 'webhook', url: webhookUrl, secret: base64Of(32) }, '/secret'],
  [{ kind: 'webhook', url: webhookUrl, secret: `whsec_${base64Of(23)}` }, '/secret'],
  [{ kind: 'webhook', url: webhookUrl, secret: `whsec_${base64Of(65)}` }, '/secret'],
  [{ kind: 'webhook', url: webhookUrl, secret: `whsec_${base64Of(32)}!` }, '/secret'],
  [{ kind: 'webhook', url: webhookUrl, secrets: {} }, '/secrets'],
  [{ kind: 'webhook', url: webhookUrl, enabled: false }, '/enabled'],
])('%j is no channel', async (body, pointer) => {
  const refused = await make(body);
  expect([refused.status, refused.body.errors.map((fault: { pointer: string }) => fault.pointer)]).toEqual([
    400,
    [pointer],
  ]);
  expect(JSON.stringify(refused.body)).not.toMatch(/pa55word|not-a-secret|AQEB/);
});

test('24 and 64 bytes are a secret, and any host may stand in for Slack’s', async () => {
  for (const bytes of [24, 64]) {
    const made = await make({ kind: 'webhook', url: webhookUrl, secret: `whsec_${base64Of(bytes)}` });
    expect(made.status).toBe(201);
  }
  expect((await make({ kind: 'slack', secrets: { url: 'http://127.0.0.1:9000/slack' } })).status).toBe(201);
});

test('a name is used once', async () => {
  const name = `Twice ${uniqueSuffix()}`;
  const slack = { name, kind: 'slack', secrets: { url: slackUrl } };
  const [first, again] = [await make(slack), await make({ name, kind: 'webhook', url: webhookUrl })];
  expect([first.status, again.status, again.body.code]).toEqual([201, 409, 'name_taken']);
  const other = await aChannel(api.knex, place());
  expect((await patch(pathOf(other), { name })).body.code).toBe('name_taken');
  // The name of what is deleted is free.
  await api.send(pathOf(first.body), { method: 'DELETE' });
  expect((await make(slack)).status).toBe(201);
  expect((await api.get(`/api/v1/alert-channels?name=${encodeURIComponent(name)}`)).body.data).toHaveLength(
    1,
  );
});

test('a change needs the state that was read', async () => {
  const channel = await aChannel(api.knex, place());
  const seen = etagOf(await api.get(pathOf(channel)));
  const unread = await api.send(pathOf(channel), { method: 'PATCH', body: { name: 'x' } });
  expect([unread.status, unread.body.code]).toEqual([428, 'precondition_required']);
  const changed = await patch(pathOf(channel), { name: `New ${uniqueSuffix()}` }, seen);
  expect(changed.status).toBe(200);
  expect(changed.body.updated_by).toMatchObject({ name: expect.any(String) });
  expect((await patch(pathOf(channel), { name: 'y' }, seen)).status).toBe(412);
  expect((await patch(pathOf(channel), {}, etagOf(changed))).body).toEqual(changed.body);
});

test('another URL keeps the secrets of a webhook; each kind has its own place for it', async () => {
  const [webhook, slack] = [
    await aChannel(api.knex, place()),
    await aChannel(api.knex, { ...place(), kind: 'slack' }),
  ];
  const moved = await patch(pathOf(webhook), { url: 'https://other.invalid/in?token=not-a-secret' });
  expect([moved.status, moved.body.config]).toEqual([200, { url: 'https://other.invalid/in' }]);
  expect(await secretsOf(webhook.id)).toEqual({
    url: 'https://other.invalid/in?token=not-a-secret',
    secrets: [{ secret: webhookSecret, expires_at: null }],
  });
  const url = 'https://slack.other.invalid/services/x';
  expect((await patch(pathOf(slack), { secrets: { url } })).body.config).toEqual({
    host: 'slack.other.invalid',
  });
  expect(await secretsOf(slack.id)).toEqual({ url });
  for (const [path, body, pointer] of [
    [pathOf(slack), { url: webhookUrl }, '/url'],
    [pathOf(webhook), { secrets: { url: slackUrl } }, '/secrets'],
  ] as const) {
    const refused = await patch(path, body);
    expect([refused.status, refused.body.errors[0]]).toMatchObject([
      422,
      { pointer, code: 'not_of_this_kind' },
    ]);
  }
});

test('switched off it is told nothing any more; switched on again it is as new', async () => {
  const channel = await aChannel(api.knex, place());
  const pending = await aDelivery(api.knex, { channel, state: 'pending', gathers: true });
  const off = await patch(pathOf(channel), { enabled: false });
  expect(off.body).toMatchObject({ enabled: false, disabled_at: null, disabled_reason: null });
  const { body } = await api.get(`${pathOf(channel)}/deliveries/${pending}`);
  expect(body).toMatchObject({ state: 'withdrawn', error: 'The channel was switched off.' });
  // As a worker does when nobody is there any more.
  await api.knex('alert_channels').where({ id: channel.id }).update({
    disabled_at: new Date(),
    disabled_reason: 'Slack answered no_service',
    failing_since: new Date(),
  });
  const gone = await api.get(pathOf(channel));
  expect(gone.body).toMatchObject({ disabled_reason: 'Slack answered no_service' });
  const on = await patch(pathOf(channel), { enabled: true }, etagOf(gone));
  expect(on.body).toMatchObject({
    enabled: true,
    disabled_at: null,
    disabled_reason: null,
    failing_since: null,
  });
});

test('a rotated secret signs beside the old one for a while, or at once alone', async () => {
  const channel = await aChannel(api.knex, place());
  const before = Date.now();
  const rotated = await api.post(`${pathOf(channel)}/rotate-secret`);
  expect(rotated.status).toBe(200);
  const { secret: second, old_secrets_valid_until: until } = rotated.body;
  expect(etagOf(rotated)).toBe(etagOf(await api.get(pathOf(channel))));
  expect(Math.abs(Date.parse(until) - before - 86_400_000)).toBeLessThan(60_000);
  const kept = (await secretsOf(channel.id)) as { url: string; secrets: { expires_at: string }[] };
  expect(kept).toEqual({
    url: webhookUrl,
    secrets: [
      { secret: second, expires_at: null },
      { secret: webhookSecret, expires_at: expect.any(String) },
    ],
  });
  expect(Math.abs(Date.parse(kept.secrets[1]?.expires_at ?? '') - Date.parse(until))).toBeLessThan(60_000);
  // The first one does not live longer for it.
  await api.post(`${pathOf(channel)}/rotate-secret`, { keep_old_hours: 48 });
  expect(await secretsOf(channel.id)).toMatchObject({
    secrets: [{ expires_at: null }, { secret: second }, { secret: webhookSecret, ...kept.secrets[1] }],
  });
  const { secret: last } = (await api.post(`${pathOf(channel)}/rotate-secret`, { keep_old_hours: 0 })).body;
  expect(await secretsOf(channel.id)).toMatchObject({ secrets: [{ secret: last, expires_at: null }] });
  expect(JSON.stringify((await api.get(pathOf(channel))).body)).not.toContain('whsec_');
});

test('secrets are not rotated without end, nor of what signs nothing', async () => {
  const channel = await aChannel(api.knex, place());
  const rotate = (body?: object) => api.post(`${pathOf(channel)}/rotate-secret`, body);
  for (let made = 1; made < 10; made += 1) expect((await rotate()).status).toBe(200);
  const refused = await rotate();
  expect([refused.status, refused.body.code]).toEqual([409, 'too_many_secrets']);
  expect((await rotate({ keep_old_hours: 0 })).status).toBe(200);
  expect((await rotate({ keep_old_hours: 721 })).status).toBe(400);
  const slack = await aChannel(api.knex, { ...place(), kind: 'slack' });
  expect((await api.post(`${pathOf(slack)}/rotate-secret`)).status).toBe(422);
});

test('rotations at once lose no secret that was shown', async () => {
  const channel = await aChannel(api.knex, place());
  const answers = await Promise.all([1, 2, 3].map(() => api.post(`${pathOf(channel)}/rotate-secret`)));
  const shown = answers.map(({ body }) => body.secret);
  const { secrets } = (await secretsOf(channel.id)) as { secrets: { secret: string }[] };
  expect(secrets.map(({ secret }) => secret).toSorted()).toEqual([webhookSecret, ...shown].toSorted());
});

test('what a rule names is not deleted; deleted, it has no secrets, and is not told what it was to be told', async () => {
  const channel = await aChannel(api.knex, place());
  const pending = await aDelivery(api.knex, { channel, state: 'pending' });
  const sync = await aSync(api.knex, place());
  const rule = `/api/v1/syncs/${sync.id}/alert-rules/run_late`;
  await api.send(rule, { method: 'PUT', body: { channel_ids: [channel.id] } });
  const seen = etagOf(await api.get(pathOf(channel)));
  const kept = await api.send(pathOf(channel), { method: 'DELETE' });
  expect([kept.status, kept.body.code]).toEqual([409, 'in_use']);
  expect(kept.body.detail).toContain(`the rule "run_late" (${sync.id})`);
  await api.send(rule, { method: 'DELETE' });
  await patch(pathOf(channel), { name: `Renamed ${uniqueSuffix()}` });
  const headers = { 'If-Match': seen };
  expect((await api.send(pathOf(channel), { method: 'DELETE', headers })).status).toBe(412);
  expect((await api.send(pathOf(channel), { method: 'DELETE' })).status).toBe(204);
  expect((await api.get(pathOf(channel))).status).toBe(404);
  expect((await api.get(`${pathOf(channel)}/deliveries`)).status).toBe(404);
  expect(await api.knex('alert_channels').where({ id: channel.id }).first('secrets_sealed')).toEqual({
    secrets_sealed: null,
  });
  const row = await api.knex('alert_deliveries').where({ id: pending }).first('state', 'error');
  expect(row).toEqual({ state: 'withdrawn', error: 'The channel was deleted.' });
});

test('a rule of a sync that is deleted keeps no channel', async () => {
  const channel = await aChannel(api.knex, place());
  const sync = await aSync(api.knex, place());
  const body = { channel_ids: [channel.id] };
  await api.send(`/api/v1/syncs/${sync.id}/alert-rules/run_late`, { method: 'PUT', body });
  await api.send(`/api/v1/syncs/${sync.id}`, { method: 'DELETE' });
  expect((await api.send(pathOf(channel), { method: 'DELETE' })).status).toBe(204);
});

test('a rule and the deletion of its channel, at once: one of them is refused', async () => {
  for (let round = 0; round < 5; round += 1) {
    const channel = await aChannel(api.knex, place());
    const sync = await aSync(api.knex, place());
    const [put, removed] = await Promise.all([
      api.send(`/api/v1/syncs/${sync.id}/alert-rules/run_late`, {
        method: 'PUT',
        body: { channel_ids: [channel.id] },
      }),
      api.send(pathOf(channel), { method: 'DELETE' }),
    ]);
    expect([
      [200, 409],
      [422, 204],
    ]).toContainEqual([put.status, removed.status]);
  }
});

/** As a worker does: sends the message, and notes what came back. */
function workerAnswers(state: 'delivered' | 'failed', attempt: object): void {
  const inspect = api.inspector.inspect.bind(api.inspector);
  api.inspector.inspect = async (input) => {
    api.inspector.inspect = inspect;
    if (input.what !== 'channel') throw new Error(`not a channel but a ${input.what}`);
    const place = { workspace_id: input.workspaceId, delivery_id: input.deliveryId };
    await api.knex('alert_attempts').insert({ ...place, attempt: 1, ...attempt });
    await api
      .knex('alert_deliveries')
      .where({ id: input.deliveryId })
      .update({ state, attempts: 1, ended_at: new Date() });
    return inspect(input);
  };
}

test('a test tells what came back, and stands among the deliveries', async () => {
  const channel = await aChannel(api.knex, place());
  const taken = { duration_ms: 31, http_status: 200, answer: 'ok' };
  workerAnswers('delivered', taken);
  const good = await api.post(`${pathOf(channel)}/test`);
  expect(good.body).toEqual({ ok: true, delivery_id: expect.any(String), error: null, ...taken });
  const refused = { duration_ms: 12, http_status: 404, answer: 'no_team', error: 'The channel answered 404' };
  workerAnswers('failed', refused);
  // Also where nothing else is told.
  await patch(pathOf(channel), { enabled: false });
  const bad = await api.post(`${pathOf(channel)}/test`);
  expect(bad.body).toEqual({ ok: false, delivery_id: expect.any(String), ...refused });
  const { body } = await api.get(`${pathOf(channel)}/deliveries`);
  expect(body.data).toMatchObject([
    { id: bad.body.delivery_id, type: 'channel.test', due_at: null, attempts: [refused] },
    { id: good.body.delivery_id, type: 'channel.test', state: 'delivered' },
  ]);
});

test('a test that no worker sent is withdrawn: nobody sends it hours later', async () => {
  const channel = await aChannel(api.knex, place());
  const { answer } = api.inspector;
  api.inspector.answer = null;
  const { status, body } = await api.post(`${pathOf(channel)}/test`);
  api.inspector.answer = answer;
  expect([status, body.code]).toEqual([503, 'inspection_unavailable']);
  const { body: list } = await api.get(`${pathOf(channel)}/deliveries`);
  expect(list.data).toMatchObject([{ state: 'withdrawn', error: 'No worker sent it in time.' }]);
});

test('no answer and no line of the log has a secret, whatever is asked', async () => {
  const mark = 'CanaryHookQzXw';
  const signing = `whsec_${Buffer.from(mark.repeat(3)).toString('base64')}`;
  const url = `https://ops.invalid/in?key=${mark}`;
  const bodies: object[] = [
    { kind: 'slack', secrets: { url: `https://hooks.slack.invalid/services/${mark}` } },
    { kind: 'webhook', url, secret: signing },
    { kind: 'webhook', url: `https://${mark}:x@ops.invalid/`, secret: signing },
    { kind: 'webhook', url, secret: `${signing}!` },
    { kind: 'slack', secrets: { url: `http://hooks.slack.com/${mark}` } },
  ];
  const answers: ApiAnswer[] = [];
  for (const body of bodies) answers.push(await make(body));
  const { body: made } = answers[1] as ApiAnswer;
  const alert = await anAlert(api.knex, { sync: await aSync(api.knex, place()) });
  await aDelivery(api.knex, { channel: { id: made.id, ...place() }, alerts: [alert] });
  for (const path of ['', '/deliveries']) answers.push(await api.get(pathOf(made) + path));
  answers.push(await patch(pathOf(made), { url: `${url}2` }));
  answers.push(await api.get('/api/v1/alert-channels'));
  answers.push(await api.post(`${pathOf(made)}/test`));
  answers.push(await api.get(`/api/v1/alerts/${alert.id}/deliveries`));
  const text = answers.map(({ body }) => JSON.stringify(body)).join('\n');
  for (const secret of [mark, signing]) {
    expect(text).not.toContain(secret);
    expect(api.logged()).not.toContain(secret);
  }
  expect(answers.map(({ status }) => status)).toEqual([
    201, 201, 400, 400, 400, 200, 200, 200, 200, 200, 200,
  ]);
});
