// Schedules as stored: revisions, pauses, deletion, and applying one form after the other.
import type { Knex } from 'knex';
import { applySchedule } from '../../../db/configuration/apply-schedule';
import {
  deleteSync,
  findSchedule,
  pauseSync,
  putSchedule,
  removeSchedule,
  resumeSync,
  SyncActiveError,
} from '../../../db/configuration/schedule-store';
import { SyncStore } from '../../../db/configuration/sync-store';
import { connect } from '../../../db/connect';
import { closeRun } from '../../../db/runs/close-run';
import { SyncNotFoundError } from '../../../db/configuration/sync-lock';
import { enqueueRun } from '../../../db/runs/run-queue';
import type { Schedule } from '../../../domain/schedule';
import { aSync } from '../../factories/a-sync';
import { aToken } from '../../factories/a-workspace';
import { fakeSchedules } from '../../fakes/fake-schedules';
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

const every = (intervalSeconds: number): Schedule => ({
  intervalSeconds,
  cron: null,
  timeZone: 'UTC',
  jitterSeconds: 0,
  catchUpSeconds: 600,
});
const weekdays: Schedule = {
  ...every(1),
  intervalSeconds: null,
  cron: '0 9 * * 1-5',
  timeZone: 'Europe/Berlin',
};

async function aPlace(schedule: Schedule | null = every(900)) {
  const { id: syncId, workspaceId } = await aSync(knex, { schedule });
  return { workspaceId, syncId };
}
const aTokenOf = async ({ workspaceId }: { workspaceId: string }) => (await aToken(knex, workspaceId)).id;
const events = (syncId: string) =>
  knex('run_events').where({ sync_id: syncId }).orderBy('id').select('type', 'detail');
const revision = async (syncId: string): Promise<number> =>
  (await knex('sync_schedules').where({ sync_id: syncId }).first()).revision;

test('a schedule is written whole, read back as it was given, and not applied until it is', async () => {
  const place = await aPlace(null);
  const by = await aTokenOf(place);
  expect(await findSchedule(knex, place)).toBeNull();
  await putSchedule(knex, place, { schedule: weekdays, overlapPolicy: 'skip', by });
  expect(await findSchedule(knex, place)).toEqual({ schedule: weekdays, isApplied: false, missedSlots: 0 });
  expect(await new SyncStore(knex).find(place.workspaceId, place.syncId)).toMatchObject({
    schedule: weekdays,
    overlapPolicy: 'skip',
    updatedBy: { id: by },
  });
  const schedules = fakeSchedules();
  await applySchedule(knex, schedules, place.syncId);
  expect(await findSchedule(knex, place)).toMatchObject({ isApplied: true });
  expect(schedules.kept.get(place.syncId)).toMatchObject({ schedule: weekdays, paused: null });
  await putSchedule(knex, place, { schedule: every(60), by });
  expect(await findSchedule(knex, place)).toMatchObject({ schedule: every(60), isApplied: false });
  expect((await events(place.syncId)).map(({ type }) => type)).toEqual([
    'schedule_changed',
    'schedule_changed',
  ]);
});

test('another workspace cannot write, pause or delete', async () => {
  const { syncId } = await aPlace();
  const foreign = { workspaceId: (await aPlace()).workspaceId, syncId };
  const before = await revision(syncId);
  for (const act of [
    () => putSchedule(knex, foreign, { schedule: every(60), by: null }),
    () => pauseSync(knex, foreign, null, null),
    () => resumeSync(knex, foreign, null, null),
    () => deleteSync(knex, foreign, null),
  ]) {
    await expect(act()).rejects.toThrow(SyncNotFoundError);
  }
  expect(await removeSchedule(knex, foreign, null)).toBe(false);
  expect([await revision(syncId), await events(syncId)]).toEqual([before, []]);
});

test('pause and resume change the sync, raise the revision and are told once', async () => {
  const place = await aPlace();
  const by = await aTokenOf(place);
  const syncs = new SyncStore(knex);
  const before = await revision(place.syncId);
  await pauseSync(knex, place, 'CRM is being moved', by);
  const { pausedAt } = (await syncs.find(place.workspaceId, place.syncId)) ?? {};
  await pauseSync(knex, place, 'CRM is being moved', by);
  await pauseSync(knex, place, 'still', by);
  expect(await syncs.find(place.workspaceId, place.syncId)).toMatchObject({
    pausedAt,
    pauseNote: 'still',
    updatedBy: { id: by },
  });
  await resumeSync(knex, place, 'moved', by);
  await resumeSync(knex, place, 'moved', by);
  expect(await syncs.find(place.workspaceId, place.syncId)).toMatchObject({
    pausedAt: null,
    pauseNote: null,
  });
  expect(await events(place.syncId)).toEqual([
    { type: 'sync_paused', detail: { note: 'CRM is being moved', by } },
    { type: 'sync_paused', detail: { note: 'still', by } },
    { type: 'sync_resumed', detail: { note: 'moved', by } },
  ]);
  expect(await revision(place.syncId)).toBeGreaterThan(before);
});

test('a sync with a run that is not finished stays, and its schedule with it', async () => {
  const place = await aPlace();
  const choice = {
    trigger: 'api',
    kind: 'normal',
    triggeredBy: null,
    note: null,
    allowDeletes: false,
  } as const;
  const { runId } = await enqueueRun(knex, { ...place, ...choice });
  await expect(deleteSync(knex, place, null)).rejects.toEqual(new SyncActiveError(runId));
  expect(await findSchedule(knex, place)).not.toBeNull();
  await closeRun(knex, runId, { kind: 'cancelled', failure: null });
  await deleteSync(knex, place, await aTokenOf(place));
  expect(await new SyncStore(knex).find(place.workspaceId, place.syncId)).toBeNull();
  expect(await findSchedule(knex, place)).toBeNull();
  await expect(deleteSync(knex, place, null)).rejects.toThrow(SyncNotFoundError);
  await expect(enqueueRun(knex, { ...place, ...choice })).rejects.toThrow(SyncNotFoundError);
});

test('a trigger and a delete at once: either the run is there or the sync is gone, never both', async () => {
  const choice = {
    trigger: 'api',
    kind: 'normal',
    triggeredBy: null,
    note: null,
    allowDeletes: false,
  } as const;
  for (let time = 0; time < 10; time += 1) {
    const place = await aPlace();
    const outcomes = await Promise.allSettled([
      enqueueRun(knex, { ...place, ...choice }),
      deleteSync(knex, place, null),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  }
});

test('the row of a removed schedule goes when it is removed for good', async () => {
  const place = await aPlace();
  const schedules = fakeSchedules();
  await applySchedule(knex, schedules, place.syncId);
  expect(await removeSchedule(knex, place, null)).toBe(true);
  expect(await removeSchedule(knex, place, null)).toBe(false);
  schedules.away = true;
  await expect(applySchedule(knex, schedules, place.syncId)).rejects.toThrow('UNAVAILABLE');
  expect(schedules.kept.has(place.syncId)).toBe(true);
  schedules.away = false;
  await applySchedule(knex, schedules, place.syncId);
  expect(schedules.kept.has(place.syncId)).toBe(false);
  expect(await knex('sync_schedules').where({ sync_id: place.syncId })).toEqual([]);
});

test('what is applied already is not applied again', async () => {
  const { syncId } = await aPlace();
  const schedules = fakeSchedules();
  await applySchedule(knex, schedules, syncId);
  await applySchedule(knex, schedules, syncId);
  expect(schedules.calls).toEqual([`look ${syncId}`, `apply ${syncId}`]);
});
