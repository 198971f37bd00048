// Lists of configuration stay short however long one object is: what is cut is named, and the object itself has all of it.
import { listed } from '../../../api/lists/listed';
import { aModel } from '../../factories/a-model';
import { aSync } from '../../factories/a-sync';
import { type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const sql = `SELECT id, '${'é'.repeat(99_000)}' AS email, last_name FROM users`;
const mapping = Array.from({ length: 1_600 }, (_, n) => ({ column: `column_${n}`, field: `Field_${n}__c` }));
const inHere = () => ({ workspaceId: api.workspaceId });

test('a list shows the beginning of a long query, and says so; the model has it whole', async () => {
  const { id, name } = await aModel(api.knex, { ...inHere(), sql });
  const [found] = (await api.get(`/api/v1/models?name=${encodeURIComponent(name)}`)).body.data;
  const { body: whole } = await api.get(`/api/v1/models/${id}`);
  expect(whole.sql).toBe(sql);
  expect(whole).not.toHaveProperty('cut');
  expect(found).toEqual({ ...whole, sql: `${sql.slice(0, 16_000)}…`, cut: ['/sql'] });
});

test('a list of versions shows the beginning of long queries; each version has its own whole', async () => {
  const { id } = await aModel(api.knex, { ...inHere(), sql });
  const path = `/api/v1/models/${id}`;
  const headers = { 'If-Match': '*' };
  const longer = `${sql} WHERE true`;
  expect((await api.send(path, { method: 'PATCH', body: { sql: longer }, headers })).status).toBe(200);
  const { data } = (await api.get(`${path}/versions`)).body;
  for (const [at, whole] of [longer, sql].entries()) {
    const version = 2 - at;
    const { status, body } = await api.get(`${path}/versions/${version}`);
    expect([status, body.version, body.sql]).toEqual([200, version, whole]);
    expect(body.changes).toEqual(version === 1 ? null : expect.objectContaining({ sql: true }));
    expect(body).not.toHaveProperty('cut');
    expect(data[at]).toEqual({ ...body, sql: `${whole.slice(0, 16_000)}…`, cut: ['/sql'] });
  }
  for (const none of ['3', '0', '01', '-1', 'x', '9999999999']) {
    const answer = await api.get(`${path}/versions/${none}`);
    expect([none, answer.status, answer.body.code]).toEqual([none, 404, 'not_found']);
  }
});

test('a list shows the first pairs of a long mapping; the sync has all of them', async () => {
  const { id, name } = await aSync(api.knex, { ...inHere(), mapping });
  const [found] = (await api.get(`/api/v1/syncs?name=${encodeURIComponent(name)}`)).body.data;
  const { body: whole } = await api.get(`/api/v1/syncs/${id}`);
  expect(whole.mapping).toEqual(mapping);
  expect(found.cut).toEqual(['/mapping']);
  expect(found.mapping.length).toBeGreaterThan(200);
  expect(found.mapping).toEqual(mapping.slice(0, found.mapping.length));
});

test('a page of a hundred long models is some megabytes less than they are', async () => {
  for (let made = 0; made < 100; made += 1) await aModel(api.knex, { ...inHere(), sql });
  const answer = await fetch(`${api.url}/api/v1/models?per_page=100`, {
    headers: { Authorization: `Bearer ${api.token}` },
  });
  const text = await answer.text();
  expect(JSON.parse(text).data).toHaveLength(100);
  expect(text.length).toBeLessThan(2_000_000);
}, 60_000);

test('what is short is shown as it is; nested texts and arrays are cut where they stand, none through a character', () => {
  const shown = listed((value: object) => value);
  const short = { a: 'x'.repeat(16_000), b: [1, 2], c: null, d: { e: 1 } };
  expect(shown(short)).toEqual(short);
  const long = { d: { e: `${'x'.repeat(15_999)}😀!`, f: ['y'.repeat(15_990), 'z'.repeat(20)] } };
  expect(shown(long)).toEqual({
    d: { e: `${'x'.repeat(15_999)}…`, f: ['y'.repeat(15_990)] },
    cut: ['/d/e', '/d/f'],
  });
});
