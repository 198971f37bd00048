// Tokens over HTTP: shown once, never read back, refused once they are over, and not to be used to get more than one has.
import { createHash } from 'node:crypto';
import { type TokenScope, tokenScopes } from '../../../db/configuration/token-store';
import { aToken, aWorkspace, uniqueSuffix } from '../../factories/a-workspace';
import { type ApiAnswer, type Json, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const name = (): string => `CI ${uniqueSuffix()}`;
const make = (body: object, token = api.token): Promise<ApiAnswer> =>
  api.send('/api/v1/tokens', { method: 'POST', body, token });
const revoke = (id: string, token = api.token): Promise<ApiAnswer> =>
  api.send(`/api/v1/tokens/${id}`, { method: 'DELETE', token });
const faults = ({ body }: ApiAnswer): string[] =>
  body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`);

test('a token is made, works, and shows its secret once', async () => {
  const given = { name: name(), scopes: ['read', 'trigger'], expires_at: '2100-01-01T12:00:00+02:00' };
  const made = await make(given);
  const { token, ...shown } = made.body;
  expect([made.status, made.headers.get('location'), made.headers.get('cache-control')]).toEqual([
    201,
    `/api/v1/tokens/${shown.id}`,
    'no-store',
  ]);
  expect(shown).toEqual({
    id: expect.stringMatching(/^tok_/),
    name: given.name,
    scopes: ['read', 'trigger'],
    status: 'active',
    created_at: time,
    created_by: { id: expect.stringMatching(/^tok_/), name: expect.any(String) },
    expires_at: '2100-01-01T10:00:00Z',
    last_used_at: null,
    revoked_at: null,
    revoked_by: null,
  });
  expect(token).toMatch(/^signalsmith_[0-9a-z]{50}$/);
  expect((await api.get('/api/v1/syncs', token)).status).toBe(200);
  const read = await api.get(`/api/v1/tokens/${shown.id}`);
  expect(read.body).toEqual({ ...shown, last_used_at: time });
  const listed = await api.get(`/api/v1/tokens?name=${encodeURIComponent(given.name)}`);
  expect(listed.body).toEqual({ data: [read.body], pagination: { page: 1, per_page: 20, total: 1 } });
});

test('secrets are all different, and neither they nor their hashes stand in tables, answers or logs', async () => {
  const made = await Promise.all(Array.from({ length: 5 }, () => make({ name: name(), scopes: ['read'] })));
  const secrets = made.map(({ body }) => body.token as string);
  expect(new Set(secrets).size).toBe(5);
  for (const secret of secrets) await api.get('/api/v1/tokens', secret);
  const { rows } = await api.knex.raw(`SELECT t::text AS row FROM api_tokens t`);
  const read = JSON.stringify((await api.get('/api/v1/tokens?per_page=100')).body);
  const hashes = secrets.map((secret) => createHash('sha256').update(secret).digest('hex'));
  for (const secret of secrets) {
    for (const place of [JSON.stringify(rows), read, api.logged()]) expect(place).not.toContain(secret);
  }
  for (const hash of hashes) {
    expect(JSON.stringify(rows)).toContain(hash);
    for (const place of [read, api.logged()]) expect(place).not.toContain(hash);
  }
});

test('a revoked token is refused at once, stays readable with who revoked it, and stays revoked', async () => {
  const { id, token, name: called } = (await make({ name: name(), scopes: ['read'] })).body;
  expect(await revoke(id)).toMatchObject({ status: 204, body: null });
  expect(await api.get('/api/v1/syncs', token)).toMatchObject({
    status: 401,
    body: { code: 'unauthenticated' },
  });
  const shown = (await api.get(`/api/v1/tokens/${id}`)).body;
  expect(shown).toMatchObject({
    status: 'revoked',
    revoked_at: time,
    revoked_by: { id: expect.any(String), name: expect.any(String) },
  });
  expect((await revoke(id)).status).toBe(204);
  expect((await api.get(`/api/v1/tokens/${id}`)).body).toEqual(shown);
  expect((await make({ name: called, scopes: ['read'] })).status).toBe(201);
});

test('an expired token is refused, and so is any other spelling of a good one', async () => {
  const { id, token } = (
    await make({ name: name(), scopes: tokenScopes, expires_at: '2100-01-01T00:00:00Z' })
  ).body;
  const other = (await make({ name: name(), scopes: ['read'] })).body.token;
  await api
    .knex('api_tokens')
    .where({ id })
    .update({ expires_at: new Date(Date.now() - 1_000) });
  expect((await api.get(`/api/v1/tokens/${id}`)).body.status).toBe('expired');
  const spellings = [
    token,
    other.toUpperCase(),
    other.slice(0, -1),
    `${other}0`,
    other.slice(12),
    `${other} x`,
  ];
  for (const spelling of spellings) {
    const answer = await api.get('/api/v1/syncs', spelling);
    expect([spelling, answer.status, answer.body.code]).toEqual([spelling, 401, 'unauthenticated']);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
  }
  expect((await api.get('/api/v1/syncs', other)).status).toBe(200);
});

test('a token gives nobody a scope it does not have', async () => {
  const admin = await api.newToken(['admin']);
  const answers: [TokenScope, number][] = [];
  for (const scope of tokenScopes)
    answers.push([scope, (await make({ name: name(), scopes: [scope] }, admin)).status]);
  expect(answers).toEqual([
    ['read', 403],
    ['trigger', 403],
    ['write', 403],
    ['admin', 201],
  ]);
  const refused = await make({ name: name(), scopes: ['admin', 'write'] }, admin);
  expect(refused.body).toMatchObject({ code: 'scope_missing', detail: expect.stringContaining('"write"') });
  const lesser = await api.newToken(['read', 'trigger', 'write']);
  expect((await make({ name: name(), scopes: ['read'] }, lesser)).status).toBe(403);
});

test('a token that expires makes none that lasts longer; one that does not, any', async () => {
  const end = new Date('2099-06-01T12:00:00Z');
  const brief = (await aToken(api.knex, api.workspaceId, tokenScopes, end)).token;
  const made = async (by: string, expires_at?: string | null) => {
    const answer = await make({ name: name(), scopes: ['admin'], expires_at }, by);
    return answer.status === 201 ? 201 : [answer.status, faults(answer), answer.body.errors[0].detail];
  };
  const refused = [
    422,
    ['/expires_at outlives_its_maker'],
    'Must be 2099-06-01T12:00:00Z at the latest: the token that makes it expires then.',
  ];
  expect(await made(brief)).toEqual(refused);
  expect(await made(brief, null)).toEqual(refused);
  expect(await made(brief, '2099-06-01T12:00:01Z')).toEqual(refused);
  expect(await made(brief, '2099-06-01T14:00:00+02:00')).toBe(201);
  expect(await made(brief, '2098-01-01T00:00:00Z')).toBe(201);
  expect(await made(api.token, '2099-06-01T12:00:01Z')).toBe(201);
  expect(await made(api.token)).toBe(201);
});

test.each([
  [{ scopes: ['read'] }, '/name required'],
  [{ name: 'x', scopes: [] }, '/scopes too_small'],
  [{ name: 'x', scopes: ['read', 'read'] }, '/scopes invalid_value'],
  [{ name: 'x', scopes: ['owner'] }, '/scopes/0 invalid_value'],
  [{ name: 'x', scopes: 'read' }, '/scopes invalid_type'],
  [{ name: 'API_TOKEN', scopes: ['read'] }, '/name reserved'],
  [{ name: 'x', scopes: ['read'], expires_at: '2020-01-01T00:00:00Z' }, '/expires_at not_in_the_future'],
  [{ name: 'x', scopes: ['read'], expires_at: '9999-12-31T23:00:00-14:00' }, '/expires_at not_in_the_future'],
  [{ name: 'x', scopes: ['read'], expires_at: '2100-01-01' }, '/expires_at invalid_format'],
  [{ name: 'x', scopes: ['read'], token: 'mine' }, '/token unknown_key'],
  [{ name: 'x', scopes: ['read'], workspace_id: 'ws_1' }, '/workspace_id unknown_key'],
])('%j is 400: %s', async (body, fault) => {
  const answer = await make(body);
  expect([answer.status, faults(answer)]).toEqual([400, [fault]]);
});

test('a name is taken until its token is revoked, within its workspace', async () => {
  const body = { name: name(), scopes: ['read'] };
  const { id } = (await make(body)).body;
  const again = await make(body);
  expect([again.status, again.body.code, faults(again)]).toEqual([409, 'name_taken', ['/name name_taken']]);
  const stranger = await api.newToken(tokenScopes, (await aWorkspace(api.knex)).id);
  expect((await make(body, stranger)).status).toBe(201);
  await revoke(id);
  expect((await make(body)).status).toBe(201);
});

describe('the last admin token', () => {
  async function aRoom(): Promise<{ workspaceId: string; admin: { id: string; token: string } }> {
    const workspaceId = (await aWorkspace(api.knex)).id;
    return { workspaceId, admin: await aToken(api.knex, workspaceId, ['admin']) };
  }
  const validAdmins = (workspaceId: string) =>
    api
      .knex('api_tokens')
      .where({ workspace_id: workspaceId })
      .whereNull('revoked_at')
      .whereRaw(`'admin' = ANY (scopes) AND coalesce(expires_at > now(), true)`);

  test('cannot be revoked; expired and revoked ones, others’ and lesser ones do not count', async () => {
    const { workspaceId, admin } = await aRoom();
    await aToken(api.knex, workspaceId, ['read', 'write']);
    const expired = await aToken(api.knex, workspaceId, ['admin']);
    await api
      .knex('api_tokens')
      .where({ id: expired.id })
      .update({ expires_at: new Date(0) });
    const refused = await revoke(admin.id, admin.token);
    expect([refused.status, refused.body.code]).toEqual([409, 'last_admin_token']);
    expect((await revoke(expired.id, admin.token)).status).toBe(204);
    expect((await revoke(admin.id, admin.token)).status).toBe(409);
    const second = (await make({ name: name(), scopes: ['admin'] }, admin.token)).body;
    expect((await revoke(admin.id, admin.token)).status).toBe(204);
    expect((await revoke(admin.id, second.token)).status).toBe(204);
    expect((await revoke(second.id, second.token)).status).toBe(409);
  });

  test('is one that lasts: those that expire do not count, and may go', async () => {
    const { workspaceId, admin } = await aRoom();
    const end = new Date('2099-01-01T00:00:00Z');
    const [brief, briefer] = [
      await aToken(api.knex, workspaceId, ['admin'], end),
      await aToken(api.knex, workspaceId, ['admin'], end),
    ];
    const refused = await revoke(admin.id, brief.token);
    expect([refused.status, refused.body.code]).toEqual([409, 'last_admin_token']);
    expect((await revoke(brief.id, briefer.token)).status).toBe(204);
    expect((await revoke(briefer.id, briefer.token)).status).toBe(204);
    expect((await revoke(admin.id, admin.token)).status).toBe(409);
  });

  test('may be one that expires where none lasts', async () => {
    const { id: workspaceId } = await aWorkspace(api.knex);
    const end = new Date('2099-01-01T00:00:00Z');
    const [one, other] = [
      await aToken(api.knex, workspaceId, ['admin'], end),
      await aToken(api.knex, workspaceId, ['admin'], end),
    ];
    expect((await revoke(one.id, other.token)).status).toBe(204);
    expect((await revoke(other.id, other.token)).status).toBe(409);
  });

  test('stays when two revoke each other at once', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { workspaceId, admin } = await aRoom();
      const other = await aToken(api.knex, workspaceId, ['admin']);
      const answers = await Promise.all([revoke(other.id, admin.token), revoke(admin.id, other.token)]);
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
      expect(await validAdmins(workspaceId)).toHaveLength(1);
    }
  });
});

test('its use is noted without a write for each request', async () => {
  const { id, token } = (await make({ name: name(), scopes: ['read'] })).body;
  const noted = async (): Promise<Json> =>
    api.knex('api_tokens').where({ id }).first('last_used_at', api.knex.raw('xmin::text AS written_by'));
  for (const answer of await Promise.all(Array.from({ length: 6 }, () => api.get('/api/v1/syncs', token)))) {
    expect(answer.status).toBe(200);
  }
  const first = await noted();
  await api.get('/api/v1/syncs', token);
  expect([first.last_used_at, await noted()]).toEqual([expect.any(Date), first]);
  const earlier = (minutes: number) =>
    api.knex.raw(`UPDATE api_tokens SET last_used_at = now() - make_interval(mins => ?) WHERE id = ?`, [
      minutes,
      id,
    ]);
  await earlier(9);
  const young = await noted();
  await api.get('/api/v1/syncs', token);
  expect(await noted()).toEqual(young);
  await earlier(11);
  const old = await noted();
  await api.get('/api/v1/syncs', token);
  expect((await noted()).last_used_at.getTime()).toBeGreaterThan(old.last_used_at.getTime());
});

test('tokens are an admin’s business, and another workspace’s is none', async () => {
  const { id } = (await make({ name: name(), scopes: ['read'] })).body;
  const lesser = await api.newToken(['read', 'trigger', 'write']);
  const stranger = await api.newToken(tokenScopes, (await aWorkspace(api.knex)).id);
  for (const [method, path] of [
    ['GET', '/api/v1/tokens'],
    ['POST', '/api/v1/tokens'],
    ['GET', `/api/v1/tokens/${id}`],
    ['DELETE', `/api/v1/tokens/${id}`],
  ] as const) {
    expect([method, path, (await api.send(path, { method, token: lesser })).status]).toEqual([
      method,
      path,
      403,
    ]);
  }
  for (const missing of [id, 'tok_00000000000000000000000000', 'sync_1', '%00']) {
    const [read, revoked] = [
      await api.get(`/api/v1/tokens/${missing}`, stranger),
      await revoke(missing, stranger),
    ];
    expect([missing, read.status, revoked.status]).toEqual([missing, 404, 404]);
  }
  expect((await api.get('/api/v1/tokens', stranger)).body.pagination.total).toBe(1);
  expect((await api.get(`/api/v1/tokens/${id}`)).body.status).toBe('active');
});
