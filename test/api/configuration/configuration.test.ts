// Creating and reading sources, models and destinations: what is stored, shown, sealed and refused.
import { httpConfigSchema, readHttpConfig } from '../../../connectors/destinations/http/http-config';
import { postgresDestination } from '../../../connectors/destinations/postgres/postgres-destination';
import { DestinationStore } from '../../../db/configuration/destination-store';
import { SourceStore } from '../../../db/configuration/source-store';
import { crmResponse } from '../../../demo/demo-sync';
import { failureOf } from '../../../domain/failure';
import { aSource } from '../../factories/a-source';
import { testSecretKey, uniqueSuffix } from '../../factories/a-workspace';
import { type RunningApi, startApi } from '../running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const author = { id: expect.stringMatching(/^tok_/), name: expect.stringMatching(/^token /) };
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const sourceBody = (url: string) => ({ name: `S ${uniqueSuffix()}`, kind: 'postgres', config: { url } });

// The demo's destination, as its documentation shows it.
const crmConfig = {
  url: 'http://127.0.0.1:4000/api/contacts/batch',
  method: 'POST',
  delete_url: 'http://127.0.0.1:4000/api/contacts/delete',
  batch_rows: 500,
  concurrency: 3,
  timeout_seconds: 30,
  request: { rows_field: 'records' },
  response: crmResponse,
};
const httpBody = (config: object, secrets?: object) => ({
  name: `D ${uniqueSuffix()}`,
  kind: 'http',
  config,
  ...(secrets ? { secrets } : {}),
});

test('a postgres source shows where it is and never its URL or password', async () => {
  const url = 'postgresql://reader:canary%2Fpw@[::1]:6543/ware%20house?sslmode=require';
  const body = sourceBody(url);
  const created = await api.post('/api/v1/sources', body);
  expect(created.status).toBe(201);
  expect(created.body).toEqual({
    id: expect.stringMatching(/^src_/),
    name: body.name,
    kind: 'postgres',
    config: { host: '::1', port: 6543, database: 'ware house', user: 'reader', sslmode: 'require' },
    secrets: { configured: true },
    created_at: time,
    created_by: author,
    updated_at: time,
    updated_by: author,
  });
  const path = `/api/v1/sources/${created.body.id}`;
  expect(created.headers.get('location')).toBe(path);
  expect((await api.get(path)).body).toEqual(created.body);
  const listed = await api.get(`/api/v1/sources?name=${encodeURIComponent(body.name)}`);
  expect(listed.body).toEqual({ data: [created.body], pagination: { page: 1, per_page: 20, total: 1 } });
  const connection = await new SourceStore(api.knex, testSecretKey).connection(
    api.workspaceId,
    created.body.id,
  );
  expect(connection.secrets).toEqual({ url });
  expect(api.logged()).not.toContain('canary');
});

test.each([
  ['nonsense', /^Must be postgres:/],
  ['mysql://u@h/d', /^Must begin with postgres:/],
  ['postgres://u@/d', /(Names no host|Must be postgres)/],
  ['postgres://h/d', /^Names no user/],
  ['postgres://u@h', /^Names no database/],
  ['postgres://u@h/', /^Names no database/],
  ['postgres://u@h:99999/d', /^Must be postgres:/],
  ['postgres://u:100%@h/d', /escape/],
  ['postgres://u%zz@h/d', /escape/],
  ['postgres://u@h/d%zz', /escape/],
  ['postgres://u@h%zz/d', /host/],
  ['postgres://u@%2Fvar%2Frun%2Fpostgresql/d', /socket/],
  ['postgres://u@%2fvar%2frun/d', /socket/],
  ['postgres://u@a,b/d', /exactly one/],
  ['postgres://u@a:1,b:2/d', /(exactly one|Must be postgres)/],
  ['postgres://u@ho%00st/d', /host/],
  ['postgres://u@h/d?host=/tmp', /"host"/],
  ['postgres://u@h/d?hostaddr=169.254.169.254', /"hostaddr"/],
  ['postgres://u@h/d?sslmode=require&sslmode=disable', /more than once/],
  ['postgres://u@h/d?sslcert=/etc/passwd', /"sslcert"/],
  ['postgres://u@h/d?host=elsewhere', /"host"/],
  ['postgres://u@h/d?sslmode=maybe', /sslmode/],
  ['postgres://u@h/d\0', /stored/],
])('the URL %j is refused with a pointer and without being repeated', async (url, detail) => {
  const { status, body } = await api.post('/api/v1/sources', sourceBody(url));
  expect(status).toBe(400);
  expect(body.errors).toEqual([
    { pointer: '/config/url', code: expect.any(String), detail: expect.any(String) },
  ]);
  expect(body.errors[0].detail).toMatch(detail);
  expect(body.errors[0].detail).not.toContain(url);
});

test('every fault of a body is named at once, unknown keys included', async () => {
  const wrong = { name: ' x', kind: 'mongo', config: { url: 1, extra: 1 }, workspace_id: 'ws_1', 'a/b~c': 1 };
  const { status, body } = await api.post('/api/v1/sources', wrong);
  expect(status).toBe(400);
  const found = body.errors.map(
    ({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`,
  );
  expect(found.toSorted()).toEqual([
    '/a~1b~0c unknown_key',
    '/config/extra unknown_key',
    '/config/url invalid_type',
    '/kind invalid_value',
    '/name invalid_value',
    '/workspace_id unknown_key',
  ]);
  const empty = await api.post('/api/v1/sources', {});
  expect(
    empty.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => pointer + code),
  ).toEqual(['/namerequired', '/kindinvalid_value', '/configrequired']);
});

test('a name that is taken is 409 for every resource', async () => {
  const source = sourceBody('postgres://u@h/d');
  const { id } = (await api.post('/api/v1/sources', source)).body;
  const model = { name: 'Taken', source_id: id, sql: 'SELECT 1', row_key: ['id'] };
  const destination = { ...httpBody({ url: 'http://h' }), name: 'Taken' };
  for (const [path, body] of [
    ['/api/v1/sources', source],
    ['/api/v1/models', model],
    ['/api/v1/destinations', destination],
  ] as const) {
    await api.post(path, body);
    const again = await api.post(path, body);
    expect([path, again.status, again.body.code]).toEqual([path, 409, 'name_taken']);
    expect(again.body.errors[0].pointer).toBe('/name');
  }
});

test('a check reports what the inspector found, without the cause', async () => {
  const source = await aSource(api.knex, { workspaceId: api.workspaceId });
  const path = `/api/v1/sources/${source.id}/check`;
  const fine = await api.post(path);
  expect([fine.status, fine.body]).toEqual([
    200,
    { ok: true, checks: [{ name: 'connection', ok: true, detail: 'Connected' }], duration_ms: 12 },
  ]);
  expect(api.inspector.asked.at(-1)).toEqual({
    what: 'source',
    workspaceId: api.workspaceId,
    sourceId: source.id,
  });
  const before = api.inspector.answer;
  const failure = failureOf('source_connection_failed', 'timeout', 'connect ETIMEDOUT 10.0.0.1');
  const checks = [{ name: 'connection', ok: false, detail: failure.message }];
  api.inspector.answer = { ok: false, checks, durationMs: 9, failure };
  const failed = await api.post(path);
  expect([failed.status, failed.body]).toEqual([200, { ok: false, checks, duration_ms: 9 }]);
  api.inspector.answer = null;
  const unavailable = await api.post(path);
  expect([unavailable.status, unavailable.body.code]).toEqual([503, 'inspection_unavailable']);
  expect(unavailable.headers.get('retry-after')).toBe('10');
  api.inspector.answer = before;
  expect((await api.post(path, { deep: true })).status).toBe(400);
});

test('a model is described by its source, and stored with its columns', async () => {
  const source = await aSource(api.knex, { workspaceId: api.workspaceId });
  const body = { name: 'Users', source_id: source.id, sql: 'SELECT * FROM users -- all', row_key: ['id'] };
  const created = await api.post('/api/v1/models', body);
  expect(created.status).toBe(201);
  expect(created.body).toEqual({
    id: expect.stringMatching(/^mdl_/),
    ...body,
    columns: [
      { name: 'id', type: 'text' },
      { name: 'email', type: 'text' },
      { name: 'last_name', type: 'text' },
    ],
    version: 1,
    created_at: time,
    created_by: author,
    updated_at: time,
    updated_by: author,
  });
  expect(api.inspector.asked.at(-1)).toMatchObject({ what: 'model', sql: body.sql });
  expect((await api.get(`/api/v1/models/${created.body.id}`)).body).toEqual(created.body);
  expect((await api.get('/api/v1/models?name=Users')).body.data).toEqual([created.body]);
});

test('a model without its key column, with wrong SQL or an unreachable source is 422 and not stored', async () => {
  const source = await aSource(api.knex, { workspaceId: api.workspaceId });
  const body = { name: 'Broken', source_id: source.id, sql: 'SELECT', row_key: ['id', 'emial'] };
  const noKey = await api.post('/api/v1/models', body);
  expect([noKey.status, noKey.body.code]).toEqual([422, 'row_key_not_in_model']);
  expect(noKey.body.errors).toEqual([
    {
      pointer: '/row_key/1',
      code: 'unknown_column',
      detail: 'The model has no column "emial"; did you mean "email"?',
    },
  ]);
  const farOff = await api.post('/api/v1/models', { ...body, row_key: ['uuid'] });
  expect(farOff.body.errors[0].detail).toBe(
    'The model has no column "uuid"; there are "id", "email", "last_name".',
  );

  const before = api.inspector.answer;
  const query = failureOf('model_query_failed', 'syntax error at line 12', 'at or near "FORM"');
  api.inspector.answer = { ok: false, checks: [], durationMs: 1, failure: query };
  const wrongSql = await api.post('/api/v1/models', body);
  expect([
    wrongSql.status,
    wrongSql.body.code,
    wrongSql.body.detail,
    wrongSql.body.errors[0].pointer,
  ]).toEqual([422, 'model_query_failed', 'Model query failed: syntax error at line 12', '/sql']);
  const gone = failureOf('source_connection_failed', 'connection refused');
  api.inspector.answer = { ok: false, checks: [], durationMs: 1, failure: gone };
  const unreachable = await api.post('/api/v1/models', body);
  expect([unreachable.status, unreachable.body.code]).toEqual([422, 'source_connection_failed']);
  api.inspector.answer = null;
  expect((await api.post('/api/v1/models', body)).status).toBe(503);
  api.inspector.answer = before;

  const unknown = await api.post('/api/v1/models', { ...body, source_id: (await aSource(api.knex)).id });
  expect([unknown.status, unknown.body.errors[0].pointer]).toEqual([422, '/source_id']);
  expect((await api.get('/api/v1/models?name=Broken')).body.data).toEqual([]);
});

test('the demo’s HTTP destination is stored with its defaults spelled out and its headers sealed', async () => {
  const secrets = { headers: { Authorization: 'Bearer canary-crm-key' } };
  const { status, body } = await api.post('/api/v1/destinations', httpBody(crmConfig, secrets));
  expect(status).toBe(201);
  expect(body.config).toMatchObject({ ...crmConfig, delete_method: 'POST', headers: {} });
  expect(body.secrets).toEqual({ configured: true });
  expect(JSON.stringify((await api.get(`/api/v1/destinations/${body.id}`)).body)).not.toContain('canary');
  const store = new DestinationStore(api.knex, testSecretKey);
  const connection = await store.connection(api.workspaceId, body.id);
  expect(connection.secrets).toEqual(secrets);
  // What the API took, the connector takes.
  expect(readHttpConfig(connection)).toMatchObject({ url: crmConfig.url, batchRows: 500 });
});

test('a destination without secrets says so', async () => {
  const { body } = await api.post('/api/v1/destinations', httpBody({ url: 'https://crm.invalid/in' }));
  expect(body.secrets).toEqual({ configured: false });
  for (const secrets of [{}, { headers: {} }]) {
    const none = await api.post('/api/v1/destinations', httpBody({ url: 'https://crm.invalid/in' }, secrets));
    expect([none.status, none.body.secrets]).toEqual([201, { configured: false }]);
  }
});

test.each(['', ' \t '])('the secret %j is none', async (value) => {
  const body = httpBody({ url: 'http://h' }, { headers: { Authorization: value } });
  expect(await api.post('/api/v1/destinations', body)).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/secrets/headers/Authorization', detail: 'Must not be empty.' }] },
  });
});

test('a postgres destination keeps its habits beside its address', async () => {
  const config = { url: 'postgres://w:pw@h/d', atomic_rows: 0, lanes: 4 };
  const { status, body } = await api.post('/api/v1/destinations', { name: 'PG', kind: 'postgres', config });
  expect(status).toBe(201);
  const parts = { host: 'h', port: 5432, database: 'd', user: 'w' };
  expect(body.config).toEqual({ ...parts, atomic_rows: 0, lanes: 4 });
});

test('the API’s defaults of a postgres destination are the connector’s', async () => {
  const config = { url: 'postgres://w:pw@h/d' };
  const { body } = await api.post('/api/v1/destinations', {
    name: 'PG by default',
    kind: 'postgres',
    config,
  });
  const { habits } = postgresDestination({ kind: 'postgres', config: {}, secrets: {} });
  expect([body.config.atomic_rows, body.config.lanes]).toEqual([habits.atomicRows, habits.lanes]);
});

test.each([
  ['/config/headers/Host', { url: 'http://h', headers: { Host: 'x' } }],
  ['/config/headers/a b', { url: 'http://h', headers: { 'a b': 'x' } }],
  ['/config/headers/X', { url: 'http://h', headers: { X: 'a\r\nB: c' } }],
  ['/config/url', { url: 'ftp://h' }],
  ['/config/url', { url: 'http://user:pw@h' }],
  ['/config/url', {}],
  ['/config/batch_rows', { url: 'http://h', batch_rows: 0 }],
  ['/config/response/match_by', { url: 'http://h', response: { results_field: 'r' } }],
  ['/config/response/status_field', { url: 'http://h', response: { match_by: 'index' } }],
  [
    '/config/response/created_values',
    { url: 'http://h', response: { match_by: 'index', status_field: 's' } },
  ],
  ['/config/request/envelope', { url: 'http://h', request: { envelope: 'x' } }],
])('a fault at %s of an HTTP destination is pointed at', async (pointer, config) => {
  const { status, body } = await api.post('/api/v1/destinations', httpBody(config));
  expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
  // The connector refuses the same.
  expect(() => readHttpConfig({ kind: 'http', config, secrets: {} })).toThrow();
});

test.each([
  ['/config/headers/Authorization', { url: 'http://h', headers: { Authorization: 'x' } }],
  ['/config/headers/x-API-key', { url: 'http://h', headers: { 'x-API-key': 'x' } }],
  ['/config/headers/PRIVATE-TOKEN', { url: 'http://h', headers: { 'PRIVATE-TOKEN': 'x' } }],
  ['/config/headers/X-Plain', { url: 'http://h', headers: { 'X-Plain': 'Bearer x' } }],
  ['/config/requests_per_second', { url: 'http://h', requests_per_second: 0.0001 }],
  ['/config/rows_per_second', { url: 'http://h', rows_per_second: 0.0001 }],
  ['/config/rows_per_second', { url: 'http://h', rows_per_second: 0.5, batch_rows: 301 }],
])(
  'a fault at %s is the API’s alone: what was stored before there was such a rule goes on',
  async (pointer, config) => {
    const { status, body } = await api.post('/api/v1/destinations', httpBody(config));
    expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
    expect(readHttpConfig({ kind: 'http', config, secrets: {} })).toMatchObject({ url: 'http://h' });
  },
);

test('the slowest pace is taken', async () => {
  const slowest = { batch_rows: 6, rows_per_second: 0.01, requests_per_second: 0.01 };
  const { body } = await api.post('/api/v1/destinations', httpBody({ url: 'http://h', ...slowest }));
  expect(body.config).toMatchObject(slowest);
  expect(readHttpConfig({ kind: 'http', config: body.config, secrets: {} })).toMatchObject({ batchRows: 6 });
});

test('the API’s defaults of an HTTP destination are the connector’s', async () => {
  const config = { url: 'https://crm.invalid/in' };
  const { body } = await api.post('/api/v1/destinations', httpBody(config));
  expect(body.config).toEqual(httpConfigSchema.parse(config));
});

test('a credential in the query of an address is refused, and is not repeated', async () => {
  const config = {
    url: 'https://crm.invalid/in?team=sales&api_key=canary-11',
    delete_url: 'https://crm.invalid/gone?access_token=canary-11',
  };
  const { status, body } = await api.post('/api/v1/destinations', httpBody(config));
  const rest = ': leave it out, and send it in a header of secrets.headers.';
  expect([status, body.code, body.errors]).toEqual([
    400,
    'invalid_request',
    [
      {
        pointer: '/config/url',
        code: 'invalid_value',
        detail: `Has a credential in its query ("api_key")${rest}`,
      },
      {
        pointer: '/config/delete_url',
        code: 'invalid_value',
        detail: `Has a credential in its query ("access_token")${rest}`,
      },
    ],
  ]);
  expect(JSON.stringify(body) + api.logged()).not.toContain('canary-11');
  const open = { url: 'https://crm.invalid/in?team=sales&on=email' };
  const taken = await api.post('/api/v1/destinations', httpBody(open));
  expect([taken.status, taken.body.config.url]).toEqual([201, open.url]);
});

test('a credential in the public headers is answered with the place where it belongs', async () => {
  const names = ['Authorization', 'X-Api-Key', 'X-Vendor-Token', 'Cookie'];
  const headers = Object.fromEntries(names.map((name) => [name, 'canary-9']));
  const refused = await api.post('/api/v1/destinations', httpBody({ url: 'http://h', headers }));
  expect(refused.body.errors.map(({ detail }: { detail: string }) => detail)).toEqual(
    names.map((name) => `Is a credential: put it into secrets.headers.${name}.`),
  );
  // Where it belongs it is taken, sealed, and never seen again.
  const taken = await api.post('/api/v1/destinations', httpBody({ url: 'http://h' }, { headers }));
  expect([taken.status, taken.body.secrets]).toEqual([201, { configured: true }]);
  const path = `/api/v1/destinations/${taken.body.id}`;
  const seen = [refused, taken, await api.get(path), await api.get('/api/v1/destinations')];
  expect(JSON.stringify(seen.map(({ body }) => body))).not.toContain('canary-9');
  expect(JSON.stringify(await api.knex('destinations').where({ id: taken.body.id }))).not.toContain(
    'canary-9',
  );
  expect(api.logged()).not.toContain('canary-9');
});
