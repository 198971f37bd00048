// Random and hostile input: whatever is sent, nothing makes a 500.
import fc from 'fast-check';
import { aRun } from '../factories/a-run';
import { aSync } from '../factories/a-sync';
import { type RunningApi, startApi } from './running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

test('no input makes an answer of 500 or anything but JSON', async () => {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  const paths = ['sources', 'models', 'destinations', 'syncs', `syncs/${sync.id}/trigger`];
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\0', '\ud800', '__proto__', 'constructor', 'x'.repeat(1_000), '1e309', ' ', "'; --"),
  );
  const leaf = fc.oneof(text, fc.double(), fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
  const url = fc.constantFrom(
    'postgres://u@h/d',
    'http://h/x',
    'postgres://u%00@h/d',
    'postgres://u@h/%ED%A0%80',
  );
  const some = (value: fc.Arbitrary<unknown>) =>
    fc.oneof(value, leaf, fc.array(leaf), fc.dictionary(text, leaf));
  const body = fc.record(
    {
      name: some(text),
      kind: fc.constantFrom('postgres', 'http', 'normal', 'x'),
      config: some(
        fc.record({ url: some(url), headers: some(fc.dictionary(text, text)) }, { requiredKeys: [] }),
      ),
      secrets: some(fc.record({ headers: fc.dictionary(text, text) })),
      source_id: some(fc.constant('src_1')),
      model_id: some(fc.constant(sync.modelId)),
      destination_id: some(fc.constant(sync.destinationId)),
      sql: some(text),
      row_key: some(fc.array(text)),
      mapping: some(fc.array(fc.record({ column: text, field: text }))),
      settings: some(fc.dictionary(fc.constantFrom('max_rows', 'patience_seconds'), leaf)),
      note: some(text),
    },
    { requiredKeys: [] },
  );
  const minimal = fc.oneof(
    fc.record({ name: text, kind: fc.constant('postgres'), config: fc.record({ url }) }),
    fc.record({
      name: text,
      kind: fc.constant('http'),
      config: fc.record({ url, headers: fc.dictionary(text, text) }),
      secrets: fc.record({ headers: fc.dictionary(text, text) }),
    }),
    fc.record({ note: text }),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.oneof(body, minimal), async (path, given) => {
      const answer = await api.post(`/api/v1/${path}`, given);
      expect(answer.status).toBeLessThan(500);
    }),
    { numRuns: 600 },
  );
  const query = fc.dictionary(
    fc.constantFrom('page', 'per_page', 'status', 'started_after', 'name', 'q', 'x', 'has_errors', 'row_id'),
    fc.oneof(text, fc.constantFrom('1', '100', 'true', 'completed', '2025-01-15T09:00:00Z', '9'.repeat(400))),
  );
  const run = await aRun(api.knex, { sync });
  const lists = ['sources', `syncs/${sync.id}/runs`, `syncs/${sync.id}/runs/${run.id}/errors`];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...lists),
      query,
      fc.constantFrom('', '&%', '&q=%ff', '&page'),
      async (path, given, tail) => {
        const wellFormed = Object.entries(given).map(
          ([key, value]) => [key, Buffer.from(value).toString()] as [string, string],
        );
        const answer = await api.get(`/api/v1/${path}?${new URLSearchParams(wellFormed).toString()}${tail}`);
        expect(answer.status).toBeLessThan(500);
      },
    ),
    { numRuns: 400 },
  );
});

test('a body nested ten thousand deep is refused like any other', async () => {
  const deep = `{"name":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${api.token}` };
  const answer = await fetch(`${api.url}/api/v1/sources`, { method: 'POST', body: deep, headers });
  expect(answer.status).toBe(400);
});
