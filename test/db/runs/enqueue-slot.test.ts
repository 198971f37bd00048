// A slot becomes a run or an event, by the sync's policy, once.
import type { Knex } from 'knex';
import { deleteSync, pauseSync, putSchedule, removeSchedule } from '../../../db/configuration/schedule-store';
import { lastSlots } from '../../../db/views/last-slots-view';
import { closeRun } from '../../../db/runs/close-run';
import { connect } from '../../../db/connect';
import { enqueueSlot } from '../../../db/runs/enqueue-slot';
import { enqueueRun } from '../../../db/runs/run-queue';
import type { OverlapPolicy } from '../../../domain/schedule';
import type { SkippedSlot } from '../../../domain/slot';
import { aSync } from '../../factories/a-sync';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 20 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const hourly = {
  intervalSeconds: 3_600,
  cron: null,
  timeZone: 'UTC',
  jitterSeconds: 0,
  catchUpSeconds: 600,
} as const;

/** A sync of the policy, and hands that send it slots: `slot(1)` is the first of the day. */
async function aScheduledSync(overlapPolicy: OverlapPolicy) {
  const { id: syncId, workspaceId } = await aSync(knex, { overlapPolicy, schedule: hourly });
  const place = { workspaceId, syncId };
  const slotAt = (hour: number): Date => new Date(Date.UTC(2025, 0, 15, hour));
  const workflowId = (hour: number): string =>
    `sync/${syncId}-${slotAt(hour).toISOString().replace('.000', '')}`;
  return {
    place,
    slot: (hour: number) =>
      enqueueSlot(knex, { ...place, workflowId: workflowId(hour), slotAt: slotAt(hour) }),
    trigger: () =>
      enqueueRun(knex, {
        ...place,
        trigger: 'api',
        kind: 'normal',
        triggeredBy: null,
        note: null,
        allowDeletes: false,
      }),
    runs: () => knex('runs').where({ sync_id: syncId }).orderBy('queue_no').pluck('id'),
    skips: () =>
      knex('run_events').where({ sync_id: syncId, type: 'slot_skipped' }).orderBy('id').pluck('detail'),
    slotAt,
    workflowId,
  };
}

const skipped = (reason: SkippedSlot['skipped'], blockingRun: string | null = null): SkippedSlot => ({
  skipped: reason,
  blockingRun,
});
const runOf = (answer: unknown): string => (answer as { runId: string }).runId;
const cancel = (runId: string) => closeRun(knex, runId, { kind: 'cancelled', failure: null });

test('the first slot of a free sync is a run that holds the lease, with its nominal time', async () => {
  const { slot, place, slotAt, workflowId } = await aScheduledSync('queue_one');
  const first = await slot(1);
  expect(first).toEqual({ runId: expect.any(String), workflowId: workflowId(1), admitted: true });
  expect(
    await knex('runs')
      .where({ id: runOf(first) })
      .first(),
  ).toMatchObject({
    sync_id: place.syncId,
    trigger: 'schedule',
    kind: 'normal',
    triggered_by: null,
    slot_at: slotAt(1),
    workflow_id: workflowId(1),
  });
});

test('queue_one lets one scheduled run wait and skips those behind it, whoever works', async () => {
  const { slot, trigger, runs, skips, slotAt, workflowId } = await aScheduledSync('queue_one');
  const working = await trigger();
  const waiting = runOf(await slot(1));
  expect(await slot(2)).toEqual(skipped('overlap', waiting));
  expect(await runs()).toEqual([working.runId, waiting]);
  expect(await skips()).toEqual([
    {
      reason: 'overlap',
      policy: 'queue_one',
      slot_at: slotAt(2).toISOString(),
      workflow_id: workflowId(2),
      blocking_run: waiting,
    },
  ]);
  // The waiting one holds the lease from here on, though nothing has started it: the next may wait.
  await cancel(working.runId);
  expect(await slot(3)).toMatchObject({ admitted: false });
});

test('queue_one does not count a run that somebody triggered', async () => {
  const { slot, trigger } = await aScheduledSync('queue_one');
  await trigger();
  await trigger();
  expect(await slot(1)).toMatchObject({ admitted: false });
});

test('queue_all queues every slot', async () => {
  const { slot, runs } = await aScheduledSync('queue_all');
  const answers = [await slot(1), await slot(2), await slot(3)];
  expect(answers).toMatchObject([{ admitted: true }, { admitted: false }, { admitted: false }]);
  expect(await runs()).toEqual(answers.map(runOf));
});

test('skip lets nothing wait, and lets the next slot run once the sync is free', async () => {
  const { slot, trigger } = await aScheduledSync('skip');
  const { runId } = await trigger();
  expect(await slot(1)).toEqual(skipped('overlap', runId));
  await cancel(runId);
  expect(await slot(2)).toMatchObject({ admitted: true });
});

test('a repeated question gets the first answer, also when things have changed since', async () => {
  const { slot, runs, skips, place } = await aScheduledSync('skip');
  const first = await slot(1);
  expect(await slot(2)).toEqual(skipped('overlap', runOf(first)));
  await cancel(runOf(first));
  expect(await slot(2)).toEqual(skipped('overlap', runOf(first)));
  await pauseSync(knex, place, null, null);
  expect(runOf(await slot(1))).toBe(runOf(first));
  expect([await runs(), (await skips()).length]).toEqual([[runOf(first)], 1]);
});

test('many slots at once, each asked twice, give one run, one that waits, and an event for each of the rest', async () => {
  const { slot, runs, skips } = await aScheduledSync('queue_one');
  const hours = [1, 2, 3, 4, 5, 6, 7, 8];
  const answers = await Promise.all([...hours, ...hours].map(slot));
  const counted = [(await runs()).length, (await skips()).length];
  expect(counted).toEqual([2, 6]);
  expect(answers.slice(8)).toMatchObject(
    answers.slice(0, 8).map((answer) => ('skipped' in answer ? answer : { runId: answer.runId })),
  );
});

test.each([
  ['paused', 'paused', (place: Place) => pauseSync(knex, place, 'moving', null)],
  ['deleted', 'deleted', (place: Place) => deleteSync(knex, place, null)],
  ['without its schedule', 'no_schedule', (place: Place) => removeSchedule(knex, place, null)],
  [
    'without its schedule, which Temporal has let go of,',
    'no_schedule',
    async (place: Place) => {
      await removeSchedule(knex, place, null);
      await knex('sync_schedules').where({ sync_id: place.syncId }).delete();
    },
  ],
] as const)('a sync that is %s refuses its slots', async (_, reason, act) => {
  const { slot, runs, skips, place } = await aScheduledSync('queue_all');
  await act(place);
  expect(await slot(1)).toEqual(skipped(reason));
  expect(await runs()).toEqual([]);
  expect(await skips()).toMatchObject([{ reason, blocking_run: null }]);
});

test('a schedule that was removed and written again fires', async () => {
  const { slot, place } = await aScheduledSync('queue_one');
  await removeSchedule(knex, place, null);
  await putSchedule(knex, place, { schedule: hourly, by: null });
  expect(await slot(1)).toMatchObject({ admitted: true });
});

test('a living sync that never had a schedule refuses the slots of one that somebody made in Temporal', async () => {
  const { id: syncId, workspaceId } = await aSync(knex);
  const asked = { workspaceId, syncId, workflowId: `sync/${syncId}-2025-01-15T09:00:00Z`, slotAt: null };
  expect(await enqueueSlot(knex, asked)).toEqual(skipped('no_schedule'));
  expect(await enqueueSlot(knex, asked)).toEqual(skipped('no_schedule'));
  expect(await knex('runs').where({ sync_id: syncId })).toEqual([]);
  expect(await knex('run_events').where({ sync_id: syncId })).toMatchObject([
    { type: 'slot_skipped', detail: { reason: 'no_schedule', workflow_id: asked.workflowId } },
  ]);
});

test('a slot that was taken before its schedule was removed keeps its run, one that asks after it is refused', async () => {
  const { slot, place, runs } = await aScheduledSync('queue_all');
  const taken = runOf(await slot(1));
  await removeSchedule(knex, place, null);
  expect(runOf(await slot(1))).toBe(taken);
  expect(await slot(2)).toEqual(skipped('no_schedule'));
  expect(await runs()).toEqual([taken]);
});

test('a sync that never was refuses without a trace', async () => {
  const asked = enqueueSlot(knex, {
    workspaceId: 'ws_1',
    syncId: 'sync_gone',
    workflowId: 'sync/sync_gone-1',
    slotAt: null,
  });
  expect(await asked).toEqual(skipped('deleted'));
});

test('the last slots tell runs and skips together, newest first', async () => {
  const { slot, place, slotAt } = await aScheduledSync('skip');
  const first = runOf(await slot(1));
  await slot(2);
  await cancel(first);
  const third = runOf(await slot(3));
  expect(await lastSlots(knex, place.syncId, 10)).toEqual([
    { slotAt: slotAt(3), run: { id: third, status: 'queued' }, skip: null },
    { slotAt: slotAt(2), run: null, skip: { reason: 'overlap', blockingRun: first } },
    { slotAt: slotAt(1), run: { id: first, status: 'cancelled' }, skip: null },
  ]);
  expect(await lastSlots(knex, place.syncId, 1)).toHaveLength(1);
});

type Place = Awaited<ReturnType<typeof aScheduledSync>>['place'];
