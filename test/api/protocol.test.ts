// What holds for every request: no token, problems, limits, request ids. Scopes are scopes.test.ts'.
import { type AppDependencies, createApp } from '../../api/create-app';
import { problemTable } from '../../api/problems/problems';
import { connect } from '../../db/connect';
import { type ApiAnswer, type RunningApi, startApi } from './running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

function expectProblem(answer: ApiAnswer, status: number, code: string): void {
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body).toMatchObject({
    type: `/problems/${code}`,
    title: problemTable[code as keyof typeof problemTable].title,
    status,
    detail: expect.any(String),
    instance: expect.any(String),
    request_id: answer.headers.get('x-request-id'),
    errors: expect.any(Array),
  });
}

const raw = async (path: string, init: RequestInit): Promise<ApiAnswer> => {
  const headers = { Authorization: `Bearer ${api.token}`, ...(init.headers as Record<string, string>) };
  const answer = await fetch(api.url + path, { ...init, headers });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
};

test.each([
  ['no token', null],
  ['an unknown token', 'not-a-token'],
  ['an empty token', ''],
  ['two words', 'a b'],
])('%s is 401 with a challenge, on known and unknown paths alike', async (_, token) => {
  for (const path of ['/api/v1/sources', '/api/v1/nothing', '/api/v1/syncs/sync_1/runs']) {
    const answer = await api.get(path, token);
    expectProblem(answer, 401, 'unauthenticated');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
  }
});

test('basic credentials and a token in the query are no token', async () => {
  const basic = { Authorization: `Basic ${Buffer.from(`x:${api.token}`).toString('base64')}` };
  expectProblem(await api.send('/api/v1/sources', { token: null, headers: basic }), 401, 'unauthenticated');
  expectProblem(await api.get(`/api/v1/sources?access_token=${api.token}`, null), 401, 'unauthenticated');
});

test('unknown paths are 404 and unknown methods 405 with what is allowed', async () => {
  for (const path of ['/api/v1/nothing', '/api/v1', '/api/v1/', '/nothing', '/api/v2/syncs']) {
    expectProblem(await api.get(path), 404, 'not_found');
  }
  for (const method of ['DELETE', 'PUT', 'PATCH', 'OPTIONS', 'PROPFIND']) {
    const answer = await api.send('/api/v1/sources', { method });
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  }
  expectProblem(await api.send('/livez', { method: 'POST' }), 405, 'method_not_allowed');
});

test('a path is known in its own spelling only, and other spellings are 404 with and without a token', async () => {
  for (const path of ['/API/V1/sources', '/api/v1/Sources', '/LIVEZ']) {
    expectProblem(await api.get(path), 404, 'not_found');
  }
  expect((await fetch(`${api.url}/API/V1/sources`)).status).toBe(404);
  expect((await fetch(`${api.url}/api/v1/Sources`)).status).toBe(401);
});

test('a body that is not compressed as it says is 400', async () => {
  const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' };
  const answer = await raw('/api/v1/sources', { method: 'POST', body: '{}', headers });
  expectProblem(answer, 400, 'invalid_json');
  expect(answer.body.detail).toContain('Content-Encoding');
});

test('faults are told in sentences of ours', async () => {
  const headers = { 'Content-Type': 'application/json' };
  const told = async (body: unknown) => {
    const init = { method: 'POST', body: JSON.stringify(body), headers };
    const { errors, detail } = (await raw('/api/v1/syncs', init)).body;
    return {
      errors: errors.map((fault: { pointer: string; detail: string }) => [fault.pointer, fault.detail]),
      detail,
    };
  };
  for (const other of [[], 'text', 7, null])
    expect((await told(other)).detail).toBe('The whole body: Must be an object.');
  const { errors } = await told({ name: '', model_id: 7, mode: 'sync', mapping: [], destination_id: null });
  expect(errors).toEqual(
    expect.arrayContaining([
      ['/name', 'Must not be empty.'],
      ['/model_id', 'Must be a text.'],
      ['/mode', 'Must be one of upsert, insert, update, mirror.'],
      ['/mapping', 'Must not be empty.'],
    ]),
  );
  const twice = await api.get('/api/v1/syncs?page=1&page=2');
  expect(twice.body.errors).toEqual([
    { pointer: '/page', code: 'invalid_type', detail: 'Must be given once.' },
  ]);
});

test.each([
  ['broken JSON', '{"name": "canary', 'invalid_json'],
  ['a bare value', '"canary"', 'invalid_request'],
  ['null', 'null', 'invalid_request'],
  ['two values', '{}{}', 'invalid_json'],
  ['a prototype', '{"__proto__": {"admin": true}}', 'invalid_json'],
])('%s is 400 and is not repeated', async (_, body, code) => {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await raw('/api/v1/sources', { method: 'POST', body, headers });
  expect(answer.status).toBe(400);
  expect(answer.body.code).toMatch(code);
  expect(JSON.stringify(answer.body)).not.toContain('canary');
});

test.each([
  ['{"name": "canary" "kind"}', 'The body is not valid JSON: it goes wrong after 18 characters.'],
  ['{"name":', 'The body is not valid JSON.'],
  ['canary', 'The body is not valid JSON.'],
  ['{"a": {"__proto__": "canary"}}', 'An object of the body has the key "__proto__".'],
])('what is wrong with %j is told without repeating it', async (body, detail) => {
  const headers = { 'Content-Type': 'application/json' };
  expect((await raw('/api/v1/sources', { method: 'POST', body, headers })).body.detail).toBe(detail);
});

test('a body beyond 256 kB is 413, whether or not it says its length', async () => {
  const body = JSON.stringify({ name: 'x'.repeat(300_000) });
  const headers = { 'Content-Type': 'application/json' };
  expectProblem(await raw('/api/v1/sources', { method: 'POST', body, headers }), 413, 'body_too_large');
  const chunked = new Blob([body]).stream();
  const init = { method: 'POST', body: chunked, headers, duplex: 'half' } as RequestInit;
  expectProblem(await raw('/api/v1/sources', init), 413, 'body_too_large');
});

test('a body of another type is 415; none, an empty form and +json are taken', async () => {
  const path = '/api/v1/sources';
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const answer = await raw(path, { method: 'POST', body: '{}', headers: { 'Content-Type': type } });
    expectProblem(answer, 415, 'unsupported_media_type');
  }
  const charset = { 'Content-Type': 'application/json; charset=utf-32' };
  expect((await raw(path, { method: 'POST', body: '{}', headers: charset })).status).toBeLessThan(500);
  for (const type of ['application/json; charset=utf-8', 'application/vnd.api+json']) {
    const answer = await raw(path, { method: 'POST', body: '{}', headers: { 'Content-Type': type } });
    expectProblem(answer, 400, 'invalid_request');
  }
  const form = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': '0' };
  expectProblem(await raw(path, { method: 'POST', headers: form }), 400, 'invalid_request');
});

test('a request id is taken from the caller when harmless, else made, and stands in the log', async () => {
  const given = await api.send('/api/v1/sources', { headers: { 'X-Request-Id': 'trace-1.2:3' } });
  expect(given.headers.get('x-request-id')).toBe('trace-1.2:3');
  for (const bad of ['a b', 'x'.repeat(129), '"quoted"']) {
    const answer = await api.send('/api/v1/sources', { headers: { 'X-Request-Id': bad } });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  }
  expect(api.logged()).toContain('"request_id":"trace-1.2:3"');
});

test('neither tokens nor bodies nor queries are logged', async () => {
  await api.post('/api/v1/sources', {
    name: 'canary-name',
    kind: 'postgres',
    config: { url: 'postgres://u:canary-pw@h/d' },
  });
  await api.get('/api/v1/sources?name=canary-query');
  for (const path of [
    '/canary-path',
    '/api/v1/canary-path',
    '/api/v1/syncs/canary-id/runs',
    '/api/v1/sources/canary-id',
  ])
    for (const method of ['GET', 'DELETE']) await api.send(path, { method });
  expect(api.logged()).toContain('"path":"/api/v1/sources"');
  expect(api.logged()).not.toContain('canary');
  expect(api.logged()).not.toContain(api.token);
});

test('answers are never cached and never sniffed', async () => {
  const { headers } = await api.get('/api/v1/sources');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('the address in a problem’s type tells what the code means', async () => {
  const { body } = await api.get('/api/v1/nothing');
  expect((await api.get(body.type, null)).body).toMatchObject({ code: 'not_found', status: 404 });
  expect((await api.get('/problems', null)).body.data).toHaveLength(Object.keys(problemTable).length);
  expectProblem(await api.get('/problems/toString', null), 404, 'not_found');
});

test('a database that is away is 503 with Retry-After; a bug is 500 without detail', async () => {
  const away = connect('postgres://nobody@127.0.0.1:1/none');
  const broken = Object.assign(() => undefined, { raw: () => undefined });
  for (const [knex, status, code] of [
    [away, 503, 'database_unavailable'],
    [broken as unknown as typeof away, 500, 'internal'],
  ] as const) {
    const other = await startApi({ knex });
    const answer = await other.get('/api/v1/sources');
    expectProblem(answer, status, code);
    expect(answer.headers.get('retry-after')).toBe(status === 503 ? '5' : null);
    expect(JSON.stringify(answer.body)).not.toMatch(/ECONNREFUSED|function|127\.0\.0\.1/);
    expect(other.logged()).toContain('request failed');
    await other.stop();
  }
  await away.destroy();
});

test('the app can be built without listening or touching the database', () => {
  const app = createApp({ knex: api.knex, secretKey: Buffer.alloc(32) } as AppDependencies);
  expect(app.middleware.length).toBeGreaterThan(5);
});
