// A model that loses a column at the moment in which a sync is made to map it: whichever comes second is refused.
import { setTimeout as sleep } from 'node:timers/promises';
import { aDestination } from '../../factories/a-destination';
import { aModel } from '../../factories/a-model';
import { aSync } from '../../factories/a-sync';
import { uniqueSuffix } from '../../factories/a-workspace';
import { type ApiAnswer, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const mapping = ['id', 'email', 'last_name'].map((name) => ({ column: name, field: name }));

async function aModelOfThree(): Promise<string> {
  return (await aModel(api.knex, { workspaceId: api.workspaceId })).id;
}

const change = (path: string, body: unknown): Promise<ApiAnswer> =>
  api.send(path, { method: 'PATCH', body, headers: { 'If-Match': '*' } });

/** Takes last_name out of the model. */
function dropColumn(modelId: string): Promise<ApiAnswer> {
  const columns = ['id', 'email'].map((name) => ({ name, type: 'text' }));
  api.inspector.answer = { ok: true, checks: [], durationMs: 1, columns };
  return change(`/api/v1/models/${modelId}`, { sql: 'SELECT id, email FROM users' });
}

async function makeSync(modelId: string): Promise<ApiAnswer> {
  const { workspaceId } = api;
  const destinationId = (await aDestination(api.knex, { workspaceId })).id;
  const body = { name: `S ${uniqueSuffix()}`, model_id: modelId, destination_id: destinationId, mapping };
  return api.post('/api/v1/syncs', body);
}

/** Makes a sync that does not map last_name; what is returned changes it so that it does. */
async function syncChange(modelId: string): Promise<() => Promise<ApiAnswer>> {
  const { id } = await aSync(api.knex, {
    workspaceId: api.workspaceId,
    modelId,
    mapping: mapping.slice(0, 2),
  });
  return () => change(`/api/v1/syncs/${id}`, { mapping });
}

/** Begins the first, which is held up where it writes to the table, then the second, and lets both go on. */
async function oneAfterTheOther(
  table: 'model_versions' | 'sync_versions',
  first: () => Promise<ApiAnswer>,
  second: () => Promise<ApiAnswer>,
): Promise<[ApiAnswer, ApiAnswer]> {
  const holder = await api.knex.transaction();
  await holder.raw(`LOCK TABLE ${table} IN EXCLUSIVE MODE`);
  const one = first();
  await waiting(1);
  const other = second();
  await waiting(2);
  await holder.rollback();
  return Promise.all([one, other]);
}

/** Until so many transactions wait for a lock. */
async function waiting(count: number): Promise<void> {
  for (;;) {
    const { rows } = await api.knex.raw<{ rows: unknown[] }>(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows.length >= count) return;
    await sleep(5);
  }
}

test('a sync that is being made keeps its column', async () => {
  const modelId = await aModelOfThree();
  const [made, dropped] = await oneAfterTheOther(
    'sync_versions',
    () => makeSync(modelId),
    () => dropColumn(modelId),
  );
  expect([made.status, dropped.status, dropped.body.errors]).toMatchObject([
    201,
    422,
    [{ pointer: '/sql', code: 'column_in_use' }],
  ]);
});

test('a sync that is being changed to map a column keeps it', async () => {
  const modelId = await aModelOfThree();
  const [changed, dropped] = await oneAfterTheOther('sync_versions', await syncChange(modelId), () =>
    dropColumn(modelId),
  );
  expect([changed.status, dropped.status, dropped.body.errors]).toMatchObject([
    200,
    422,
    [{ pointer: '/sql', code: 'column_in_use' }],
  ]);
});

test.each([
  ['made', async (modelId: string) => () => makeSync(modelId)],
  ['changed', syncChange],
])(
  'a sync that is %s while its model is being changed is held to what the model is then',
  async (_, actOn) => {
    const modelId = await aModelOfThree();
    const act = await actOn(modelId);
    const [dropped, refused] = await oneAfterTheOther('model_versions', () => dropColumn(modelId), act);
    expect([dropped.status, refused.status, refused.body.errors]).toMatchObject([
      200,
      422,
      [{ pointer: '/mapping/2/column', code: 'unknown_column' }],
    ]);
  },
);
