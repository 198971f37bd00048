import type { Knex } from 'knex';
import { connect } from '../../../../db/connect';
import {
  type ClaimLimits,
  claimDueRuns,
  giveBackClaims,
} from '../../../../db/runs/reconcile/reconcile-claim';
import { noteStuckRuns } from '../../../../db/runs/reconcile/reconcile-stuck';
import { claimLimits } from '../../../../worker/reconciler/reconcile-runs';
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
    `DELETE FROM run_events; DELETE FROM run_pulses; DELETE FROM sync_leases; DELETE FROM run_phases; DELETE FROM runs`,
  ),
);

const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1_000);
const claim = async (limits: Partial<ClaimLimits> = {}): Promise<string[]> =>
  (await claimDueRuns(knex, { ...claimLimits, ...limits })).map(({ runId }) => runId);
const pulse = (run: { id: string; workspaceId: string }, times: Record<string, Date>) =>
  knex('run_pulses').insert({ run_id: run.id, workspace_id: run.workspaceId, ...times });
const aWorkingRun = () => aRun(knex, { status: 'running', startedAt: ago(60) });

test('a run is looked at every twenty seconds, and seldom while it shows signs of life', async () => {
  const [never, lively, silent, looked] = [
    await aWorkingRun(),
    await aWorkingRun(),
    await aWorkingRun(),
    await aWorkingRun(),
  ];
  await pulse(lively, { heartbeat_at: ago(5), checked_at: ago(40) });
  await pulse(silent, { heartbeat_at: ago(30), checked_at: ago(25) });
  await pulse(looked, { heartbeat_at: ago(30), checked_at: ago(10) });
  await aRun(knex, { status: 'completed' });
  await aRun(knex, { status: 'running', startedAt: ago(5) });
  expect((await claim()).toSorted()).toEqual([never.id, silent.id].toSorted());
  expect(await claim()).toEqual([]);
});

test('a run that was not looked at for three quarters of a minute is, however lively it seems', async () => {
  const [beating, never, young] = [
    await aWorkingRun(),
    await aWorkingRun(),
    await aRun(knex, { status: 'running', startedAt: ago(30) }),
  ];
  // Of a worker that has lost Temporal, say: the run may have been terminated long ago.
  await pulse(beating, { heartbeat_at: ago(0), checked_at: ago(46) });
  await pulse(never, { heartbeat_at: ago(0) });
  await pulse(young, { heartbeat_at: ago(0) });
  expect((await claim()).toSorted()).toEqual([beating.id, never.id].toSorted());
  expect(await claim()).toEqual([]);
});

test('a cancel that waits is looked at first, whatever the heartbeats say', async () => {
  const [silent, lively] = [await aWorkingRun(), await aWorkingRun()];
  await pulse(lively, { heartbeat_at: ago(1), checked_at: ago(5) });
  await knex('runs')
    .where({ id: lively.id })
    .update({ cancel_requested_at: ago(3) });
  expect(await claim({ page: 1 })).toEqual([lively.id]);
  expect(await claim({ page: 1 })).toEqual([silent.id]);
});

test('a run without a workflow is left to whoever queued it for ten seconds', async () => {
  const fresh = await aRun(knex, { status: 'queued', startedAt: ago(4) });
  const lost = await aRun(knex, { status: 'queued', startedAt: ago(15) });
  expect(await claim()).toEqual([lost.id]);
  expect(await claim({ unstartedMs: 1_000 })).toEqual([fresh.id]);
});

test('a run without a workflow whose cancel was asked for is looked at as soon as any other', async () => {
  const [asked, justAsked] = [
    await aRun(knex, { status: 'queued', startedAt: ago(2) }),
    await aRun(knex, { status: 'queued', startedAt: ago(2) }),
  ];
  const cancel = (runId: string, seconds: number) =>
    knex('runs')
      .where({ id: runId })
      .update({ cancel_requested_at: ago(seconds) });
  await cancel(asked.id, 2);
  await cancel(justAsked.id, 0);
  expect(await claimDueRuns(knex, claimLimits)).toMatchObject([
    { runId: asked.id, isClaimed: false, cancelRequested: true },
  ]);
});

test('a run that may start and was not told goes before those that wait for a look, however long they do', async () => {
  const quiet = await aWorkingRun();
  await pulse(quiet, { heartbeat_at: ago(600), checked_at: ago(600) });
  const untold = await aRun(knex, { status: 'queued', startedAt: ago(60) });
  await knex('runs').where({ id: untold.id }).update({ first_execution_run_id: 'x' });
  await pulse(untold, { checked_at: ago(6) });
  const { workspaceId, syncId } = untold;
  await knex('sync_leases').insert({ sync_id: syncId, workspace_id: workspaceId, run_id: untold.id });
  expect(await claim({ page: 1 })).toEqual([untold.id]);
  expect(await claim({ page: 1 })).toEqual([quiet.id]);
});

test('a run that holds the lease and is still queued is looked at every five seconds', async () => {
  const run = await aRun(knex, { status: 'queued', startedAt: ago(60) });
  await knex('runs').where({ id: run.id }).update({ first_execution_run_id: 'x' });
  await pulse(run, { checked_at: ago(6) });
  expect(await claim()).toEqual([]);
  await knex('sync_leases').insert({ sync_id: run.syncId, workspace_id: run.workspaceId, run_id: run.id });
  const admitted = (seconds: number) =>
    knex('run_events').insert({
      run_id: run.id,
      workspace_id: run.workspaceId,
      sync_id: run.syncId,
      type: 'run_admitted',
      at: ago(seconds),
    });
  await admitted(60);
  expect(await claimDueRuns(knex, claimLimits)).toMatchObject([
    { runId: run.id, isUntold: true, isClaimed: true },
  ]);
  await admitted(1);
  await knex('run_pulses').update({ checked_at: ago(6) });
  expect(await claim()).toEqual([]);
});

test('workers that claim at once share the runs, each going to one of them', async () => {
  const runs = await Promise.all(Array.from({ length: 60 }, aWorkingRun));
  const claims = await Promise.all(Array.from({ length: 6 }, () => claim({ page: 15 })));
  const left = await claim();
  const all = [...claims.flat(), ...left];
  expect(all.toSorted()).toEqual(runs.map(({ id }) => id).toSorted());
  await giveBackClaims(knex, all.slice(0, 7));
  expect((await claim()).toSorted()).toEqual(all.slice(0, 7).toSorted());
});

test('a run that somebody is closing is left out, and not waited for', async () => {
  const run = await aWorkingRun();
  const trx = await knex.transaction();
  await trx.raw(`SELECT 1 FROM runs WHERE id = ? FOR NO KEY UPDATE`, [run.id]);
  expect(await claim()).toEqual([]);
  await trx.rollback();
  expect(await claim()).toEqual([run.id]);
});

test('runs that have ended cost nothing, however many there are', async () => {
  const one = await aRun(knex, { status: 'completed' });
  await knex.raw(
    `INSERT INTO runs (id, workspace_id, sync_id, queue_no, trigger, status, outcome, sync_version, model_version, workflow_id,
       queued_at, started_at, completed_at)
     SELECT 'run_old' || n, workspace_id, sync_id, n + 1, 'api', 'completed', 'no_changes', 1, 1, 'run_old' || n,
       queued_at, started_at, completed_at
     FROM runs, generate_series(1, 5000) n WHERE id = ?`,
    [one.id],
  );
  const open = await aWorkingRun();
  await knex.raw('ANALYZE runs');
  const statements: { sql: string; bindings: unknown[] }[] = [];
  const keep = (query: { sql: string; bindings: unknown[] }) => void statements.push(query);
  knex.on('query', keep);
  expect(await claim()).toEqual([open.id]);
  await noteStuckRuns(knex);
  knex.removeListener('query', keep);
  expect(statements.length).toBeGreaterThanOrEqual(2);
  for (const { sql, bindings } of statements.slice(0, 2)) {
    const { rows } = await knex.raw(`EXPLAIN ${sql.replaceAll(/\$\d+/g, '?')}`, bindings as string[]);
    const plan = rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('runs_open');
    expect(plan).not.toContain('Seq Scan on runs');
  }
});
