// How far schedules have come, as Postgres knows it: the newest slot that became a run, the newest that was skipped.
import type { Knex } from 'knex';
import { pauseSync, removeSchedule, resumeSync } from '../../../../db/configuration/schedule-store';
import type { StoredSync } from '../../../../db/configuration/sync-store';
import { connect } from '../../../../db/connect';
import { writeSkippedSlot } from '../../../../db/runs/enqueue-slot';
import { scheduleProgress } from '../../../../db/views/insights/schedule-progress-view';
import { aRun } from '../../../factories/a-run';
import { daily } from '../../../factories/a-schedule';
import { aSync } from '../../../factories/a-sync';
import { aWorkspace } from '../../../factories/a-workspace';
import { createTestDatabase, type TestDatabase } from '../../../support/database';

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

async function aSlotRun(sync: StoredSync, slotAt: string): Promise<void> {
  const run = await aRun(knex, { sync });
  await knex('runs').where({ id: run.id }).update({ slot_at: slotAt });
}

function aSkip(sync: StoredSync, slotAt: string | null): Promise<boolean> {
  return writeSkippedSlot(knex, {
    workspaceId: sync.workspaceId,
    syncId: sync.id,
    workflowId: `sync/${sync.id}-${slotAt}`,
    slotAt: slotAt === null ? null : new Date(slotAt),
    reason: 'overlap',
    policy: 'skip',
    blockingRun: null,
  });
}

test('the newest slot that became a run and the newest that was skipped are told', async () => {
  const sync = await aSync(knex, { schedule: daily });
  const told = async () => (await scheduleProgress(knex, sync.workspaceId))[0];
  expect(await told()).toEqual({
    workspaceId: sync.workspaceId,
    syncId: sync.id,
    name: sync.name,
    schedule: daily,
    isApplied: false,
    changedAt: expect.any(Date),
    lastRunSlot: null,
    lastTold: null,
  });
  await aRun(knex, { sync });
  await aSlotRun(sync, '2026-01-03T00:00:00Z');
  await aSlotRun(sync, '2026-01-02T00:00:00Z');
  await aSkip(sync, '2026-01-04T00:00:00Z');
  await knex('run_events').insert({
    workspace_id: sync.workspaceId,
    sync_id: sync.id,
    type: 'slots_missed',
    at: '2026-02-01',
  });
  await knex.raw(`UPDATE sync_schedules SET applied_revision = revision, applied = '{}' WHERE sync_id = ?`, [
    sync.id,
  ]);
  expect(await told()).toMatchObject({
    isApplied: true,
    lastRunSlot: new Date('2026-01-03T00:00:00Z'),
    lastTold: new Date('2026-01-04T00:00:00Z'),
  });
  await aSkip(sync, null);
  const { rows } = await knex.raw<{ rows: { at: Date }[] }>(
    `SELECT max(at) AS at FROM run_events WHERE sync_id = ?`,
    [sync.id],
  );
  expect((await told())?.lastTold).toEqual(rows[0]?.at);
});

test('a sync that is paused, deleted or without a schedule is not among them, nor one of another workspace', async () => {
  const { id: workspaceId } = await aWorkspace(knex);
  const scheduled = () => aSync(knex, { workspaceId, schedule: daily });
  const [paused, deleted, removed, kept] = [
    await scheduled(),
    await scheduled(),
    await scheduled(),
    await scheduled(),
  ];
  await aSync(knex, { workspaceId });
  await aSync(knex, { schedule: daily });
  const place = { workspaceId, syncId: paused.id };
  await pauseSync(knex, place, null, null);
  await knex('syncs').where({ id: deleted.id }).update({ deleted_at: new Date() });
  await removeSchedule(knex, { workspaceId, syncId: removed.id }, null);
  const ids = async () => (await scheduleProgress(knex, workspaceId)).map(({ syncId }) => syncId);
  expect(await ids()).toEqual([kept.id]);
  await resumeSync(knex, place, null, null);
  const [{ at }] = await knex('run_events').where({ sync_id: paused.id, type: 'sync_resumed' }).select('at');
  const resumed = (await scheduleProgress(knex, workspaceId)).find(({ syncId }) => syncId === paused.id);
  expect(resumed).toMatchObject({ lastTold: at, lastRunSlot: null });
  expect(resumed?.changedAt.getTime()).toBeLessThanOrEqual(at.getTime());
});
