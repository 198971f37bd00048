// Reading a run's events.
import { aRun, type MadeRun } from '../factories/a-run';
import { aSync } from '../factories/a-sync';
import { type RunningApi, startApi } from './running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const pathOf = (run: MadeRun) => `/api/v1/syncs/${run.syncId}/runs/${run.id}`;

test('events come oldest first with their details', async () => {
  const run = await aRun(api.knex, { sync: await aSync(api.knex, { workspaceId: api.workspaceId }) });
  const event = { workspace_id: run.workspaceId, sync_id: run.syncId, run_id: run.id };
  const at = '2025-01-15T08:59:59.123Z';
  await api.knex('run_events').insert({ ...event, at, type: 'run_queued', detail: '{"trigger":"api"}' });
  await api.knex('run_events').insert({ ...event, type: 'run_started' });
  const { body } = await api.get(`${pathOf(run)}/events`);
  expect(body.data.map(({ type }: { type: string }) => type)).toEqual(['run_queued', 'run_started']);
  expect(body.data[0]).toEqual({
    id: expect.any(Number),
    at,
    type: 'run_queued',
    detail: { trigger: 'api' },
  });
});
