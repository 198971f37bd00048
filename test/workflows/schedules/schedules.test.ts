// A schedule on the whole engine: Temporal fires, slots become runs or events, and what is paused or deleted is silent.
import { applySchedule } from '../../../db/configuration/apply-schedule';
import {
  deleteSync,
  pauseSync,
  putSchedule,
  resumeSync,
  SyncActiveError,
} from '../../../db/configuration/schedule-store';
import type { OverlapPolicy } from '../../../domain/schedule';
import { scheduleIdOf, type Schedules, slotTimeOf, temporalSchedules } from '../../../temporal/schedules';
import { reconcileSchedules, removeOrphanSchedules } from '../../../worker/reconciler/reconcile-schedules';
import { daily } from '../../factories/a-schedule';
import { Engine } from '../../support/engine/engine';
import { reconcilerOf } from '../../support/engine/reconciling';
import { until } from '../../support/until';

let engine: Engine;
let schedules: Schedules;
beforeAll(async () => {
  engine = await Engine.start();
  schedules = temporalSchedules(engine.client, engine.taskQueue);
  await engine.warehouse.raw(
    `CREATE TABLE users AS SELECT n AS id, 'user ' || n AS name FROM generate_series(1, 3) n`,
  );
  await engine.target.raw(`CREATE TABLE people (id bigint PRIMARY KEY, name text)`);
});
afterAll(() => engine.close());

// Below what the API takes: tests are not to wait for ten seconds.
const everySecond = {
  intervalSeconds: 1,
  cron: null,
  timeZone: 'UTC',
  jitterSeconds: 0,
  catchUpSeconds: 600,
} as const;
const log = { warn: () => undefined };

const aSyncWithoutSchedule = (sql = 'SELECT id, name FROM users'): Promise<string> =>
  engine.sync({
    sql,
    mapping: [
      { column: 'id', field: 'id' },
      { column: 'name', field: 'name' },
    ],
    object: { table: 'people' },
  });

async function aScheduledSync(overlapPolicy: OverlapPolicy, sql?: string) {
  const syncId = await aSyncWithoutSchedule(sql);
  const place = { workspaceId: engine.workspaceId, syncId };
  await putSchedule(engine.knex, place, { schedule: everySecond, overlapPolicy, by: null });
  await applySchedule(engine.knex, schedules, syncId);
  return place;
}

const runsOf = (syncId: string) => engine.knex('runs').where({ sync_id: syncId }).orderBy('queue_no');
const eventsOf = (syncId: string, type: string): Promise<{ detail: Record<string, string> }[]> =>
  engine.knex('run_events').where({ sync_id: syncId, type }).whereNull('run_id').orderBy('id');
const finished = async (syncId: string): Promise<boolean> =>
  (await runsOf(syncId)).every(({ completed_at }) => completed_at !== null);

/** Waits until Temporal has nothing of the sync open, and tells how many workflows it ever had. */
async function workflowsOnceQuiet(syncId: string): Promise<number> {
  const count = async (open: string): Promise<number> =>
    (await engine.client.workflow.count(`SyncId = '${syncId}'${open}`)).count;
  await until('open workflows to end', async () => (await count(` AND ExecutionStatus = 'Running'`)) === 0);
  return count('');
}

test('each slot becomes a run with its nominal time, until the sync is paused, and again after it', async () => {
  const place = await aScheduledSync('queue_all');
  const { syncId } = place;
  await until('three runs', async () => (await runsOf(syncId)).length >= 3);
  await pauseSync(engine.knex, place, 'enough', null);
  await applySchedule(engine.knex, schedules, syncId);
  await until('the runs to end', () => finished(syncId));
  const runs = await runsOf(syncId);
  for (const run of runs) {
    expect(run).toMatchObject({
      trigger: 'schedule',
      status: 'completed',
      slot_at: slotTimeOf(run.workflow_id),
    });
  }
  // Each instant once. Not always in order: under load the workflow of a later second may ask first.
  const slots = runs.map(({ slot_at }) => slot_at.getTime());
  expect(new Set(slots).size).toBe(slots.length);
  // Paused, Temporal counts down to nothing: more of its seconds pass, and no workflow comes of them.
  const before = await workflowsOnceQuiet(syncId);
  const pausedAt = Date.now();
  await until('seconds to pass', () => Date.now() - pausedAt > 2_500);
  expect(await workflowsOnceQuiet(syncId)).toBe(before);

  await resumeSync(engine.knex, place, null, null);
  await applySchedule(engine.knex, schedules, syncId);
  await until('another run', async () => (await runsOf(syncId)).length > runs.length);
  await pauseSync(engine.knex, place, null, null);
  await applySchedule(engine.knex, schedules, syncId);
  await until('the runs to end', () => finished(syncId));
  await deleteSync(engine.knex, place, null);
  await applySchedule(engine.knex, schedules, syncId);
  expect(await schedules.look(syncId)).toBeNull();
});

test('slots that come upon a long run are skipped, with the reason and the run in the way', async () => {
  const place = await aScheduledSync('skip', 'SELECT id, name FROM users, pg_sleep(4)');
  const { syncId } = place;
  const skips = await until('two skips', async () => {
    const found = await eventsOf(syncId, 'slot_skipped');
    return found.length >= 2 ? found : null;
  });
  const [run] = await runsOf(syncId);
  const { detail } = skips[0] as (typeof skips)[number];
  expect(detail).toMatchObject({ reason: 'overlap', policy: 'skip', blocking_run: run.id });
  expect(new Date(detail['slot_at'] ?? '')).toEqual(slotTimeOf(detail['workflow_id'] ?? ''));
  // A slot that no run has. Not always a later one than the run's: under load whichever asks first has it.
  const slotsOfRuns = (await runsOf(syncId)).map(({ slot_at }) => slot_at);
  for (const skip of skips) expect(slotsOfRuns).not.toContainEqual(new Date(skip.detail['slot_at'] ?? ''));
  const handle = engine.client.workflow.getHandle(detail['workflow_id'] ?? '');
  expect(await handle.result()).toEqual({ skipped: 'overlap', blockingRun: run.id });
  // The sync cannot go while its run works; once paused and done it can, and nothing fires any more.
  await expect(deleteSync(engine.knex, place, null)).rejects.toThrow(SyncActiveError);
  await pauseSync(engine.knex, place, null, null);
  await until('the runs to end', () => finished(syncId));
  await deleteSync(engine.knex, place, null);
  // Deleted in Postgres alone, its schedule still stands in Temporal: the next look removes it.
  expect(await schedules.look(syncId)).not.toBeNull();
  await reconcileSchedules(engine.knex, schedules, log);
  expect(await schedules.look(syncId)).toBeNull();
});

test('a sync that is deleted while Temporal is away starts no run when its slots come', async () => {
  const place = await aScheduledSync('skip');
  const { syncId } = place;
  await until('a run', async () => (await runsOf(syncId)).length > 0);
  await until('the sync to go', () =>
    deleteSync(engine.knex, place, null).then(
      () => true,
      (error: unknown) => {
        if (error instanceof SyncActiveError) return false;
        throw error;
      },
    ),
  );
  const runs = (await runsOf(syncId)).length;
  const refused = async () =>
    (await eventsOf(syncId, 'slot_skipped')).filter(({ detail }) => detail['reason'] === 'deleted');
  await until('a refused slot', async () => (await refused()).length > 0);
  expect(await runsOf(syncId)).toHaveLength(runs);
  await reconcileSchedules(engine.knex, schedules, log);
  expect(await schedules.look(syncId)).toBeNull();
});

test('what is done to a schedule in the Temporal UI is put back or adopted', async () => {
  const place = await aScheduledSync('skip');
  const { syncId } = place;
  const handle = engine.client.schedule.getHandle(scheduleIdOf(syncId));
  const due = () => engine.knex('sync_schedules').where({ sync_id: syncId }).update({ checked_at: null });
  const round = async (): Promise<void> => {
    await due();
    await reconcileSchedules(engine.knex, schedules, log, { slotGraceMs: 0 });
  };
  await round();
  expect(await eventsOf(syncId, 'schedule_restored')).toEqual([]);

  await handle.pause('by hand');
  await round();
  expect(await engine.knex('syncs').where({ id: syncId }).first()).toMatchObject({ pause_note: 'by hand' });
  expect(await eventsOf(syncId, 'sync_paused')).toMatchObject([
    { detail: { note: 'by hand', by: 'temporal' } },
  ]);
  // Triggered there all the same, it is a slot like any other.
  await handle.trigger();
  await until('the refused slot', async () =>
    (await eventsOf(syncId, 'slot_skipped')).some(({ detail }) => detail['reason'] === 'paused'),
  );

  await handle.update((old) => ({ ...old, spec: { calendars: [{ year: 2099 }] } }));
  await round();
  expect(await eventsOf(syncId, 'schedule_restored')).toMatchObject([
    { detail: { reason: 'changed', what: ['spec'] } },
  ]);
  expect((await handle.describe()).spec).toMatchObject({ intervals: [{ every: 1_000 }], calendars: [] });
  expect((await handle.describe()).state).toEqual({ paused: true, note: 'by hand' });

  await handle.delete();
  await round();
  expect(await eventsOf(syncId, 'schedule_restored')).toMatchObject([{}, { detail: { reason: 'deleted' } }]);
  expect((await handle.describe()).state.paused).toBe(true);

  await handle.unpause('on');
  await round();
  expect(await eventsOf(syncId, 'sync_resumed')).toMatchObject([{ detail: { by: 'temporal', note: 'on' } }]);

  await until('the sync to go', () =>
    deleteSync(engine.knex, place, null).then(
      () => true,
      () => false,
    ),
  );
  await reconcileSchedules(engine.knex, schedules, log);
  expect(await schedules.look(syncId)).toBeNull();
});

test('what is paused or unpaused in the Temporal UI just before the schedule is written through us stays so', async () => {
  const place = await aScheduledSync('skip');
  const { syncId } = place;
  const handle = engine.client.schedule.getHandle(scheduleIdOf(syncId));
  const write = async (intervalSeconds: number): Promise<void> => {
    await putSchedule(engine.knex, place, { schedule: { ...daily, intervalSeconds, cron: null }, by: null });
    await applySchedule(engine.knex, schedules, syncId);
  };
  await handle.pause('by hand');
  await write(7_200);
  expect(await engine.knex('syncs').where({ id: syncId }).first()).toMatchObject({ pause_note: 'by hand' });
  expect(await handle.describe()).toMatchObject({
    spec: { intervals: [{ every: 7_200_000 }] },
    state: { paused: true, note: 'by hand' },
  });
  await handle.unpause('on');
  await write(3_600);
  expect(await engine.knex('syncs').where({ id: syncId }).first()).toMatchObject({ paused_at: null });
  expect(await handle.describe()).toMatchObject({
    spec: { intervals: [{ every: 3_600_000 }] },
    state: { paused: false },
  });
  expect(await eventsOf(syncId, 'sync_paused')).toMatchObject([
    { detail: { note: 'by hand', by: 'temporal' } },
  ]);
  expect(await eventsOf(syncId, 'sync_resumed')).toMatchObject([{ detail: { by: 'temporal', note: 'on' } }]);
  expect(await eventsOf(syncId, 'schedule_restored')).toEqual([]);
  await schedules.remove(syncId);
});

test('a schedule that somebody makes in Temporal for a sync without one makes no runs, and is swept away', async () => {
  const syncId = await aSyncWithoutSchedule();
  const { taskQueue, workspaceId } = engine;
  await engine.client.schedule.create({
    scheduleId: scheduleIdOf(syncId),
    spec: { intervals: [{ every: '1s' }] },
    action: {
      type: 'startWorkflow',
      workflowType: 'syncRun',
      workflowId: scheduleIdOf(syncId),
      taskQueue,
      args: [{ workspaceId, syncId, trigger: 'schedule', kind: 'normal' }],
    },
  });
  const [skip] = await until('a refused slot', async () => {
    const skips = await eventsOf(syncId, 'slot_skipped');
    return skips.length > 0 ? skips : null;
  });
  expect(skip?.detail).toMatchObject({ reason: 'no_schedule', blocking_run: null });
  await until('the sweep', async () => {
    await removeOrphanSchedules(engine.knex, schedules);
    return (await schedules.look(syncId)) === null;
  });
  expect(await runsOf(syncId)).toEqual([]);
  expect(await eventsOf(syncId, 'schedule_removed')).toMatchObject([{ detail: { by: 'reconciler' } }]);
});

test('a slot whose workflow is cancelled before any worker comes to it is told', async () => {
  const nobody = temporalSchedules(engine.client, `${engine.taskQueue}-nobody`);
  const syncId = await aSyncWithoutSchedule();
  const place = { workspaceId: engine.workspaceId, syncId };
  await putSchedule(engine.knex, place, { schedule: everySecond, by: null });
  await applySchedule(engine.knex, nobody, syncId);
  const recent = await until('a slot', async () => (await nobody.look(syncId))?.recent[0]);
  await engine.client.workflow.getHandle(recent.workflowId).terminate();
  const told = await until('its event', async () => {
    await engine.knex('sync_schedules').where({ sync_id: syncId }).update({ checked_at: null });
    await reconcileSchedules(engine.knex, nobody, log, { slotGraceMs: 0 });
    return (await eventsOf(syncId, 'slot_skipped'))[0];
  });
  expect(told.detail).toMatchObject({ reason: 'cancelled_before_start', workflow_id: recent.workflowId });
  // Cleared away: its other workflows wait for a worker that never comes.
  await nobody.remove(syncId);
  for await (const { workflowId } of engine.client.workflow.list({
    query: `SyncId = '${syncId}' AND ExecutionStatus = 'Running'`,
  })) {
    await engine.client.workflow.getHandle(workflowId).terminate();
  }
});

test('a slot that has had its run and is backfilled by hand gets no second one, and is not called a reset', async () => {
  const place = await aScheduledSync('queue_all');
  const { syncId } = place;
  await until('a run', async () => (await runsOf(syncId)).length > 0);
  await pauseSync(engine.knex, place, null, null);
  await applySchedule(engine.knex, schedules, syncId);
  await until('the runs to end', () => finished(syncId));
  await workflowsOnceQuiet(syncId);
  const [run] = await runsOf(syncId);
  const count = (await runsOf(syncId)).length;
  const at = run.slot_at.getTime();
  await engine.client.schedule.getHandle(scheduleIdOf(syncId)).backfill({
    start: new Date(at - 1),
    end: new Date(at + 1),
    overlap: 'ALLOW_ALL',
  });
  const typesOf = (): Promise<string[]> =>
    engine.knex('run_events').where({ run_id: run.id }).orderBy('id').pluck('type');
  await until('its refusal', async () => (await typesOf()).includes('run_already_closed'));
  await workflowsOnceQuiet(syncId);
  await reconcilerOf(engine).resets();
  expect(await typesOf()).not.toContain('run_reset');
  expect(await runsOf(syncId)).toHaveLength(count);
  expect((await runsOf(syncId))[0]).toMatchObject({ status: run.status, completed_at: run.completed_at });
  const { status } = await engine.client.workflow.getHandle(run.workflow_id).describe();
  expect(status.name).toBe('FAILED');
});

test('a schedule that no sync stands behind is swept away', async () => {
  const syncId = `sync_of_nobody_${engine.taskQueue.replace('-', '_')}`;
  const leftOver = {
    workspaceId: engine.workspaceId,
    syncId,
    schedule: daily,
    paused: null,
    summary: 'left over',
  };
  await schedules.apply({ ...leftOver, revision: 1 }, null);
  await until('the sweep', async () => (await removeOrphanSchedules(engine.knex, schedules)) > 0);
  expect(await schedules.look(syncId)).toBeNull();
});
