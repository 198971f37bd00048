import { requestCancel } from '../../../db/runs/request-cancel';
import type { SyncSettings } from '../../../domain/sync';
import { workflowNames } from '../../../workflows/messages';
import { resetWorkflow } from '../../chaos/scenarios/reset-workflow';
import { aQueuedRun } from '../../factories/a-planned-run';
import { aSchedule } from '../../factories/a-schedule';
import { Engine } from '../../support/engine/engine';
import { longHistory } from '../../support/engine/long-history';
import { keepHistory, type NamedHistory, replay } from '../../support/engine/replay';
import { queueRetry, startQueued } from '../../support/engine/retry';
import { changeModel, eventTypes } from '../../support/engine/run-facts';
import { timelineOf } from '../../support/engine/temporal-view';
import { contactMapping, TestCrm } from '../../support/engine/test-crm';
import { until } from '../../support/until';

// With CAPTURE_HISTORIES=1 the histories made here replace those in test/histories. That is needed when the workflow
// is meant to take other steps and no run of the older version can be under way any more.
describe('histories of runs just made', () => {
  let engine: Engine;
  let crm: TestCrm;
  let slowCrm: TestCrm;
  let limitedCrm: TestCrm;
  let resetCrm: TestCrm;
  const crms = (): TestCrm[] => [crm, slowCrm, limitedCrm, resetCrm];
  beforeAll(async () => {
    [engine, crm, slowCrm, limitedCrm, resetCrm] = await Promise.all([
      Engine.start(),
      TestCrm.start(),
      TestCrm.start(),
      TestCrm.start(),
      TestCrm.start(),
    ]);
    await engine.warehouse
      .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email,
      'Diaz' AS last_name FROM generate_series(1, 20) n`);
  });
  afterAll(() => Promise.all([engine.close(), ...crms().map((each) => each.close())]));

  const rows = 'SELECT * FROM users';
  const slow = 'SELECT * FROM users WHERE pg_sleep(60) IS NOT NULL';
  const syncOf = (sql: string, settings: Partial<SyncSettings> = {}, to = crm, config = {}) =>
    engine.sync({
      sql,
      mapping: contactMapping,
      settings,
      destination: to.destination({ batch_rows: 10, ...config }),
    });
  const handleOf = (workflowId: string) => engine.client.workflow.getHandle(workflowId);
  const cancel = (runId: string) => handleOf(runId).cancel();
  const untilEvent = (runId: string, type: string) =>
    until(`${type} of ${runId}`, async () => (await eventTypes(engine, runId)).includes(type));

  const untilSent = (runId: string) =>
    until('a batch to be sent', async () => {
      const sent = await engine.knex('batches').where({ run_id: runId }).whereNot({ state: 'planned' });
      return sent.length > 0;
    });

  async function historyOf(name: string, runId: string): Promise<NamedHistory> {
    await engine.ended(runId);
    return { name, history: await handleOf(runId).fetchHistory() };
  }

  /** Starts what a schedule starts: a workflow that has no run yet. */
  async function slotOf(name: string, syncId: string): Promise<NamedHistory> {
    const workflowId = `sync/${syncId}-2026-01-01T00:00:00Z`;
    const { workspaceId, taskQueue } = engine;
    await aSchedule(engine.knex, { workspaceId, syncId });
    const args = [{ workspaceId, syncId, trigger: 'schedule', kind: 'normal' }];
    const handle = await engine.client.workflow.start(workflowNames.syncRun, { taskQueue, workflowId, args });
    await handle.result();
    return { name, history: await handle.fetchHistory() };
  }

  async function ordinary(): Promise<NamedHistory[]> {
    const sync = await syncOf(rows);
    const refused = await syncOf(`SELECT id, 'no email' AS email, last_name FROM users`);
    return [
      await historyOf('clean', await engine.trigger(sync)),
      await historyOf('no_changes', await engine.trigger(sync)),
      await historyOf('dry_run', await engine.trigger(refused, { kind: 'dry_run' })),
      await slotOf('scheduled', sync),
      await historyOf('with_row_errors', await engine.trigger(refused)),
      await historyOf('failed_query', await engine.trigger(await syncOf('SELECT FROM WHERE'))),
      await historyOf('timed_out', await engine.trigger(await syncOf(slow, { budgetSeconds: 1 }))),
    ];
  }

  async function queued(): Promise<NamedHistory[]> {
    const sync = await syncOf(slow);
    const holder = await engine.trigger(sync);
    const [left, next] = [await engine.trigger(sync), await engine.trigger(sync)];
    await untilEvent(holder, 'run_started');
    // It is not this run's turn: a signal alone starts nothing.
    await handleOf(left).signal('handOff');
    await untilEvent(left, 'signal_ignored');
    await cancel(left);
    const whileQueued = await historyOf('cancelled_while_queued', left);

    const { runId, workspaceId } = await aQueuedRun(engine.knex, {
      id: sync,
      workspaceId: engine.workspaceId,
    });
    await requestCancel(engine.knex, { workspaceId, syncId: sync, runId, by: 'somebody' });
    const started = startQueued(engine, runId);
    await until('its workflow', async () => {
      const run = await engine.knex('runs').where({ id: runId }).first();
      return run.execution_run_id;
    });
    await cancel(runId);
    await started;

    await changeModel(engine, sync, { sql: rows });
    await cancel(holder);
    return [
      whileQueued,
      await historyOf('cancelled_before_its_start', runId),
      await historyOf('cancelled_while_querying', holder),
      await historyOf('queued_behind_another', next),
    ];
  }

  async function acts(): Promise<NamedHistory[]> {
    slowCrm.crm.behaviour.change({ latency_ms: 300 });
    const sync = await syncOf(rows, {}, slowCrm, { concurrency: 1 });
    const runId = await engine.trigger(sync);
    await untilSent(runId);
    await cancel(runId);
    const cancelled = await historyOf('cancelled_while_writing', runId);
    slowCrm.crm.behaviour.change({ latency_ms: 0 });
    const again = await startQueued(engine, await queueRetry(engine, await engine.record(runId)));
    await engine.knex('syncs').where({ id: sync }).update({ paused_at: engine.knex.fn.now() });
    return [cancelled, await historyOf('retried', again.id), await slotOf('skipped_slot', sync)];
  }

  async function waited(): Promise<NamedHistory[]> {
    limitedCrm.crm.behaviour.change({ rate_limit: { per_second: 0 } });
    const limited = await engine.trigger(await syncOf(rows, {}, limitedCrm));
    const long = await engine.trigger(await syncOf(rows, {}, limitedCrm));
    const hopeless = await engine.trigger(await syncOf(rows, { patienceSeconds: 1 }, limitedCrm));
    await Promise.all([untilEvent(limited, 'waiting'), untilEvent(long, 'waiting')]);
    const first = (await handleOf(long).describe()).runId;
    // 4 MB are the server's limit for its advice to carry on in a new execution.
    for (let sent = 0; sent < 5; sent += 1) await handleOf(long).signal('handOff', 'x'.repeat(1_000_000));
    await until('the new execution', async () => (await handleOf(long).describe()).runId !== first);
    const failed = await historyOf('waited_and_failed', hopeless);
    const stopped = await engine.trigger(await syncOf(rows, {}, limitedCrm));
    // The first timer is the budget's.
    await until('it to wait in the workflow', async () => {
      const bars = await timelineOf(engine, stopped);
      return bars.filter(({ what }) => what === 'timer').length > 1;
    });
    await cancel(stopped);
    const whileWaiting = await historyOf('cancelled_while_waiting', stopped);
    limitedCrm.crm.behaviour.change({ rate_limit: null });
    return [
      failed,
      whileWaiting,
      await historyOf('waited_for_rate_limit', limited),
      await historyOf('carried_on', long),
      { name: 'continued_as_new', history: await longHistory(engine, long, first) },
    ];
  }

  async function resets(): Promise<NamedHistory[]> {
    resetCrm.crm.behaviour.change({ latency_ms: 300 });
    const sync = await syncOf(rows, {}, resetCrm, { concurrency: 1 });
    const runId = await engine.trigger(sync);
    await untilSent(runId);
    await resetWorkflow(engine.client, runId, 'first');
    const midway = await historyOf('reset_midway', runId);
    await resetWorkflow(engine.client, runId, 'first');
    return [midway, await historyOf('reset_after_its_end', runId)];
  }

  async function neighbours(): Promise<NamedHistory[]> {
    const late = await syncOf(rows);
    await engine.knex('sync_leases').insert({
      workspace_id: engine.workspaceId,
      sync_id: late,
      // Waits of up to ten seconds stay inside the step.
      no_write_before: engine.knex.raw(`clock_timestamp() + interval '15 seconds'`),
    });
    const waiting = await engine.trigger(late);
    const sync = await syncOf('SELECT users.* FROM users, pg_sleep(1)');
    const runId = await engine.trigger(sync);
    // In the queue behind it, and nobody has started its workflow.
    await aQueuedRun(engine.knex, { id: sync, workspaceId: engine.workspaceId });
    return [
      await historyOf('handed_off_to_nobody', runId),
      await historyOf('waited_for_late_calls', waiting),
    ];
  }

  // Some forty runs, which take their time on a busy machine.
  test('fit the workflow that made them', async () => {
    const histories = (
      await Promise.all([ordinary(), queued(), acts(), waited(), resets(), neighbours()])
    ).flat();
    expect(await replay(histories)).toEqual(Object.fromEntries(histories.map(({ name }) => [name, null])));
    if (process.env['CAPTURE_HISTORIES'] === '1') for (const history of histories) keepHistory(history);
  }, 90_000);
});
