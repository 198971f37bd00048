import type { Knex } from 'knex';
import { connect } from '../../../../db/connect';
import { noteStuckRuns } from '../../../../db/runs/reconcile/reconcile-stuck';
import { beatPulse } from '../../../../db/runs/pulse';
import { writeEventOfRun } from '../../../../db/runs/run-events';
import { defaultSettings } from '../../../../domain/sync';
import { aRun } from '../../../factories/a-run';
import { createTestDatabase, type TestDatabase } from '../../../support/database';

let database: TestDatabase;
let knex: Knex;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 8 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});
afterEach(() =>
  knex.raw(
    "UPDATE run_phases SET ended_at = started_at; DELETE FROM run_events; DELETE FROM run_pulses; UPDATE runs SET status = 'cancelled', outcome = 'nothing_applied', completed_at = now() WHERE completed_at IS NULL",
  ),
);

const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1_000);
const limit = defaultSettings.stuckAfterSeconds;

/** A run that works since `seconds` ago and has told nothing. */
const aRunWorkingFor = (seconds: number) => aRun(knex, { status: 'running', startedAt: ago(seconds) });
const stuckEvents = (runId: string) =>
  knex('run_events').where({ run_id: runId, type: 'stuck' }).orderBy('id');

test('a run is stuck when nothing has moved for its limit, and told so once, by however many workers', async () => {
  const stuck = await aRunWorkingFor(limit + 60);
  const fresh = await aRunWorkingFor(limit - 60);
  const rounds = await Promise.all([1, 2, 3, 4, 5].map(() => noteStuckRuns(knex)));
  expect(rounds.flat()).toEqual([stuck.id]);
  expect(await stuckEvents(stuck.id)).toMatchObject([
    { detail: { phase: null, quiet_since: expect.any(String) } },
  ]);
  expect(await stuckEvents(fresh.id)).toEqual([]);
  expect(await noteStuckRuns(knex)).toEqual([]);
});

test.each<[string, (run: { id: string; workspaceId: string }) => Promise<unknown>]>([
  ['an event', (run) => writeEventOfRun(knex, run.id, 'model_read')],
  [
    'a counter that moved',
    (run) =>
      knex('run_pulses').insert({ run_id: run.id, workspace_id: run.workspaceId, progressed_at: ago(1) }),
  ],
])('%s is progress', async (_, move) => {
  const run = await aRunWorkingFor(limit + 60);
  await move(run);
  expect(await noteStuckRuns(knex)).toEqual([]);
});

test('a worker that dies again and again makes events, and no progress', async () => {
  const run = await aRunWorkingFor(limit + 60);
  await writeEventOfRun(knex, run.id, 'phase_retried');
  await beatPulse(knex, run.id, { rowsRead: null, moved: false });
  expect(await noteStuckRuns(knex)).toEqual([run.id]);
});

test('a heartbeat alone is no progress', async () => {
  const run = await aRunWorkingFor(limit + 60);
  await knex('run_pulses').insert({
    run_id: run.id,
    workspace_id: run.workspaceId,
    heartbeat_at: new Date(),
    progressed_at: ago(limit + 60),
  });
  expect(await noteStuckRuns(knex)).toEqual([run.id]);
});

test('a run that waits out trouble is not stuck', async () => {
  const run = await aRunWorkingFor(limit + 60);
  await knex('run_phases').insert({
    run_id: run.id,
    workspace_id: run.workspaceId,
    phase: 'query',
    started_at: ago(limit + 60),
    waiting_since: ago(limit + 60),
  });
  expect(await noteStuckRuns(knex)).toEqual([]);
});

test('having been told is no progress: a stretch is told once, however long it lasts', async () => {
  const run = await aRunWorkingFor(3 * limit);
  const place = { run_id: run.id, workspace_id: run.workspaceId, sync_id: run.syncId };
  await knex('run_events').insert({ ...place, type: 'stuck', at: ago(2 * limit) });
  expect(await noteStuckRuns(knex)).toEqual([]);
});

test('a second stretch without progress is told again', async () => {
  const run = await aRunWorkingFor(3 * limit);
  await knex('run_events').insert([
    { run_id: run.id, workspace_id: run.workspaceId, sync_id: run.syncId, type: 'stuck', at: ago(2 * limit) },
    {
      run_id: run.id,
      workspace_id: run.workspaceId,
      sync_id: run.syncId,
      type: 'model_read',
      at: ago(limit + 60),
    },
  ]);
  expect(await noteStuckRuns(knex)).toEqual([run.id]);
  expect(await noteStuckRuns(knex)).toEqual([]);
});

test("the limit is the sync's own", async () => {
  const run = await aRunWorkingFor(120);
  await knex('sync_versions')
    .where({ sync_id: run.syncId })
    .update({ settings: JSON.stringify({ stuckAfterSeconds: 60 }) });
  expect(await noteStuckRuns(knex)).toEqual([run.id]);
});
