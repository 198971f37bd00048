import { closeRun } from '../../../db/runs/close-run';
import { enqueueRun } from '../../../db/runs/run-queue';
import { temporalRunLauncher } from '../../../temporal/run-launcher';
import { temporalRunStates } from '../../../temporal/run-state';
import { temporalClient } from '../../../temporal/temporal-client';
import { type SyncRunInput, workflowNames } from '../../../workflows/messages';
import { claimLimits, reconcileRuns } from '../../../worker/reconciler/reconcile-runs';
import { Engine, type RunRecord } from '../../support/engine/engine';
import { eventsOf, eventTypes, leaseHolder, temporalStatus } from '../../support/engine/run-facts';
import { noWaits, reconcilerOf } from '../../support/engine/reconciling';
import { until } from '../../support/until';

let engine: Engine;
let reconciler: ReturnType<typeof reconcilerOf>;

beforeAll(async () => {
  engine = await Engine.start();
  reconciler = reconcilerOf(engine);
  await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'u' || n AS id FROM generate_series(1, 5) n`);
  await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY)`);
});
afterAll(() => engine.close());
afterEach(async () => {
  // The tests are not each other's neighbours: every one leaves only runs that have ended.
  expect(await engine.knex('runs').whereNull('completed_at').select('id')).toEqual([]);
});

const slowModel = 'SELECT * FROM users WHERE pg_sleep(60) IS NOT NULL';
const aSyncOf = (sql = 'SELECT * FROM users') =>
  engine.sync({ sql, mapping: [{ column: 'id', field: 'id' }], object: { table: 'contacts' } });

/** A run's row without a workflow: what is left when Temporal is away, or the API dies in between. */
const enqueue = async (syncId: string): Promise<string> => {
  const place = {
    workspaceId: engine.workspaceId,
    syncId,
    triggeredBy: null,
    note: null,
    allowDeletes: false,
  };
  return (await enqueueRun(engine.knex, { ...place, trigger: 'api', kind: 'normal' })).runId;
};
const handle = (runId: string) => engine.client.workflow.getHandle(runId);
const requestCancel = (runId: string) =>
  engine.knex.raw(`UPDATE runs SET cancel_requested_at = now() - interval '1 minute' WHERE id = ?`, [runId]);
const aged = (runId: string) =>
  engine.knex.raw(`UPDATE runs SET queued_at = queued_at - interval '1 minute' WHERE id = ?`, [runId]);

/** Whether the run's workflow has found its row. */
const hasReported = async (runId: string): Promise<boolean> =>
  (await engine.knex('runs').where({ id: runId }).whereNotNull('first_execution_run_id')).length === 1;

/** A run that has its sync's lease and queries its model for a minute. */
const aWorkingRun = async (syncId: string): Promise<string> => {
  const runId = await engine.trigger(syncId);
  await until('the run to work', async () => (await engine.record(runId)).status === 'running');
  return runId;
};

/** What a failover to a standby that lacked the last commits leaves: the workflow has ended, the run has not. */
async function forgetTheEnd(run: RunRecord): Promise<void> {
  await engine.knex.transaction(async (trx) => {
    await trx('runs').where({ id: run.id }).update({
      status: 'running',
      outcome: null,
      completed_at: null,
      failure_code: null,
      failure_message: null,
      failure_cause: null,
    });
    await trx('sync_leases').where({ sync_id: run.sync_id }).update({ run_id: run.id });
  });
}

const expectReconciled = async (runId: string, detail: Record<string, unknown>) => {
  const told = (await eventsOf(engine, runId)).filter(({ type }) => type === 'reconciled');
  expect(told).toEqual([{ type: 'reconciled', detail: expect.objectContaining(detail) }]);
};

describe('a run that was queued while Temporal was away', () => {
  test('is started once by whoever finds it first, and not before its caller had time to start it', async () => {
    const runId = await enqueue(await aSyncOf());
    expect(await reconciler.runs(claimLimits)).toEqual([]);
    await aged(runId);
    const rounds = await Promise.all([1, 2, 3, 4].map(() => reconciler.runs(claimLimits)));
    expect(rounds.flat()).toEqual(['started']);
    expect(await engine.ended(runId)).toMatchObject({ status: 'completed', rows_created: 5 });
    await expectReconciled(runId, { found: 'never_started', did: 'started' });
    expect(await reconciler.runs()).toEqual([]);
  });

  test('and then cancelled is closed as cancelled and never started', async () => {
    const sync = await aSyncOf();
    const runId = await enqueue(sync);
    await requestCancel(runId);
    expect(await reconciler.runs()).toEqual(['closed']);
    expect(await engine.record(runId)).toMatchObject({ status: 'cancelled', outcome: 'nothing_applied' });
    await expectReconciled(runId, { found: 'never_started', did: 'closed' });
    await expect(handle(runId).describe()).rejects.toThrow('not found');
    expect(await leaseHolder(engine, sync)).toBeNull();
  });

  test('and cancelled within moments is closed as soon, and a workflow that comes late sends nothing', async () => {
    const sync = await aSyncOf();
    const runId = await enqueue(sync);
    await requestCancel(runId);
    expect(await reconciler.runs(claimLimits)).toEqual(['closed']);
    const { workspaceId } = engine;
    const late = {
      workspaceId,
      syncId: sync,
      runId,
      workflowId: runId,
      trigger: 'api',
      kind: 'normal',
    } as const;
    await reconciler.deps.launcher.start({ ...late, summary: 'Users → CRM (api)' });
    await expect(handle(runId).result()).rejects.toMatchObject({ cause: { type: 'run_already_closed' } });
    expect(await engine.record(runId)).toMatchObject({ status: 'cancelled', outcome: 'nothing_applied' });
    const types = await eventTypes(engine, runId);
    expect(types).toContain('run_already_closed');
    expect(types).not.toContain('run_reset');
  });

  test('is not held up by one before it that cannot be started', async () => {
    const [bad, good] = [await enqueue(await aSyncOf()), await enqueue(await aSyncOf())];
    const { deps } = reconciler;
    const refusing = {
      ...deps,
      launcher: {
        ...deps.launcher,
        start: (run: Parameters<typeof deps.launcher.start>[0]) =>
          run.runId === bad ? Promise.reject(new Error('refused')) : deps.launcher.start(run),
      },
    };
    await expect(reconcileRuns(refusing, noWaits)).rejects.toThrow('refused');
    expect(await engine.ended(good)).toMatchObject({ status: 'completed' });
    await reconciler.runs();
    expect(await engine.ended(bad)).toMatchObject({ status: 'completed' });
  });
});

describe('a run whose workflow was terminated', () => {
  test('is closed as failed with who did it and why, and the run behind it goes on', async () => {
    const sync = await aSyncOf(slowModel);
    const runId = await aWorkingRun(sync);
    const next = await engine.trigger(sync);
    await engine.client.workflow.getHandle(runId).terminate('taking it down');
    const rounds = await Promise.all([reconciler.runs(), reconciler.runs(), reconciler.runs()]);
    expect(rounds.flat().filter((act) => act === 'closed')).toEqual(['closed']);
    const run = await engine.record(runId);
    expect(run).toMatchObject({
      status: 'failed',
      outcome: 'nothing_applied',
      failure_code: 'terminated_by_operator',
      failure_cause: expect.stringContaining('taking it down'),
      counter_mismatch: 0,
    });
    expect(await temporalStatus(engine, runId)).toBe('TERMINATED');
    await expectReconciled(runId, { found: 'workflow_terminated', did: 'closed' });
    await until('the next run to work', async () => (await engine.record(next)).status === 'running');
    await handle(next).cancel();
    expect(await engine.ended(next)).toMatchObject({ status: 'cancelled' });
  });

  test('while it was queued leaves the queue, and those behind it move up', async () => {
    const sync = await aSyncOf(slowModel);
    const [holder, doomed, last] = [
      await aWorkingRun(sync),
      await engine.trigger(sync),
      await engine.trigger(sync),
    ];
    await handle(doomed).terminate();
    expect(await reconciler.runs()).toEqual(['closed']);
    expect(await engine.record(doomed)).toMatchObject({
      status: 'failed',
      failure_code: 'terminated_by_operator',
    });
    expect(await leaseHolder(engine, sync)).toBe(holder);
    await handle(holder).cancel();
    await until('the last one to work', async () => (await engine.record(last)).status === 'running');
    await handle(last).cancel();
    await engine.ended(last);
  });

  test('just after it was given the lease lets the next one have it', async () => {
    const sync = await aSyncOf(slowModel);
    const [holder, heir, last] = [
      await aWorkingRun(sync),
      await engine.trigger(sync),
      await engine.trigger(sync),
    ];
    await handle(heir).terminate();
    await handle(holder).cancel();
    await engine.ended(holder);
    expect(await leaseHolder(engine, sync)).toBe(heir);
    expect(await reconciler.runs()).toEqual(['closed']);
    await until('the last one to work', async () => (await engine.record(last)).status === 'running');
    await handle(last).cancel();
    await engine.ended(last);
  });
});

describe('a run that Temporal has closed and Postgres has not', () => {
  test('because it was cancelled is closed as cancelled', async () => {
    const sync = await aSyncOf(slowModel);
    const runId = await aWorkingRun(sync);
    await handle(runId).cancel();
    await forgetTheEnd(await engine.ended(runId));
    expect(await reconciler.runs()).toEqual(['closed']);
    expect(await engine.record(runId)).toMatchObject({ status: 'cancelled', outcome: 'nothing_applied' });
    await expectReconciled(runId, { found: 'workflow_cancelled', did: 'closed' });
    expect(await leaseHolder(engine, sync)).toBeNull();
  });

  test('because it failed is closed as internal, with what Temporal knows of the cause', async () => {
    const run = await engine.run(await aSyncOf('SELECT * FROM nowhere'));
    await forgetTheEnd(run);
    expect(await reconciler.runs()).toEqual(['closed']);
    expect(await engine.record(run.id)).toMatchObject({
      status: 'failed',
      failure_code: 'internal',
      failure_message: 'Internal error: its workflow ended without closing the run',
      failure_cause: expect.stringMatching(/^FAILED: Model query failed.*nowhere/s),
    });
  });

  test('because it completed is completed by what the ledger proves, and not run again', async () => {
    const run = await engine.run(await aSyncOf(`SELECT 'of its own' AS id`));
    await forgetTheEnd(run);
    expect(await reconciler.runs()).toEqual(['closed']);
    expect(await engine.record(run.id)).toMatchObject({ status: 'completed', rows_created: 1 });
    await expectReconciled(run.id, { found: 'workflow_completed', did: 'closed' });
  });

  test('because it completed, with its answers lost, is closed as internal with what is known', async () => {
    const run = await engine.run(await aSyncOf(`SELECT 'of its own too' AS id`));
    await forgetTheEnd(run);
    await engine.knex.raw(
      `WITH answers AS (DELETE FROM batches WHERE run_id = ?) DELETE FROM change_plans WHERE run_id = ?`,
      [run.id, run.id],
    );
    expect(await reconciler.runs()).toEqual(['closed']);
    expect(await engine.record(run.id)).toMatchObject({
      status: 'failed',
      failure_code: 'internal',
      failure_cause: 'COMPLETED',
      rows_processed: 1,
      rows_not_attempted: 1,
    });
    await expectReconciled(run.id, { found: 'workflow_completed', did: 'closed' });
  });

  test('because a timeout of somebody who started it ended it is closed as internal, and the next goes on', async () => {
    const sync = await aSyncOf(slowModel);
    const runId = await enqueue(sync);
    const input: SyncRunInput = {
      workspaceId: engine.workspaceId,
      syncId: sync,
      runId,
      trigger: 'api',
      kind: 'normal',
    };
    await engine.client.workflow.start(workflowNames.syncRun, {
      taskQueue: engine.taskQueue,
      workflowId: runId,
      args: [input],
      // No run of ours has one; what Temporal says of it is the same whoever set it.
      workflowExecutionTimeout: '3s',
    });
    await until('the run to work', async () => (await engine.record(runId)).status === 'running');
    const next = await engine.trigger(sync);
    await until('its end', async () => (await temporalStatus(engine, runId)) === 'TIMED_OUT');
    expect(await engine.record(runId)).toMatchObject({ status: 'running' });
    const rounds = await Promise.all([reconciler.runs(), reconciler.runs()]);
    expect(rounds.flat().filter((act) => act === 'closed')).toEqual(['closed']);
    expect(await engine.record(runId)).toMatchObject({
      status: 'failed',
      outcome: 'nothing_applied',
      failure_code: 'internal',
      failure_message: 'Internal error: its workflow ended without closing the run',
      failure_cause: 'TIMED_OUT',
      counter_mismatch: 0,
    });
    await expectReconciled(runId, { found: 'workflow_timed_out', did: 'closed' });
    expect(await temporalStatus(engine, runId)).toBe('TIMED_OUT');
    await until('the next run to work', async () => (await engine.record(next)).status === 'running');
    await handle(next).cancel();
    expect(await engine.ended(next)).toMatchObject({ status: 'cancelled' });
  });

  test('because its workflow is gone is closed as internal and never started again', async () => {
    const sync = await aSyncOf(slowModel);
    const runId = await aWorkingRun(sync);
    const namespace = 'default';
    await engine.client.workflowService.deleteWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: runId },
    });
    await until('Temporal to have deleted it', () =>
      handle(runId)
        .describe()
        .then(
          () => false,
          () => true,
        ),
    );
    const rounds = await Promise.all([reconciler.runs(), reconciler.runs()]);
    expect(rounds.flat()).toEqual(['closed']);
    expect(await engine.record(runId)).toMatchObject({
      status: 'failed',
      failure_code: 'internal',
      failure_message: 'Internal error: Temporal does not know its workflow any more',
    });
    await expect(handle(runId).describe()).rejects.toThrow('not found');
    expect(await leaseHolder(engine, sync)).toBeNull();
  });
});

describe('a run that was given the lease and not told', () => {
  test('is told, once', async () => {
    const sync = await aSyncOf(slowModel);
    const [holder, heir] = [await aWorkingRun(sync), await engine.trigger(sync)];
    await until('the next one to wait', () => hasReported(heir));
    // Terminated, the workflow cannot tell; closed by hand, nobody else does.
    await handle(holder).terminate();
    await closeRun(engine.knex, holder, { kind: 'cancelled', failure: null });
    expect(await leaseHolder(engine, sync)).toBe(heir);
    expect(await reconciler.runs(claimLimits)).toEqual([]);
    const done: string[] = [];
    // A round goes by a run whose row somebody else holds just then.
    await until('it to be told', async () => {
      const rounds = await Promise.all([reconciler.runs(), reconciler.runs()]);
      done.push(...rounds.flat());
      return done.includes('hand_off');
    });
    await until('it to work', async () => (await engine.record(heir)).status === 'running');
    await expectReconciled(heir, { found: 'not_told', did: 'hand_off' });
    await handle(heir).cancel();
    await engine.ended(heir);
  });
});

describe('a cancel that Temporal was not there to take', () => {
  test('is delivered to the workflow that works, once', async () => {
    const runId = await aWorkingRun(await aSyncOf(slowModel));
    await requestCancel(runId);
    const rounds = await Promise.all([reconciler.runs(), reconciler.runs()]);
    expect(rounds.flat()).toContain('cancel');
    expect(await engine.ended(runId)).toMatchObject({ status: 'cancelled' });
    expect(await temporalStatus(engine, runId)).toBe('CANCELLED');
    await expectReconciled(runId, { found: 'cancel_not_delivered', did: 'cancel' });
  });

  test('is delivered to a run that waits in the queue', async () => {
    const sync = await aSyncOf(slowModel);
    const [holder, waiting] = [await aWorkingRun(sync), await engine.trigger(sync)];
    await until('the second to wait', () => hasReported(waiting));
    await requestCancel(waiting);
    expect(await reconciler.runs({ lookEveryMs: 60_000 })).toContain('cancel');
    expect(await engine.ended(waiting)).toMatchObject({ status: 'cancelled' });
    await handle(holder).cancel();
    await engine.ended(holder);
  });
});

test('a round without Temporal starts nothing; what it claimed and did not try is due at once, what it tried in its turn', async () => {
  const syncs = await Promise.all(Array.from({ length: 14 }, () => aSyncOf()));
  const ids = await Promise.all(syncs.map(enqueue));
  await Promise.all(ids.map(aged));
  const away = temporalClient({ address: '127.0.0.1:1', namespace: 'default' }, {});
  const blind = { ...reconciler.deps, launcher: temporalRunLauncher(away), states: temporalRunStates(away) };
  await expect(reconcileRuns(blind, claimLimits)).rejects.toThrow();
  expect(await engine.knex('runs').whereIn('id', ids).where({ status: 'queued' })).toHaveLength(14);
  // Those it has tried wait for their turn; the rest were given back.
  const soon = await reconciler.runs(claimLimits);
  expect(soon).toEqual(Array(4).fill('started'));
  await reconciler.runs();
  const runs = await Promise.all(ids.map((id) => engine.ended(id)));
  expect(runs.every(({ status }) => status === 'completed')).toBe(true);
  expect((await eventTypes(engine, ids[0] ?? '')).filter((type) => type === 'reconciled')).toHaveLength(1);
});
