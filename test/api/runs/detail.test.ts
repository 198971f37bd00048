// One run over HTTP: its neighbours, what it ran with and what changed since, who asked for it, what may be done with it, and
// the tag that covers all of that.
import { request } from 'undici';
import { noteExecution } from '../../../db/runs/executions';
import { requestCancel } from '../../../db/runs/request-cancel';
import { aQueuedRun } from '../../factories/a-planned-run';
import { aRun, type MadeRun, type RunOverrides } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { type Json, type RunningApi, startApi } from '../running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

type Target = Pick<MadeRun, 'id' | 'syncId'>;
const pathOf = (run: Target) => `/api/v1/syncs/${run.syncId}/runs/${run.id}`;
const ownSync = () => aSync(api.knex, { workspaceId: api.workspaceId });
const detail = async (run: Target): Promise<Json> => (await api.get(pathOf(run))).body;
const change = (run: Target, columns: object) => api.knex('runs').where({ id: run.id }).update(columns);

test('an ended run is linked to its neighbours, its parts and its retry', async () => {
  const sync = await ownSync();
  const [before, run, after] = [
    await aRun(api.knex, { sync }),
    await aRun(api.knex, { sync }),
    await aRun(api.knex, { sync }),
  ];
  await aRun(api.knex, { sync: await ownSync() });
  const path = pathOf(run);
  expect((await detail(run)).links).toEqual({
    self: path,
    errors: `${path}/errors`,
    events: `${path}/events`,
    temporal: `http://ui.invalid/namespaces/default/workflows/${run.id}/0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001/history`,
    previous: pathOf(before),
    next: pathOf(after),
    retry: `${path}/retry`,
    cancel: null,
  });
  expect((await detail(before)).links).toMatchObject({ previous: null, next: path });
  expect((await detail(after)).links).toMatchObject({ previous: path, next: null });
});

test('what a run is linked to is there', async () => {
  const sync = await ownSync();
  await aRun(api.knex, { sync });
  const run = await aRun(api.knex, { sync });
  const open = await aRun(api.knex, { sync, status: 'running' });
  const { links } = await detail(run);
  for (const link of [links.self, links.errors, links.events, links.previous, links.next])
    expect([link, (await api.get(link)).status]).toEqual([link, 200]);
  expect((await api.post(links.retry)).status).toBe(202);
  const { links: openLinks } = await detail(open);
  expect(openLinks.retry).toBeNull();
  expect((await api.post(openLinks.cancel)).status).toBe(202);
});

test('a queued run has no page in Temporal yet, and can be cancelled', async () => {
  const { runId, syncId } = await aQueuedRun(api.knex, await ownSync());
  const run = { id: runId, syncId };
  expect((await detail(run)).links).toMatchObject({
    temporal: null,
    retry: null,
    cancel: `${pathOf(run)}/cancel`,
  });
});

test('who asked for a run is told by the token’s id and name, here and in the list', async () => {
  const sync = await ownSync();
  const { body: run } = await api.post(`/api/v1/syncs/${sync.id}/trigger`);
  const token = await api.knex('api_tokens').where({ workspace_id: api.workspaceId }).first('id', 'name');
  const who = { triggered_by: token.id, triggered_by_name: token.name };
  expect(run).toMatchObject(who);
  expect(await detail({ id: run.id, syncId: sync.id })).toMatchObject(who);
  expect((await api.get(`/api/v1/syncs/${sync.id}/runs`)).body.data).toMatchObject([who]);
  expect((await api.get(`/api/v1/syncs/${sync.id}`)).body.last_run).toMatchObject(who);
  // Ids of tokens say nothing about those of another workspace.
  const stranger = await aRun(api.knex);
  const foreign = await api.knex('api_tokens').insert({
    id: 'tok_foreign',
    workspace_id: stranger.workspaceId,
    name: 'foreign',
    token_hash: Buffer.alloc(32, 1),
    scopes: ['read'],
  });
  expect(foreign).toBeDefined();
  const odd = await aRun(api.knex, { sync });
  await change(odd, { triggered_by: 'tok_foreign' });
  expect(await detail(odd)).toMatchObject({ triggered_by: 'tok_foreign', triggered_by_name: null });
});

test('a scheduled run tells its slot, and a run without row errors any more since when', async () => {
  const run = await aRun(api.knex, { sync: await ownSync() });
  expect(await detail(run)).toMatchObject({
    slot_at: null,
    row_errors_removed_at: null,
    raw_values_removed_at: null,
  });
  await change(run, {
    slot_at: new Date('2025-01-15T09:00:00Z'),
    row_errors_removed_at: new Date('2025-05-01T00:00:00.500Z'),
    raw_values_removed_at: new Date('2025-02-01T00:00:00.500Z'),
  });
  expect(await detail(run)).toMatchObject({
    slot_at: '2025-01-15T09:00:00Z',
    row_errors_removed_at: '2025-05-01T00:00:00Z',
    raw_values_removed_at: '2025-02-01T00:00:00Z',
    rows_failed: 336,
  });
});

describe('what changed since the run before', () => {
  const ran = (sync: StoredSync, versions: [sync: number, model: number], overrides: RunOverrides = {}) =>
    aRun(api.knex, { sync, ...overrides }).then(async (run) => {
      await change(run, { sync_version: versions[0], model_version: versions[1] });
      return run;
    });

  async function newVersions(sync: StoredSync): Promise<void> {
    const { version: _v, ...config } = await api.knex('sync_versions').where({ sync_id: sync.id }).first();
    const { version: _m, ...model } = await api
      .knex('model_versions')
      .where({ model_id: sync.modelId })
      .first();
    await api.knex('sync_versions').insert({
      ...config,
      version: 2,
      mode: 'mirror',
      object: JSON.stringify(config.object),
      settings: JSON.stringify({ ...config.settings, maxRows: 500 }),
      mapping: JSON.stringify([
        { column: 'id', field: 'External_Id__c' },
        { column: 'email', field: 'Mail__c' },
        { column: 'phone', field: 'Phone' },
      ]),
    });
    await api.knex('model_versions').insert({
      ...model,
      version: 2,
      sql: 'SELECT id, email, phone FROM people',
      row_key: ['id', 'email'],
      columns: JSON.stringify(model.columns),
    });
  }

  test('the first run has nothing to be compared with, and neither has one that has not started', async () => {
    const sync = await ownSync();
    const first = await ran(sync, [1, 1]);
    const queued = await aRun(api.knex, { sync, status: 'queued' });
    expect((await detail(first)).configuration).toEqual({
      sync_version: 1,
      model_version: 1,
      changed_since_previous: null,
    });
    expect((await detail(queued)).configuration).toEqual({
      sync_version: null,
      model_version: null,
      changed_since_previous: null,
    });
  });

  const nothing = {
    members: [],
    mapping: { added: [], removed: [], changed: [], reordered: false },
    sql_changed: false,
    row_key_changed: false,
  };

  test('the same versions are no change', async () => {
    const sync = await ownSync();
    const [first, second] = [await ran(sync, [1, 1]), await ran(sync, [1, 1])];
    expect((await detail(second)).configuration.changed_since_previous).toEqual({
      previous_run_id: first.id,
      ...nothing,
    });
  });

  test('members, mapped columns, SQL and row key are told, against the last run that had started', async () => {
    const sync = await ownSync();
    await newVersions(sync);
    const first = await ran(sync, [1, 1]);
    await aRun(api.knex, { sync, status: 'queued' });
    const second = await ran(sync, [2, 2]);
    const third = await ran(sync, [2, 1]);
    expect((await detail(second)).configuration).toEqual({
      sync_version: 2,
      model_version: 2,
      changed_since_previous: {
        previous_run_id: first.id,
        members: ['mode', 'mapping', 'settings.max_rows', 'sql', 'row_key'],
        mapping: {
          added: [{ column: 'phone', field: 'Phone' }],
          removed: [{ column: 'last_name', field: 'LastName' }],
          changed: [{ column: 'email', from: 'Email', to: 'Mail__c' }],
          reordered: false,
        },
        sql_changed: true,
        row_key_changed: true,
      },
    });
    expect((await detail(third)).configuration.changed_since_previous).toEqual({
      ...nothing,
      previous_run_id: second.id,
      members: ['sql', 'row_key'],
      sql_changed: true,
      row_key_changed: true,
    });
  });

  test('a version that is not kept cannot be compared', async () => {
    const sync = await ownSync();
    await ran(sync, [1, 1]);
    expect((await detail(await ran(sync, [1, 7]))).configuration).toEqual({
      sync_version: 1,
      model_version: 7,
      changed_since_previous: null,
    });
  });
});

test.each(['queued', 'running'] as const)(
  'a %s run says when to ask again, and has no tag',
  async (status) => {
    const run = await aRun(api.knex, { sync: await ownSync(), status });
    const { headers } = await api.get(pathOf(run));
    expect(headers.get('retry-after')).toBe('2');
    expect([headers.get('etag'), headers.get('cache-control')]).toEqual([null, 'no-store']);
  },
);

/** As fetch does it, but for its own ideas of caching. */
async function ask(run: Target, tag?: string): Promise<{ status: number; tag: string; body: string }> {
  const answer = await request(api.url + pathOf(run), {
    headers: { authorization: `Bearer ${api.token}`, ...(tag === undefined ? {} : { 'if-none-match': tag }) },
  });
  expect(answer.headers['retry-after']).toBeUndefined();
  expect(answer.headers['cache-control']).toBe('private, no-cache');
  return { status: answer.statusCode, tag: String(answer.headers['etag']), body: await answer.body.text() };
}

describe('the tag of an ended run', () => {
  test.each(['completed', 'failed', 'cancelled'] as const)(
    'of a %s one is strong, and stays',
    async (status) => {
      const run = await aRun(api.knex, { sync: await ownSync(), status });
      const first = await ask(run);
      expect(first.tag).toMatch(/^"[\w-]{22}"$/);
      expect((await ask(run)).tag).toBe(first.tag);
      for (const tag of [first.tag, `W/${first.tag}`, `"other", ${first.tag}`, '*']) {
        expect(await ask(run, tag)).toEqual({ status: 304, tag: first.tag, body: '' });
      }
      expect(await ask(run, '"other"')).toEqual({ status: 200, tag: first.tag, body: first.body });
    },
  );

  test.each<[string, (run: MadeRun) => Promise<unknown>]>([
    ['a run after it', (run) => aRun(api.knex, { sync: { id: run.syncId, workspaceId: run.workspaceId } })],
    ['row errors removed for their age', (run) => change(run, { row_errors_removed_at: new Date() })],
    [
      'an execution that a reset after its end has made',
      (run) => noteExecution(api.knex, run.id, { runId: '0199ffff', continuedFrom: null }),
    ],
    [
      'another name of the token',
      (run) =>
        api
          .knex('api_tokens')
          .where({ workspace_id: run.workspaceId })
          .update({ name: `renamed ${run.id}` }),
    ],
  ])('moves with %s', async (_, move) => {
    const run = await aRun(api.knex, { sync: await ownSync() });
    const token = await api.knex('api_tokens').where({ workspace_id: api.workspaceId }).first('id');
    await change(run, { triggered_by: token.id });
    const first = await ask(run);
    await move(run);
    const second = await ask(run, first.tag);
    expect(second.status).toBe(200);
    expect(second.tag).not.toBe(first.tag);
    expect((await ask(run, second.tag)).status).toBe(304);
  });

  test('stays when what is not shown of the run moves', async () => {
    const run = await aRun(api.knex, { sync: await ownSync() });
    const { tag } = await ask(run);
    await change(run, { failure_cause: null, budget_ends_at: new Date() });
    expect((await ask(run, tag)).status).toBe(304);
  });

  test('is another one for every run', async () => {
    const sync = await ownSync();
    const tags = new Set<string>();
    for (let number = 0; number < 5; number += 1) tags.add((await ask(await aRun(api.knex, { sync }))).tag);
    expect(tags.size).toBe(5);
  });
});

test('a run that is asked to cancel says since when, and goes on without a tag', async () => {
  const run = await aRun(api.knex, { sync: await ownSync(), status: 'running' });
  const { id: runId, syncId, workspaceId } = run;
  await requestCancel(api.knex, { workspaceId, syncId, runId, by: 'tok_1' });
  const { headers, body } = await api.get(pathOf(run));
  expect(body.cancel_requested_at).toMatch(/Z$/);
  expect(headers.get('etag')).toBeNull();
});
