// What an operator can do to a run in the Temporal Web UI, without a word to us: each leaves a true record.
import { randomUUID } from 'node:crypto';
import { workflowNames } from '../../../workflows/messages';
import { Engine, type RunRecord } from '../../support/engine/engine';
import { keepReconciling, reconcilerOf } from '../../support/engine/reconciling';
import {
  eventsOf,
  eventTypes,
  leaseHolder,
  letDeadlinesPass,
  temporalStatus,
} from '../../support/engine/run-facts';
import { contactMapping, TestCrm } from '../../support/engine/test-crm';
import { timelineOf, viewOf } from '../../support/engine/temporal-view';
import { until } from '../../support/until';

const rows = 40;
const namespace = 'default';

let engine: Engine;
let crm: TestCrm;
let reconciler: ReturnType<typeof keepReconciling>;

beforeAll(async () => {
  [engine, crm] = await Promise.all([Engine.start(), TestCrm.start()]);
  reconciler = keepReconciling(engine);
  await engine.warehouse
    .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email,
    'Diaz' AS last_name FROM generate_series(1, ${rows}) n`);
});
afterAll(async () => {
  await reconciler.stop();
  await Promise.all([engine.close(), crm.close()]);
});
beforeEach(() => crm.reset());

const service = () => engine.client.workflowService;
const handle = (runId: string) => engine.client.workflow.getHandle(runId);
const intoCrm = () =>
  engine.sync({
    sql: 'SELECT * FROM users',
    mapping: contactMapping,
    destination: crm.destination({ batch_rows: 4, concurrency: 1 }),
  });

/** A run in the middle of ten calls of 150 ms. */
async function aWritingRun(sync: string): Promise<string> {
  crm.crm.behaviour.change({ latency_ms: 150 });
  const runId = await engine.trigger(sync);
  await until('the second batch', () => crm.crm.book.stats().created >= 8);
  return runId;
}

async function ended(runId: string): Promise<RunRecord> {
  await until(
    'the run to end',
    async () => (await engine.knex('runs').where({ id: runId }).whereNotNull('completed_at')).length === 1,
  );
  // Temporal's own end follows the record's.
  await until('its workflow to end', async () => (await temporalStatus(engine, runId)) !== 'RUNNING');
  return engine.record(runId);
}

/** Ids of the history's completed workflow tasks: where a reset can go back to. */
async function resetPoints(runId: string): Promise<number[]> {
  const { events } = await handle(runId).fetchHistory();
  return (events ?? [])
    .filter(({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes)
    .map(({ eventId }) => Number(eventId));
}

async function reset(runId: string, point: 'first' | 'last'): Promise<void> {
  const to = (await resetPoints(runId)).at(point === 'first' ? 0 : -1);
  if (to === undefined) throw new Error('no workflow task has been completed');
  await service().resetWorkflowExecution({
    namespace,
    workflowExecution: { workflowId: runId },
    reason: 'by hand',
    // Typed as a Long; the wire takes a number.
    workflowTaskFinishEventId: to as never,
    requestId: randomUUID(),
  });
}

/** The write of the run, by type as the Web UI does it. */
const activity = (runId: string) => ({
  namespace,
  execution: { workflowId: runId },
  type: 'writeChanges',
  identity: 'olga',
});

const expectAllWrittenOnce = (run: RunRecord): void => {
  expect(run).toMatchObject({
    status: 'completed',
    outcome: 'clean',
    rows_created: rows,
    counter_mismatch: 0,
  });
  expect(crm.crm.book.stats()).toMatchObject({ contacts: rows, created: rows, updated: 0 });
};

describe('a run in the middle of writing', () => {
  test('that is terminated is failed, counts what was sent, and leaves the rest to the next run', async () => {
    const sync = await intoCrm();
    const runId = await aWritingRun(sync);
    await handle(runId).terminate('enough');
    const run = await ended(runId);
    expect(run).toMatchObject({
      status: 'failed',
      outcome: 'partial',
      failure_code: 'terminated_by_operator',
      counter_mismatch: 0,
      rows_processed: rows,
    });
    expect(await temporalStatus(engine, runId)).toBe('TERMINATED');
    expect((await eventTypes(engine, runId)).slice(-2)).toEqual(['reconciled', 'run_failed']);
    expect(await leaseHolder(engine, sync)).toBeNull();
    const { created } = crm.crm.book.stats();
    expect(run.rows_created).toBeLessThanOrEqual(created);
    expect(run.rows_created + run.rows_unknown).toBeGreaterThanOrEqual(created);
    crm.crm.behaviour.change({ latency_ms: 0 });
    await letDeadlinesPass(engine, sync);
    expect(await engine.run(sync)).toMatchObject({ status: 'completed', rows_unchanged: run.rows_created });
    expect(crm.crm.book.stats()).toMatchObject({ contacts: rows, created: rows });
    expect(await engine.record(runId)).toEqual(run);
  });

  test.each(['first', 'last'] as const)(
    'that is reset to its %s workflow task goes on and sends nothing twice',
    async (point) => {
      const sync = await intoCrm();
      const runId = await aWritingRun(sync);
      await reset(runId, point);
      const run = await ended(runId);
      expectAllWrittenOnce(run);
      expect(await temporalStatus(engine, runId)).toBe('COMPLETED');
      const types = await eventTypes(engine, runId);
      expect(types.filter((type) => type === 'run_reset')).toHaveLength(1);
      expect(types.filter((type) => type === 'changes_planned')).toHaveLength(1);
      expect(await leaseHolder(engine, sync)).toBeNull();
    },
  );

  test('that is paused waits and says so, and goes on when the pause ends', async () => {
    const runId = await aWritingRun(await intoCrm());
    await service().pauseActivity({ ...activity(runId), reason: 'let me look' });
    await until('the event', async () => (await eventTypes(engine, runId)).includes('activity_paused'));
    await until(
      'the run to show that it waits',
      async () =>
        (await engine.knex('run_phases').where({ run_id: runId }).whereNotNull('waiting_since')).length === 1,
    );
    const { created } = crm.crm.book.stats();
    await until('Temporal to show the pause', async () => {
      const look = await reconcilerOf(engine).deps.states.look(runId);
      return look.state === 'open' && look.paused.length === 1;
    });
    await reconcilerOf(engine).runs();
    expect(crm.crm.book.stats().created).toBeLessThan(rows);
    expect(crm.crm.book.stats().created - created).toBeLessThanOrEqual(4);
    await service().unpauseActivity(activity(runId));
    expectAllWrittenOnce(await ended(runId));
    const types = await eventTypes(engine, runId);
    expect(types.filter((type) => type === 'activity_paused')).toHaveLength(1);
    expect(await engine.knex('run_phases').where({ run_id: runId }).whereNotNull('waiting_since')).toEqual(
      [],
    );
  });

  test('whose activity is reset tries it again and sends nothing twice', async () => {
    const runId = await aWritingRun(await intoCrm());
    await service().resetActivity(activity(runId));
    expectAllWrittenOnce(await ended(runId));
    expect(await eventTypes(engine, runId)).toContain('activity_reset');
    expect(await temporalStatus(engine, runId)).toBe('COMPLETED');
  });

  test('that is paused can be cancelled', async () => {
    const runId = await aWritingRun(await intoCrm());
    await service().pauseActivity({ ...activity(runId), reason: 'let me look' });
    await until('the event', async () => (await eventTypes(engine, runId)).includes('activity_paused'));
    await handle(runId).cancel();
    expect(await ended(runId)).toMatchObject({
      status: 'cancelled',
      outcome: 'partial',
      counter_mismatch: 0,
    });
    expect(await temporalStatus(engine, runId)).toBe('CANCELLED');
  });

  test('takes no notice of a hand-off, nor of a signal nobody knows: it does and tells what it would have', async () => {
    const undisturbed = (await engine.run(await intoCrm())).id;
    crm.reset();
    const runId = await aWritingRun(await intoCrm());
    await handle(runId).signal('handOff');
    await handle(runId).signal('what is this', { row: 1 });
    expectAllWrittenOnce(await ended(runId));
    expect(await temporalStatus(engine, runId)).toBe('COMPLETED');
    expect(await timelineOf(engine, runId)).toEqual(await timelineOf(engine, undisturbed));
    expect(await eventTypes(engine, runId)).toEqual(await eventTypes(engine, undisturbed));
  });
});

test('a hand-off by hand does not let a run start before its turn', async () => {
  const sync = await intoCrm();
  const first = await aWritingRun(sync);
  const second = await engine.trigger(sync);
  await until(
    'the second to wait',
    async () =>
      (await engine.knex('runs').where({ id: second }).whereNotNull('first_execution_run_id')).length === 1,
  );
  await handle(second).signal('what is this', { row: 1 });
  await handle(second).signal('handOff');
  await until('the signal to be ignored', async () =>
    (await eventTypes(engine, second)).includes('signal_ignored'),
  );
  expect(await engine.record(second)).toMatchObject({ status: 'queued' });
  expectAllWrittenOnce(await ended(first));
  expect(await ended(second)).toMatchObject({
    status: 'completed',
    outcome: 'no_changes',
    rows_unchanged: rows,
  });
  const told = (await eventTypes(engine, second)).filter((type) => type === 'signal_ignored');
  expect(told).toHaveLength(1);
});

describe.each(['first', 'last'] as const)(
  'a run that has ended and is reset to its %s workflow task',
  (point) => {
    test('stays as it is, sends nothing, and says that somebody tried', async () => {
      const run = await engine.run(await intoCrm());
      const stats = crm.crm.book.stats();
      await reset(run.id, point);
      await until('the reset to end', async () => (await temporalStatus(engine, run.id)) !== 'RUNNING');
      const { execution_run_id: _, ...after } = { execution_run_id: null, ...(await engine.record(run.id)) };
      const { execution_run_id: __, ...before } = { execution_run_id: null, ...run };
      expect(after).toEqual(before);
      expect(crm.crm.book.stats()).toEqual(stats);
      // The last workflow task only repeats how the workflow ended: no activity is called that could tell.
      await until('somebody to tell', async () => {
        await reconcilerOf(engine).resets();
        return (await eventTypes(engine, run.id)).includes('run_reset');
      });
      await reconcilerOf(engine).resets();
      const told = (await eventsOf(engine, run.id)).filter(({ type }) => type === 'run_reset');
      expect(told).toEqual([{ type: 'run_reset', detail: { after_its_end: true } }]);
      expect(await temporalStatus(engine, run.id)).toBe(point === 'first' ? 'FAILED' : 'COMPLETED');
      expect((await viewOf(engine, run.id)).runStatus).toBe('completed');
    });
  },
);

test('a workflow that somebody starts by hand without an input fails at once', async () => {
  const workflowId = `by-hand-${randomUUID()}`;
  const { taskQueue } = engine;
  await engine.client.workflow.start(workflowNames.syncRun, { taskQueue, workflowId, args: [] });
  await expect(handle(workflowId).result()).rejects.toMatchObject({ cause: { type: 'no_input' } });
});

test('a run that was terminated can be reset until it is closed, and goes on', async () => {
  await reconciler.stop();
  const sync = await intoCrm();
  const runId = await aWritingRun(sync);
  await handle(runId).terminate('by mistake');
  await reset(runId, 'first');
  reconciler = keepReconciling(engine);
  const run = await ended(runId);
  expectAllWrittenOnce(run);
  expect(await eventTypes(engine, runId)).toContain('run_reset');
});

describe('without a worker', () => {
  let lonely: Engine;
  beforeEach(async () => {
    lonely = await Engine.start({ withWorker: false });
    await lonely.warehouse
      .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email,
      'Diaz' AS last_name FROM generate_series(1, ${rows}) n`);
  });
  afterEach(() => lonely.close());

  const aSync = () =>
    lonely.sync({
      sql: 'SELECT * FROM users',
      mapping: contactMapping,
      destination: crm.destination({ batch_rows: 4, concurrency: 1 }),
    });

  test('a run that is paused between two attempts says so once, and goes on when worker and pause are over', async () => {
    const worker = await lonely.startWorker({ shutdownGraceMs: 0 });
    crm.crm.behaviour.change({ latency_ms: 150 });
    const runId = await lonely.trigger(await aSync());
    await until('the second batch', () => crm.crm.book.stats().created >= 8);
    worker.shutdown();
    await until('nobody to be at the write', async () => {
      const { raw } = await lonely.client.workflow.getHandle(runId).describe();
      return raw.pendingActivities?.every(({ attempt }) => (attempt ?? 1) > 1);
    });
    await service().pauseActivity({ ...activity(runId), reason: 'let me look' });
    const lookers = [reconcilerOf(lonely), reconcilerOf(lonely), reconcilerOf(lonely)];
    const rounds = await Promise.all(lookers.map((looker) => looker.runs()));
    expect(rounds.flat()).toEqual(['pause_noted']);
    expect(await lookers[0]?.runs()).toEqual([]);
    expect((await eventsOf(lonely, runId)).at(-1)).toMatchObject({
      type: 'activity_paused',
      detail: { activity: 'writeChanges', note: 'let me look' },
    });
    const waiting = () => lonely.knex('run_phases').where({ run_id: runId }).whereNotNull('waiting_since');
    expect(await waiting()).toHaveLength(1);
    await lonely.startWorker();
    await service().unpauseActivity(activity(runId));
    expectAllWrittenOnce(await lonely.ended(runId));
    expect(await waiting()).toEqual([]);
  });

  test('a run that is cancelled before its workflow began is closed as cancelled, and the one behind it runs', async () => {
    const sync = await aSync();
    const [first, second] = [await lonely.trigger(sync), await lonely.trigger(sync)];
    await lonely.client.workflow.getHandle(first).cancel();
    await lonely.startWorker();
    await lonely.ended(first);
    await reconcilerOf(lonely).runs();
    expect(await lonely.record(first)).toMatchObject({ status: 'cancelled', outcome: 'nothing_applied' });
    expect(await temporalStatus(lonely, first)).toBe('CANCELLED');
    expectAllWrittenOnce(await lonely.ended(second));
  });

  test('a run that is terminated before its workflow began is not started again', async () => {
    const runId = await lonely.trigger(await aSync());
    await lonely.client.workflow.getHandle(runId).terminate();
    expect(await reconcilerOf(lonely).runs()).toEqual(['closed']);
    expect(await lonely.record(runId)).toMatchObject({
      status: 'failed',
      failure_code: 'terminated_by_operator',
    });
    expect(await temporalStatus(lonely, runId)).toBe('TERMINATED');
  });
});
