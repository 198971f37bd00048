// What is told of the whole installation, against runs of every kind.
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { endedRun } from '../../../db/views/ended-run-view';
import { measures } from '../../../db/views/metrics-view';
import { closeRun } from '../../../db/runs/close-run';
import { rowOutcome } from '../../../domain/row-outcome';
import { acknowledge, aPlannedRun, send } from '../../factories/a-planned-run';
import { aRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 3 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1_000);
const around = (seconds: number): object => ({
  asymmetricMatch: (value: number) => value >= seconds - 1 && value < seconds + 60,
});

test('an empty installation has nothing of anything', async () => {
  expect(await measures(knex)).toEqual({
    runs: [],
    queue: { length: 0, oldestSeconds: 0 },
    leases: { held: 0, oldestSeconds: 0, longestSilenceSeconds: 0 },
    waits: [],
    batches: { planned: 0, sent: 0 },
    alerts: [],
    deliveries: { pending: 0, oldestSeconds: 0 },
  });
});

test('what is open is told with its ages; a run that waits something out is not silent', async () => {
  const lease = (run: { id: string; syncId: string; workspaceId: string }) =>
    knex('sync_leases').insert({ sync_id: run.syncId, workspace_id: run.workspaceId, run_id: run.id });
  const working = await aRun(knex, { status: 'running', startedAt: ago(500) });
  await lease(working);
  await knex('run_pulses').insert({
    run_id: working.id,
    workspace_id: working.workspaceId,
    heartbeat_at: ago(100),
  });
  await aRun(knex, {
    sync: { id: working.syncId, workspaceId: working.workspaceId },
    status: 'queued',
    startedAt: ago(299),
  });
  const waiting = await aRun(knex, { status: 'running', startedAt: ago(1_000) });
  await lease(waiting);
  await knex('run_phases').insert({
    run_id: waiting.id,
    workspace_id: waiting.workspaceId,
    phase: 'query',
    started_at: ago(999),
    waiting_since: ago(900),
  });
  await aRun(knex);
  await aRun(knex, { status: 'cancelled', sync: await aSync(knex) });
  const seen = await measures(knex);
  expect(seen).toMatchObject({
    queue: { length: 1, oldestSeconds: around(300) },
    leases: { held: 2, oldestSeconds: around(1_000), longestSilenceSeconds: around(100) },
    waits: [{ phase: 'query', count: 1 }],
  });
  expect(seen.runs).toEqual(
    expect.arrayContaining([
      { status: 'running', outcome: null, count: 2 },
      { status: 'queued', outcome: null, count: 1 },
      { status: 'completed', outcome: 'with_row_errors', count: 1 },
      { status: 'cancelled', outcome: 'nothing_applied', count: 1 },
    ]),
  );
});

test('an ended run is told with its times and counts, one that has not ended is not', async () => {
  const run = await aRun(knex);
  const seen = await endedRun(knex, run.id);
  expect(seen).toMatchObject({ id: run.id, status: 'completed', outcome: 'with_row_errors', batches: 0 });
  expect(seen?.counts).toMatchObject({ processed: 15_432, failed: 336 });
  expect(await endedRun(knex, (await aRun(knex, { status: 'running' })).id)).toBeNull();
  expect(await endedRun(knex, 'run_none')).toBeNull();
});

test('batches of an ended run are told with how often they were sent again', async () => {
  const fence = await aPlannedRun(knex, { batches: 3 });
  for (const batchNo of [1, 2, 2, 2]) await send(knex, fence, batchNo);
  for (const batchNo of [1, 2]) await acknowledge(knex, fence, batchNo, rowOutcome.created);
  await closeRun(knex, fence.runId, { kind: 'cancelled', failure: null });
  // The third was never sent.
  expect(await endedRun(knex, fence.runId)).toMatchObject({ batches: 2, batchRetries: 2 });
});
