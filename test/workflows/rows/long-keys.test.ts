// Row keys that are far longer than any index takes, by real runs: what becomes of their rows, and how they are shown and found.
import { randomBytes } from 'node:crypto';
import { Engine } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';

let engine: Engine;
let api: EngineApi;

beforeAll(async () => {
  engine = await Engine.start();
  api = await engineApi(engine);
});
afterAll(async () => {
  await api.close();
  await engine.close();
});

// Nothing that compression would make short enough for an index after all.
const longKey = (length: number): string => randomBytes(length / 2).toString('hex');

test('rows whose key is too long for the table’s index are refused, shown cut and found as shown', async () => {
  const [long, longer, url] = [longKey(10_000), longKey(1_000_000), `${longKey(1_000)}/ü`];
  await engine.warehouse.raw('CREATE TABLE keyed (id text, name text)');
  await engine.warehouse('keyed').insert([long, longer, url, 'short'].map((id) => ({ id, name: 'n' })));
  await engine.target.raw('CREATE TABLE keyed (id text PRIMARY KEY, name text, CHECK (length(id) <> 1002))');
  const syncId = await engine.sync({
    sql: 'SELECT id, name FROM keyed',
    mapping: ['id', 'name'].map((name) => ({ column: name, field: name })),
    object: { table: 'keyed' },
  });
  const run = await engine.run(syncId);
  expect(run).toMatchObject({ outcome: 'with_row_errors', rows_created: 1, rows_failed: 3 });
  const path = `/syncs/${syncId}/runs/${run.id}/errors`;
  const shown = (key: string): string => `${key.slice(0, 500)}…`;

  const { body } = await api.get(path);
  expect(body.data.map(({ row_id }: { row_id: string }) => row_id)).toEqual([
    shown(long),
    shown(longer),
    url,
  ]);
  for (const rowId of [shown(long), shown(longer), url]) {
    const found = await api.get(`${path}?row_id=${encodeURIComponent(rowId)}`);
    expect([found.status, found.body.total_errors, found.body.data[0]?.row_id]).toEqual([200, 1, rowId]);
  }
  const groups = await api.get(`${path}/groups`);
  expect(
    groups.body.data.flatMap(({ sample_row_ids: ids }: { sample_row_ids: string[] }) => ids).sort(),
  ).toEqual([shown(long), shown(longer), url].sort());
  // Stored it is whole, and the export has it.
  const exported = await fetch(`${api.url}/api/v1${path}/export?format=ndjson`, {
    headers: { Authorization: `Bearer ${api.token}` },
  });
  const lines = (await exported.text()).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).row_id)).toEqual([long, longer, url]);
});
