// What the API says its answers about runs hold: the product page's own example, and every answer as it comes over HTTP.
import type { z } from 'zod';
import {
  pageRunAnswer,
  launchedRunAnswer,
  runAnswer,
  runDetailAnswer,
  runListAnswer,
} from '../../../api/runs/answers';
import { runStatuses } from '../../../domain/run';
import { aPlannedRun, acknowledge, send } from '../../factories/a-planned-run';
import { aRun, type MadeRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { rowOutcome } from '../../../domain/row-outcome';
import { thePagesRunList } from '../../support/page-example';
import { type ApiAnswer, type RunningApi, startApi } from '../running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const ownSync = () => aSync(api.knex, { workspaceId: api.workspaceId });
const pathOf = (run: Pick<MadeRun, 'id' | 'syncId'>) => `/api/v1/syncs/${run.syncId}/runs/${run.id}`;

function expectForm(form: z.ZodType, { status, body }: ApiAnswer, expected: number): void {
  const { error } = form.safeParse(body);
  expect([status, error?.issues ?? []]).toEqual([expected, []]);
}

test('the product page’s run has the form of a run, and every key of it', () => {
  const [run] = thePagesRunList.data;
  expect(pageRunAnswer.parse(run)).toEqual(run);
  const { data, pagination } = runListAnswer.shape;
  expect(pagination.parse(thePagesRunList.pagination)).toEqual(thePagesRunList.pagination);
  const whole = { ...(runAnswer.meta()?.['example'] as object), ...run };
  expect(data.parse([whole])).toEqual([whole]);
});

test('the documented example is the product page’s run, and valid', () => {
  const example = runAnswer.meta()?.['example'];
  expect(example).toMatchObject(thePagesRunList.data[0] ?? {});
  expect(Object.keys(example as object).slice(0, 12)).toEqual(Object.keys(thePagesRunList.data[0] ?? {}));
  expect(runAnswer.parse(example)).toEqual(example);
});

test('a form takes no key that it does not name, and misses none', () => {
  const example = runAnswer.meta()?.['example'] as Record<string, unknown>;
  expect(runAnswer.safeParse({ ...example, more: 1 }).success).toBe(false);
  for (const key of Object.keys(example)) {
    const { [key]: _left, ...rest } = example;
    expect([key, runAnswer.safeParse(rest).success]).toEqual([key, false]);
  }
});

test('lists, by page and by cursor, with runs of every status', async () => {
  const sync = await ownSync();
  for (const status of runStatuses) await aRun(api.knex, { sync, status });
  for (const path of ['/api/v1/runs', `/api/v1/syncs/${sync.id}/runs`]) {
    for (const query of ['', '?cursor=*', '?cursor=*&per_page=2', '?page=99'])
      expectForm(runListAnswer, await api.get(path + query), 200);
  }
});

test.each(runStatuses)('a %s run', async (status) => {
  const sync = await ownSync();
  await aRun(api.knex, { sync });
  const run = await aRun(api.knex, { sync, status });
  expectForm(runDetailAnswer, await api.get(pathOf(run)), 200);
});

test('a run at work, with batches, progress and a wait', async () => {
  const { runId, syncId } = await aPlannedRun(api.knex, { sync: await ownSync() }).then(async (fence) => {
    await send(api.knex, fence, 1);
    await acknowledge(api.knex, fence, 1, rowOutcome.created);
    return fence;
  });
  const place = { run_id: runId, workspace_id: api.workspaceId };
  await api
    .knex('run_pulses')
    .insert({ ...place, heartbeat_at: new Date(), rows_read: 30 })
    .onConflict('run_id')
    .merge();
  await api
    .knex('run_phases')
    .where({ run_id: runId, phase: 'destination_writes' })
    .update({ waiting_since: new Date(), waiting_until: new Date() });
  const answer = await api.get(pathOf({ id: runId, syncId }));
  expectForm(runDetailAnswer, answer, 200);
  expect(answer.body.progress).toMatchObject({ rows_answered: 10, waiting_for: { reason: 'unknown' } });
  expect(answer.body.performance.api_call_ms).toEqual({ count: 1, p50: 12, p95: 12 });
});

test('a trigger, a retry and a cancel', async () => {
  const sync = await ownSync();
  const run = await aRun(api.knex, { sync });
  expectForm(launchedRunAnswer, await api.post(`${pathOf(run)}/retry`), 202);
  const queued = await api.post(`/api/v1/syncs/${sync.id}/trigger`);
  expectForm(launchedRunAnswer, queued, 202);
  expectForm(
    runDetailAnswer,
    await api.post(`${pathOf({ id: queued.body.id, syncId: sync.id })}/cancel`),
    202,
  );
  const cancelled = await aRun(api.knex, { sync, status: 'cancelled' });
  expectForm(runDetailAnswer, await api.post(`${pathOf(cancelled)}/cancel`), 200);
});
