// Changing sources, models and destinations: what stays, what is replaced, who wins, what is refused.
import { DestinationStore } from '../../../db/configuration/destination-store';
import { SourceStore } from '../../../db/configuration/source-store';
import { failureOf } from '../../../domain/failure';
import { aDestination } from '../../factories/a-destination';
import { aModel } from '../../factories/a-model';
import { aRun } from '../../factories/a-run';
import { aSource } from '../../factories/a-source';
import { aSync } from '../../factories/a-sync';
import { testSecretKey, uniqueSuffix } from '../../factories/a-workspace';
import { type ApiAnswer, type Json, type RunningApi, startApi } from '../running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const inHere = () => ({ workspaceId: api.workspaceId });

async function etagOf(path: string): Promise<string> {
  return (await api.get(path)).headers.get('etag') ?? '';
}

const patchAs = (path: string, etag: string, body: object): Promise<ApiAnswer> =>
  api.send(path, { method: 'PATCH', body, headers: { 'If-Match': etag } });

/** In the state it is in now. */
const patch = async (path: string, body: object): Promise<ApiAnswer> =>
  patchAs(path, await etagOf(path), body);

/** One of each resource, and a change that all of them know. */
const made: [string, () => Promise<string>][] = [
  ['source', async () => `/api/v1/sources/${(await aSource(api.knex, inHere())).id}`],
  ['model', async () => `/api/v1/models/${(await aModel(api.knex, inHere())).id}`],
  ['destination', async () => `/api/v1/destinations/${(await aDestination(api.knex, inHere())).id}`],
];

describe.each(made)('a %s', (_kind, make) => {
  test('is renamed in the state the caller has seen, and in no other', async () => {
    const path = await make();
    const etag = await etagOf(path);
    expect(etag).toMatch(/^"\d+\.[\w-]{22}"$/);
    const name = `Renamed ${uniqueSuffix()}`;
    const without = await api.send(path, { method: 'PATCH', body: { name } });
    expect([without.status, without.body.code]).toEqual([428, 'precondition_required']);
    for (const stale of ['"0.x"', `W/${etag}`, etag.replaceAll('"', '')]) {
      const refused = await patchAs(path, stale, { name });
      expect([stale, refused.status, refused.body.code]).toEqual([stale, 412, 'precondition_failed']);
    }
    const changed = await patchAs(path, etag, { name });
    expect([changed.status, changed.body.name]).toEqual([200, name]);
    expect((await patchAs(path, etag, { name: 'Too late' })).status).toBe(412);
    // The answer's ETag is that of the new state.
    expect(changed.headers.get('etag')).toBe(await etagOf(path));
    expect(await api.get(path)).toMatchObject({ body: changed.body });
    expect((await patchAs(path, '*', { name: `${name} again` })).status).toBe(200);
  });

  test('is changed by exactly one of many who have seen the same state', async () => {
    const path = await make();
    const etag = await etagOf(path);
    const names = Array.from({ length: 8 }, (_, at) => `Racer ${at} ${uniqueSuffix()}`);
    const answers = await Promise.all(names.map((name) => patchAs(path, etag, { name })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(7).fill(412)]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await api.get(path)).body).toEqual(winner?.body);
  });

  test('says who changed it last, and keeps who made it', async () => {
    const path = await make();
    const before = (await api.get(path)).body;
    expect([before.created_by, before.updated_by]).toEqual([null, null]);
    const { body } = await patch(path, { name: `Signed ${uniqueSuffix()}` });
    expect(body.created_by).toBeNull();
    expect(body.updated_by).toEqual({ id: expect.stringMatching(/^tok_/), name: expect.any(String) });
  });

  test('stays as it is when nothing is asked for, and keeps its ETag', async () => {
    const path = await make();
    const etag = await etagOf(path);
    const unchanged = await patchAs(path, etag, {});
    expect([unchanged.status, unchanged.headers.get('etag'), unchanged.body.updated_by]).toEqual([
      200,
      etag,
      null,
    ]);
  });

  test('is not changed by names that are taken, by other keys, or from another workspace', async () => {
    const [path, other] = [await make(), await make()];
    const taken = (await api.get(other)).body.name;
    expect((await patch(path, { name: taken })).body).toMatchObject({ status: 409, code: 'name_taken' });
    for (const key of ['id', 'kind', 'workspace_id', 'version', 'source_id', 'created_by', 'revision']) {
      const refused = await patch(path, { [key]: 'x' });
      expect([key, refused.status, refused.body.errors[0].pointer]).toEqual([key, 400, `/${key}`]);
    }
    const stranger = await api.newToken(['write'], (await aSource(api.knex)).workspaceId);
    const strange = {
      method: 'PATCH',
      token: stranger,
      body: { name: 'Mine' },
      headers: { 'If-Match': '*' },
    };
    const found = await api.send(path, strange);
    const missing = await api.send(`${path.slice(0, -5)}zzzzz`, strange);
    expect([found.status, missing.status, found.body.detail]).toEqual([404, 404, missing.body.detail]);
    const reader = await api.newToken(['read', 'trigger']);
    const readOnly = await api.send(path, { ...strange, token: reader });
    expect([readOnly.status, readOnly.body.code]).toEqual([403, 'scope_missing']);
  });

  test('is read again only when it has changed', async () => {
    const path = await make();
    const etag = await etagOf(path);
    // Node's fetch asks caches to step aside when it is given a condition; without that the server judges.
    const headers = { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' };
    expect((await api.send(path, { headers })).status).toBe(304);
    await patch(path, { name: `Fresh ${uniqueSuffix()}` });
    expect((await api.send(path, { headers })).status).toBe(200);
  });
});

describe('a source', () => {
  test('gets a new URL whole: parts shown, the rest sealed, an ETag of its own even when nothing shown changes', async () => {
    const { id } = await aSource(api.knex, { ...inHere(), url: 'postgres://old:pw-one@h/d?sslmode=require' });
    const path = `/api/v1/sources/${id}`;
    const store = new SourceStore(api.knex, testSecretKey);
    const moved = await patch(path, { config: { url: 'postgres://new:canary-two@other:6000/e' } });
    expect(moved.body.config).toEqual({ host: 'other', port: 6000, database: 'e', user: 'new' });
    expect(JSON.stringify(moved.body)).not.toContain('canary');
    expect((await store.connection(api.workspaceId, id)).secrets).toEqual({
      url: 'postgres://new:canary-two@other:6000/e',
    });
    const rotated = await patch(path, { config: { url: 'postgres://new:canary-three@other:6000/e' } });
    expect(rotated.body.config).toEqual(moved.body.config);
    expect(rotated.headers.get('etag')).not.toBe(moved.headers.get('etag'));
    expect((await patch(path, { config: {} })).body.errors[0]).toMatchObject({ pointer: '/config/url' });
    await patch(path, { name: `Kept ${uniqueSuffix()}` });
    expect((await store.connection(api.workspaceId, id)).secrets).toEqual({
      url: 'postgres://new:canary-three@other:6000/e',
    });
  });
});

describe('an HTTP destination', () => {
  const connectionOf = (id: string) =>
    new DestinationStore(api.knex, testSecretKey).connection(api.workspaceId, id);
  const make = async (config: object = {}) => {
    const { id } = await aDestination(api.knex, { ...inHere(), config: { ...config } });
    return { id, path: `/api/v1/destinations/${id}` };
  };

  test('keeps what is left out, secrets too, and replaces a given key whole', async () => {
    const { id, path } = await make({ headers: { 'X-Team': 'growth', 'X-Old': '1' }, concurrency: 7 });
    const before = await connectionOf(id);
    const { status, body } = await patch(path, {
      config: {
        batch_rows: 50,
        headers: { 'X-Team': 'sales' },
        response: { match_by: 'index', errors_field: 'e' },
      },
    });
    expect(status).toBe(200);
    expect(body.config).toMatchObject({
      url: before.config['url'],
      batch_rows: 50,
      concurrency: 7,
      headers: { 'X-Team': 'sales' },
    });
    expect(body.config.headers).toEqual({ 'X-Team': 'sales' });
    expect(body.config.response).toMatchObject({ match_by: 'index', errors_field: 'e', results_field: null });
    expect((await connectionOf(id)).secrets).toEqual(before.secrets);
    expect(body.secrets).toEqual({ configured: true });
  });

  test('goes on with the credential its address was stored with, and does not show it', async () => {
    const { id, path } = await make();
    const before = (await connectionOf(id)).config;
    const url = 'https://crm.invalid/in?api_key=canary-12&team=sales';
    const shown = 'https://crm.invalid/in?api_key=***&team=sales';
    const row = api.knex('destinations').where({ id });
    await row.clone().update({ config: JSON.stringify({ ...before, url, delete_url: url }) });
    const read = await api.get(path);
    expect(read.body.config).toMatchObject({ url: shown, delete_url: shown });
    const changed = await patch(path, { config: { batch_rows: 7 } });
    expect([changed.status, changed.body.config.url]).toEqual([200, shown]);
    expect((await connectionOf(id)).config).toMatchObject({ url, delete_url: url, batch_rows: 7 });
    for (const given of [shown, url]) {
      const refused = await patch(path, { config: { url: given } });
      expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/config/url']);
    }
    const moved = await patch(path, { config: { url: 'https://crm.invalid/in', delete_url: null } });
    expect(moved.status).toBe(200);
    const seen = [read, changed, moved, await api.get('/api/v1/destinations?per_page=100')];
    expect(JSON.stringify(seen.map(({ body }) => body)) + api.logged()).not.toContain('canary-12');
  });

  test('does not show a credential that was stored among its public headers', async () => {
    const { id, path } = await make();
    const headers = { 'X-Team': 'growth', 'X-Api-Key': 'canary-13', 'X-Plain': 'Bearer canary-13' };
    const config = JSON.stringify({ ...(await connectionOf(id)).config, headers });
    await api.knex('destinations').where({ id }).update({ config });
    const shown = { 'X-Team': 'growth', 'X-Api-Key': '***', 'X-Plain': 'Bearer ***' };
    expect((await api.get(path)).body.config.headers).toEqual(shown);
    const list = await api.get('/api/v1/destinations?per_page=100');
    expect(list.body.data.map(({ config: { headers } }: Json) => headers)).toContainEqual(shown);
    const name = `Renamed ${uniqueSuffix()}`;
    expect((await patch(path, { name })).body.config.headers).toEqual(shown);
    const back = await patch(path, { config: { headers: shown } });
    expect([back.status, back.body.errors.length]).toEqual([400, 2]);
    expect((await connectionOf(id)).config['headers']).toEqual(headers);
  });

  test('gets other secrets, or none, and shows neither', async () => {
    const { id, path } = await make();
    const given = { headers: { Authorization: 'Bearer canary-new' } };
    const replaced = await patch(path, { secrets: given });
    expect(JSON.stringify(replaced.body)).not.toContain('canary');
    expect((await connectionOf(id)).secrets).toEqual(given);
    const empty = await patch(path, { secrets: { headers: {} } });
    expect([empty.status, empty.body.secrets]).toEqual([200, { configured: false }]);
    expect((await patch(path, { secrets: given })).body.secrets).toEqual({ configured: true });
    expect((await patch(path, { secrets: null })).body.secrets).toEqual({ configured: false });
    expect((await connectionOf(id)).secrets).toEqual({});
    expect(api.logged()).not.toContain('canary');
  });

  test.each([
    ['url', { url: 'https://elsewhere.invalid/in' }],
    ['delete_url', { delete_url: 'https://elsewhere.invalid/gone' }],
    ['port', { url: 'https://crm.invalid:8443/in' }],
    ['scheme', { url: 'http://crm.invalid/in' }],
  ])('does not take its secrets along to another host (%s)', async (_what, config) => {
    const { path } = await make();
    const refused = await patch(path, { config });
    expect([refused.status, refused.body.errors[0]]).toMatchObject([
      422,
      { pointer: '/secrets', code: 'required' },
    ]);
    const secrets = { headers: { Authorization: 'Bearer for-elsewhere' } };
    expect((await patch(path, { config, secrets })).status).toBe(200);
    const open = await make();
    expect((await patch(open.path, { config, secrets: null })).status).toBe(200);
    const samePlace = await make();
    expect((await patch(samePlace.path, { config: { url: 'https://crm.invalid/other/path' } })).status).toBe(
      200,
    );
  });

  test.each([
    ['/config/batch_rows', { config: { batch_rows: 0 } }],
    ['/config/batch_rows', { config: { batch_rows: null } }],
    ['/config/lanes', { config: { lanes: 2 } }],
    ['/config/url', { config: { url: 'ftp://h' } }],
    ['/config/headers/Authorization', { config: { headers: { Authorization: 'canary' } } }],
    ['/config/response/match_by', { config: { response: { results_field: 'r' } } }],
    ['/secrets/headers/X-Api-Key', { secrets: { headers: { 'X-Api-Key': '' } } }],
    ['/secrets/headers/Host', { secrets: { headers: { Host: 'canary' } } }],
    ['/secrets/token', { secrets: { token: 'canary' } }],
    ['/config', { config: [] }],
  ])('has a fault at %s pointed at, and stays as it was', async (pointer, body) => {
    const { path } = await make();
    const etag = await etagOf(path);
    const refused = await patchAs(path, etag, body);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, pointer]);
    expect(JSON.stringify(refused.body)).not.toContain('canary');
    expect(await etagOf(path)).toBe(etag);
  });
});

describe('a postgres destination', () => {
  const make = async () => {
    const { id } = await aDestination(api.knex, { ...inHere(), kind: 'postgres' });
    return { id, path: `/api/v1/destinations/${id}` };
  };

  test('keeps its habits under another URL, and its URL under other habits', async () => {
    const { id, path } = await make();
    const habits = await patch(path, { config: { lanes: 2 } });
    expect(habits.body.config).toMatchObject({ host: 'db.invalid', lanes: 2, atomic_rows: 100_000 });
    const url = 'postgres://w:canary@new.invalid/crm?sslmode=require';
    const moved = await patch(path, { config: { url } });
    const parts = { host: 'new.invalid', port: 5432, database: 'crm', user: 'w', sslmode: 'require' };
    expect(moved.body.config).toEqual({ ...parts, lanes: 2, atomic_rows: 100_000 });
    const back = await patch(path, { config: { url: 'postgres://w:canary@new.invalid/crm' } });
    expect(back.body.config).not.toHaveProperty('sslmode');
    const store = new DestinationStore(api.knex, testSecretKey);
    expect((await store.connection(api.workspaceId, id)).secrets).toEqual({
      url: 'postgres://w:canary@new.invalid/crm',
    });
  });

  test.each([
    ['/config/batch_rows', { config: { batch_rows: 5 } }],
    ['/config/lanes', { config: { lanes: 0 } }],
    ['/config/url', { config: { url: 'mysql://h/d' } }],
    ['/secrets', { secrets: { headers: {} } }],
  ])('has a fault at %s pointed at', async (pointer, body) => {
    const refused = await patch((await make()).path, body);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, pointer]);
  });
});

describe('a destination with a run under way', () => {
  const withRun = async (status: 'queued' | 'running' | 'completed') => {
    const sync = await aSync(api.knex, inHere());
    const run = await aRun(api.knex, { sync, status });
    const holder = status === 'completed' ? null : run.id;
    await api
      .knex('sync_leases')
      .insert({ sync_id: sync.id, workspace_id: sync.workspaceId, run_id: holder });
    return { run, path: `/api/v1/destinations/${sync.destinationId}` };
  };
  const elsewhere = { config: { url: 'https://crm.invalid/v2' } };

  test.each(['queued', 'running'] as const)('does not lead elsewhere while it is %s', async (status) => {
    const { run, path } = await withRun(status);
    const refused = await patch(path, elsewhere);
    expect(refused.body).toMatchObject({ status: 409, code: 'sync_active', blocking_run: run.id });
    // Whatever does not move it may change: a renewed key is taken up by the run itself.
    expect((await patch(path, { secrets: { headers: {} }, config: { batch_rows: 9 } })).status).toBe(200);
  });

  test('leads elsewhere once no run is under way', async () => {
    const { path } = await withRun('completed');
    expect((await patch(path, elsewhere)).body.config).toMatchObject(elsewhere.config);
  });
});

describe('a model', () => {
  const model = async () => `/api/v1/models/${(await aModel(api.knex, inHere())).id}`;

  test('another SQL makes a new version, described by the source like a new model', async () => {
    const path = await model();
    const sql = 'SELECT id, email, last_name FROM people';
    const { status, body } = await patch(path, { sql });
    expect([status, body.version, body.sql]).toEqual([200, 2, sql]);
    expect(api.inspector.asked.at(-1)).toMatchObject({ what: 'model', sql });
    const key = await patch(path, { row_key: ['id', 'email'] });
    expect([key.body.version, key.body.row_key]).toEqual([3, ['id', 'email']]);
    expect(api.inspector.asked.at(-1)).toMatchObject({ what: 'model', sql });
    // A name is no content, and the same content no new version.
    expect((await patch(path, { name: `Renamed ${uniqueSuffix()}` })).body.version).toBe(3);
    const asked = api.inspector.asked.length;
    const same = await patch(path, { sql, row_key: ['id', 'email'] });
    expect([same.status, same.body.version]).toEqual([200, 3]);
    expect(api.inspector.asked.length).toBe(asked + 1);
  });

  test('the same SQL with other columns by now is a new version too', async () => {
    const path = await model();
    const { sql } = (await api.get(path)).body;
    const before = api.inspector.answer;
    const columns = [...(before?.columns ?? []), { name: 'phone', type: 'text' }];
    api.inspector.answer = { ok: true, checks: [], durationMs: 1, columns };
    const { body } = await patch(path, { sql });
    api.inspector.answer = before;
    expect([body.version, body.columns]).toEqual([2, columns]);
  });

  test('its versions say who changed what, newest first', async () => {
    const path = await model();
    const before = api.inspector.answer;
    api.inspector.answer = {
      ok: true,
      checks: [],
      durationMs: 1,
      columns: [
        { name: 'email', type: 'text' },
        { name: 'id', type: 'bigint' },
        { name: 'phone', type: 'text' },
      ],
    };
    const changed = await patch(path, {
      sql: 'SELECT email, id, phone FROM users',
      row_key: ['id', 'email'],
    });
    api.inspector.answer = before;
    expect(changed.status).toBe(200);
    const { body } = await api.get(`${path}/versions`);
    expect(body.pagination).toEqual({ page: 1, per_page: 20, total: 2 });
    expect(body.data).toMatchObject([
      {
        version: 2,
        sql: 'SELECT email, id, phone FROM users',
        changes: {
          sql: true,
          row_key: true,
          columns_added: ['phone'],
          columns_removed: ['last_name'],
          columns_retyped: ['id'],
        },
        created_by: { id: expect.stringMatching(/^tok_/) },
      },
      { version: 1, sql: 'SELECT id, email, last_name FROM users', changes: null, created_by: null },
    ]);
    const second = await api.get(`${path}/versions?page=2&per_page=1`);
    expect(second.body.data.map(({ version }: { version: number }) => version)).toEqual([1]);
    expect((await api.get(`${path}/versions?newest=1`)).status).toBe(400);
    const stranger = await api.newToken(['read'], (await aSource(api.knex)).workspaceId);
    expect((await api.get(`${path}/versions`, stranger)).status).toBe(404);
  });

  test('a description that fails, or that lacks the row key, leaves it as it was', async () => {
    const path = await model();
    const etag = await etagOf(path);
    const lacking = await patchAs(path, etag, { row_key: ['emial'] });
    expect([lacking.status, lacking.body.errors[0].pointer]).toEqual([422, '/row_key/0']);
    const before = api.inspector.answer;
    api.inspector.answer = {
      ok: true,
      checks: [],
      durationMs: 1,
      columns: [{ name: 'email', type: 'text' }],
    };
    const keyless = await patchAs(path, etag, { sql: 'SELECT email FROM users' });
    expect([keyless.status, keyless.body.code, keyless.body.errors[0].pointer]).toEqual([
      422,
      'row_key_not_in_model',
      '/sql',
    ]);
    const query = failureOf('model_query_failed', 'syntax error at line 2');
    api.inspector.answer = { ok: false, checks: [], durationMs: 1, failure: query };
    expect((await patchAs(path, etag, { sql: 'SELECT\n,' })).body).toMatchObject({
      status: 422,
      code: 'model_query_failed',
      errors: [{ pointer: '/sql' }],
    });
    const gone = failureOf('source_connection_failed', 'timeout');
    api.inspector.answer = { ok: false, checks: [], durationMs: 1, failure: gone };
    expect((await patchAs(path, etag, { sql: 'SELECT 2' })).body.errors[0].pointer).toBe('');
    api.inspector.answer = null;
    expect((await patchAs(path, etag, { sql: 'SELECT 2' })).status).toBe(503);
    api.inspector.answer = before;
    expect(await etagOf(path)).toBe(etag);
    expect((await api.get(`${path}/versions`)).body.pagination.total).toBe(1);
  });

  test('a change that syncs could not follow names each of them, and is not made', async () => {
    const { id } = await aModel(api.knex, inHere());
    const sync = await aSync(api.knex, {
      ...inHere(),
      modelId: id,
      mapping: [
        { column: 'id', field: 'Id' },
        { column: 'email', field: 'Email' },
      ],
    });
    const path = `/api/v1/models/${id}`;
    const unmapped = await patch(path, { row_key: ['last_name'] });
    expect([unmapped.status, unmapped.body.errors]).toMatchObject([
      422,
      [{ pointer: '/row_key', code: 'row_key_not_mapped', detail: expect.stringContaining(sync.id) }],
    ]);
    const before = api.inspector.answer;
    const columns = (before?.columns ?? []).filter(({ name }) => name !== 'email');
    api.inspector.answer = { ok: true, checks: [], durationMs: 1, columns };
    const dropped = await patch(path, { sql: 'SELECT id, last_name FROM users' });
    expect([dropped.status, dropped.body.errors]).toMatchObject([
      422,
      [{ pointer: '/sql', code: 'column_in_use', detail: expect.stringContaining('"email"') }],
    ]);
    await api.knex('syncs').where({ id: sync.id }).update({ deleted_at: api.knex.fn.now() });
    expect((await patch(path, { sql: 'SELECT id, last_name FROM users' })).status).toBe(200);
    api.inspector.answer = before;
  });

  test('changed while its new SQL is being described, it is not changed once more', async () => {
    const path = await model();
    const etag = await etagOf(path);
    const { inspect } = api.inspector;
    const slow = jest.spyOn(api.inspector, 'inspect').mockImplementationOnce(async function (input) {
      await patchAs(path, etag, { name: `Quicker ${uniqueSuffix()}` });
      return inspect.call(api.inspector, input);
    });
    const late = await patchAs(path, etag, { sql: 'SELECT id, email, last_name FROM later' });
    slow.mockRestore();
    expect([late.status, late.body.code]).toEqual([412, 'precondition_failed']);
    expect((await api.get(path)).body).toMatchObject({ version: 1, name: expect.stringMatching(/^Quicker/) });
  });
});
