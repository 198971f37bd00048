import { closeRun } from '../../../db/runs/close-run';
import { newId } from '../../../db/new-id';
import { temporalRunLauncher } from '../../../temporal/run-launcher';
import { Engine } from '../../support/engine/engine';
import { reconcilerOf } from '../../support/engine/reconciling';
import { eventsOf, temporalStatus } from '../../support/engine/run-facts';
import { until } from '../../support/until';

let engine: Engine;
let reconciler: ReturnType<typeof reconcilerOf>;

// No worker: a workflow that nobody works on stays open, as one does whose worker is stuck.
beforeAll(async () => {
  engine = await Engine.start({ withWorker: false });
  reconciler = reconcilerOf(engine);
  await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'u' || n AS id FROM generate_series(1, 5) n`);
  await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY)`);
});
afterAll(() => engine.close());
afterEach(async () => {
  for (const { workflowId } of await reconciler.deps.states.open()) {
    await engine.client.workflow.getHandle(workflowId).terminate();
  }
  await until('no workflow to be listed', async () => (await reconciler.deps.states.open()).length === 0);
});

const aSync = () =>
  engine.sync({
    sql: 'SELECT * FROM users',
    mapping: [{ column: 'id', field: 'id' }],
    object: { table: 'contacts' },
  });
const handle = (workflowId: string) => engine.client.workflow.getHandle(workflowId);
const listed = (workflowId: string) =>
  until('Temporal to list the workflow', async () =>
    (await reconciler.deps.states.open()).some((open) => open.workflowId === workflowId),
  );
const acts = async (runId: string) =>
  (await eventsOf(engine, runId)).filter(({ type }) => type === 'reconciled');

/** A run whose row has ended while its workflow goes on. */
async function anEndedRunWithAnOpenWorkflow(): Promise<string> {
  const runId = await engine.trigger(await aSync());
  await closeRun(engine.knex, runId, { kind: 'cancelled', failure: null });
  await listed(runId);
  return runId;
}

test('a workflow that goes on after its run has ended is cancelled, once, however many workers find it', async () => {
  const runId = await anEndedRunWithAnOpenWorkflow();
  expect(await reconciler.openWorkflows({ graceMs: 60_000 })).toEqual([]);
  await Promise.all([reconciler.openWorkflows(), reconciler.openWorkflows()]);
  const record = await engine.record(runId);
  expect(await acts(runId)).toEqual([
    { type: 'reconciled', detail: { found: 'open_after_end', did: 'cancel' } },
  ]);
  expect(await reconciler.openWorkflows()).toEqual([]);
  const worker = await engine.startWorker();
  await engine.ended(runId);
  expect(await engine.record(runId)).toMatchObject({
    id: record.id,
    status: 'cancelled',
    outcome: record.outcome,
  });
  expect(['CANCELLED', 'FAILED']).toContain(await temporalStatus(engine, runId));
  worker.shutdown();
});

test('a workflow that a cancel does not end is terminated in the end', async () => {
  const runId = await anEndedRunWithAnOpenWorkflow();
  expect(await reconciler.openWorkflows()).toEqual(['cancel']);
  expect(await reconciler.openWorkflows({ terminateMs: 60_000 })).toEqual([]);
  expect(await reconciler.openWorkflows({ terminateMs: 0 })).toEqual(['terminate']);
  expect(await temporalStatus(engine, runId)).toBe('TERMINATED');
  expect(await engine.record(runId)).toMatchObject({ status: 'cancelled' });
});

test('a workflow without a run is cancelled; one of a schedule, which makes its run itself, is left alone', async () => {
  const launcher = temporalRunLauncher(engine.client, engine.taskQueue);
  const runId = newId('run');
  const run = {
    workspaceId: engine.workspaceId,
    syncId: 'sync_1',
    runId,
    trigger: 'api',
    kind: 'normal',
  } as const;
  await launcher.start({ ...run, workflowId: runId, summary: 'lost' });
  const slot = `sync/sync_1-2025-01-15T09:00:00Z`;
  await engine.client.workflow.start('syncRun', {
    taskQueue: engine.taskQueue,
    workflowId: slot,
    args: [run],
  });
  await listed(runId);
  await listed(slot);
  expect(await reconciler.openWorkflows({ graceMs: 60_000 })).toEqual([]);
  expect(await reconciler.openWorkflows()).toEqual(['cancel']);
  const { raw } = await handle(slot).describe();
  expect(raw.workflowExtendedInfo?.cancelRequested ?? false).toBe(false);
});

test('workflows of runs that go on are left alone', async () => {
  const runId = await engine.trigger(await aSync());
  await listed(runId);
  expect(await reconciler.openWorkflows()).toEqual([]);
});
