import { closeRun } from '../../db/runs/close-run';
import { enqueueRun } from '../../db/runs/run-queue';
import { aSchedule } from '../factories/a-schedule';
import { Engine } from '../support/engine/engine';
import { eventTypes, leaseHolder, temporalStatus } from '../support/engine/run-facts';

describe('runs of one sync', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start();
    await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'u' || n AS id FROM generate_series(1, 5) n`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY)`);
  });
  afterAll(() => engine.close());

  const aSyncOf = (sql = 'SELECT * FROM users') =>
    engine.sync({ sql, mapping: [{ column: 'id', field: 'id' }], object: { table: 'contacts' } });

  test('ten triggers at once run one after another in order of arrival, never two together', async () => {
    const sync = await aSyncOf();
    const ids = await Promise.all(Array.from({ length: 10 }, () => engine.trigger(sync)));
    await Promise.all(ids.map((id) => engine.ended(id)));
    const runs = await engine.knex('runs').where({ sync_id: sync }).orderBy('queue_no');
    expect(runs.map(({ status }) => status)).toEqual(Array(10).fill('completed'));
    for (const [at, run] of runs.entries()) {
      const before = runs[at - 1];
      if (before) expect(run.started_at.getTime()).toBeGreaterThanOrEqual(before.completed_at.getTime());
    }
    expect(runs.map(({ outcome }) => outcome)).toEqual(['clean', ...Array(9).fill('no_changes')]);
    expect(await leaseHolder(engine, sync)).toBeNull();
  });

  test('syncs do not wait for each other', async () => {
    const slow = await aSyncOf('SELECT * FROM users WHERE pg_sleep(60) IS NOT NULL');
    const runId = await engine.trigger(slow);
    expect(await engine.run(await aSyncOf())).toMatchObject({ status: 'completed' });
    await engine.client.workflow.getHandle(runId).cancel();
    await engine.ended(runId);
  });

  test('a hand-over to a workflow that is not there does not touch the run that ended', async () => {
    const sync = await aSyncOf('SELECT * FROM users WHERE pg_sleep(0.1) IS NOT NULL');
    const first = await engine.trigger(sync);
    // Its workflow is never started: what a crash between the two steps of a trigger leaves behind.
    const orphan = await enqueueRun(engine.knex, {
      workspaceId: engine.workspaceId,
      syncId: sync,
      trigger: 'api',
      kind: 'normal',
      triggeredBy: null,
      note: null,
      allowDeletes: false,
    });
    expect(await engine.ended(first)).toMatchObject({ status: 'completed', outcome: expect.any(String) });
    expect(await temporalStatus(engine, first)).toBe('COMPLETED');
    expect(await leaseHolder(engine, sync)).toBe(orphan.runId);

    const last = await engine.trigger(sync);
    expect(await engine.record(last)).toMatchObject({ status: 'queued' });
    const { next } = await closeRun(engine.knex, orphan.runId, { kind: 'cancelled', failure: null });
    expect(next?.runId).toBe(last);
    await engine.client.workflow.getHandle(last).signal('handOff');
    expect(await engine.ended(last)).toMatchObject({ status: 'completed' });
  });

  test('a trigger while a run works waits in the queue, and is told apart from one that starts', async () => {
    const sync = await aSyncOf('SELECT * FROM users WHERE pg_sleep(0.1) IS NOT NULL');
    const [first, second] = [await engine.trigger(sync), await engine.trigger(sync)];
    expect(await engine.record(second)).toMatchObject({ status: 'queued', started_at: null });
    await engine.ended(second);
    expect(await eventTypes(engine, first)).toEqual(
      expect.arrayContaining(['run_queued', 'run_admitted', 'run_started', 'model_read', 'run_completed']),
    );
    expect((await eventTypes(engine, second)).slice(0, 3)).toEqual([
      'run_queued',
      'run_admitted',
      'run_started',
    ]);
  });

  test('a run that was closed before its workflow began is not run at all', async () => {
    const sync = await aSyncOf();
    const queued = await enqueueRun(engine.knex, {
      workspaceId: engine.workspaceId,
      syncId: sync,
      trigger: 'api',
      kind: 'normal',
      triggeredBy: null,
      note: null,
      allowDeletes: false,
    });
    await closeRun(engine.knex, queued.runId, { kind: 'cancelled', failure: null });
    const closed = await engine.record(queued.runId);
    await engine.client.workflow.start('syncRun', {
      taskQueue: engine.taskQueue,
      workflowId: queued.workflowId,
      args: [
        {
          workspaceId: engine.workspaceId,
          syncId: sync,
          runId: queued.runId,
          trigger: 'api',
          kind: 'normal',
        },
      ],
    });
    expect(await engine.ended(queued.runId)).toEqual({
      ...closed,
      first_execution_run_id: expect.any(String),
      execution_run_id: expect.any(String),
    });
    expect(await temporalStatus(engine, queued.runId)).toBe('FAILED');
    expect(await engine.knex('journals').where({ run_id: queued.runId })).toEqual([]);
  });

  test('a workflow that a schedule starts makes its own row once and runs', async () => {
    const sync = await aSyncOf();
    await aSchedule(engine.knex, { workspaceId: engine.workspaceId, syncId: sync });
    const workflowId = `sync/${sync}-2025-01-15T09:00:00Z`;
    await engine.client.workflow.execute('syncRun', {
      taskQueue: engine.taskQueue,
      workflowId,
      args: [{ workspaceId: engine.workspaceId, syncId: sync, trigger: 'schedule', kind: 'normal' }],
    });
    expect(await engine.knex('runs').where({ sync_id: sync })).toMatchObject([
      {
        trigger: 'schedule',
        status: 'completed',
        workflow_id: workflowId,
        first_execution_run_id: expect.any(String),
      },
    ]);
  });

  test('a schedule of a sync that is gone ends its workflow and leaves no run', async () => {
    const started = engine.client.workflow.execute('syncRun', {
      taskQueue: engine.taskQueue,
      workflowId: `sync/sync_gone-${engine.taskQueue}`,
      args: [{ workspaceId: engine.workspaceId, syncId: 'sync_gone', trigger: 'schedule', kind: 'normal' }],
    });
    expect(await started).toEqual({ skipped: 'deleted', blockingRun: null });
    expect(await engine.knex('runs').where({ sync_id: 'sync_gone' })).toEqual([]);
  });

  test('a workflow whose run is not there any more ends instead of asking for ever', async () => {
    const runId = 'run_that_nobody_knows';
    const started = engine.client.workflow.execute('syncRun', {
      taskQueue: engine.taskQueue,
      workflowId: `${runId}-${engine.taskQueue}`,
      args: [{ workspaceId: engine.workspaceId, syncId: 'sync_gone', runId, trigger: 'api', kind: 'normal' }],
    });
    await expect(started).rejects.toMatchObject({
      cause: { cause: { type: 'run_not_found', message: `run ${runId} does not exist` } },
    });
  });
});
