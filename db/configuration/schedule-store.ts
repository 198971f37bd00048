// Owns the table sync_schedules, and a sync's pause and deletion, which decide with it whether a schedule fires.
// Lock order: the sync's turn, the schedule's row, the sync's. None is ever held while Temporal is asked anything.
import type { Knex } from 'knex';
import type { OverlapPolicy, Schedule } from '../../domain/schedule';
import { writeSyncEvent } from '../runs/run-events';
import { lockSync, SyncNotFoundError, type SyncPlace } from './sync-lock';

/** Thrown when a sync is to go while a run of it is queued or running. */
export class SyncActiveError extends Error {
  override readonly name = 'SyncActiveError';

  constructor(readonly blockingRun: string) {
    super(`run ${blockingRun} is not finished`);
  }
}

export interface ScheduleRow {
  interval_seconds: number | null;
  cron: string | null;
  time_zone: string;
  jitter_seconds: number;
  catch_up_seconds: number;
}

/** A schedule and whether Temporal has its newest form. */
export interface StoredSchedule {
  readonly schedule: Schedule;
  readonly isApplied: boolean;
  /** Slots that were older than the catch-up window when Temporal came to them. */
  readonly missedSlots: number;
}

/** What whoever changes a schedule may have seen of it. */
export interface SeenSchedule {
  readonly schedule: Schedule;
  readonly overlapPolicy: OverlapPolicy;
}

/** Is shown what is about to be changed (null: no schedule), in its turn; what it throws keeps that. */
export type ScheduleCheck = (current: SeenSchedule | null) => void;

/** Columns of sync_schedules that a Schedule is made of. */
export const scheduleColumns = [
  'interval_seconds',
  'cron',
  'time_zone',
  'jitter_seconds',
  'catch_up_seconds',
] as const satisfies readonly (keyof ScheduleRow)[];

export function mapSchedule(row: ScheduleRow): Schedule {
  const rest = {
    timeZone: row.time_zone,
    jitterSeconds: row.jitter_seconds,
    catchUpSeconds: row.catch_up_seconds,
  };
  if (row.cron !== null) return { intervalSeconds: null, cron: row.cron, ...rest };
  return { intervalSeconds: row.interval_seconds ?? 0, cron: null, ...rest };
}

function scheduleRow(schedule: Schedule): ScheduleRow {
  return {
    interval_seconds: schedule.intervalSeconds,
    cron: schedule.cron,
    time_zone: schedule.timeZone,
    jitter_seconds: schedule.jitterSeconds,
    catch_up_seconds: schedule.catchUpSeconds,
  };
}

/** The sync's schedule, or null when it has none (any more). */
export async function findSchedule(knex: Knex, place: SyncPlace): Promise<StoredSchedule | null> {
  const { rows } = await knex.raw<{ rows: (ScheduleRow & { is_applied: boolean; missed_slots: number })[] }>(
    `SELECT ${scheduleColumns.join(', ')}, missed_slots, applied_revision IS NOT DISTINCT FROM revision AS is_applied
     FROM sync_schedules WHERE workspace_id = ? AND sync_id = ? AND removed_at IS NULL`,
    [place.workspaceId, place.syncId],
  );
  const row = rows[0];
  return row
    ? { schedule: mapSchedule(row), isApplied: row.is_applied, missedSlots: row.missed_slots }
    : null;
}

/**
 * Changes of a sync one after the other. The schedule's row alone cannot see to that, for it comes and goes: a resume that
 * finds none has nothing to number, and a schedule written just then would be put with the pause that is about to end.
 */
export async function inTurn<Result>(
  knex: Knex,
  { syncId }: SyncPlace,
  work: (trx: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  return knex.transaction(async (trx) => {
    await trx.raw(`SELECT pg_advisory_xact_lock(hashtextextended('schedule of ' || ?, 0))`, [syncId]);
    return work(trx);
  });
}

/** Writes the sync's whole schedule. `overlapPolicy` absent: as it was. Throws SyncNotFoundError. */
export async function putSchedule(
  knex: Knex,
  place: SyncPlace,
  put: { schedule: Schedule; overlapPolicy?: OverlapPolicy | undefined; by: string | null },
  check: ScheduleCheck = () => undefined,
): Promise<void> {
  await inTurn(knex, place, async (trx) => {
    // Shared, and before the row: a new row's foreign key would report a missing sync as an error of its own.
    const { rows } = await trx.raw<{ rows: unknown[] }>(
      `SELECT 1 FROM syncs WHERE workspace_id = ? AND id = ? FOR KEY SHARE`,
      [place.workspaceId, place.syncId],
    );
    if (rows.length === 0) throw new SyncNotFoundError(`sync ${place.syncId} does not exist`);
    const before = await findSchedule(trx, place);
    await writeSchedule(trx, place, put.schedule);
    const sync = await lockSync(trx, place);
    check(before && { schedule: before.schedule, overlapPolicy: sync.overlap_policy });
    if (put.overlapPolicy) {
      await trx('syncs')
        .where({ id: place.syncId })
        .update({ overlap_policy: put.overlapPolicy, updated_at: trx.fn.now(), updated_by: put.by });
    }
    await writeSyncEvent(trx, place, 'schedule_changed', { ...scheduleRow(put.schedule), by: put.by });
  });
}

/** The row alone; whoever calls has the sync. Never checked before is first in the reconciler's order. */
export async function writeSchedule(
  trx: Knex.Transaction,
  place: SyncPlace,
  schedule: Schedule,
): Promise<void> {
  const row = scheduleRow(schedule);
  await trx.raw(
    `INSERT INTO sync_schedules (sync_id, workspace_id, ${scheduleColumns.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (sync_id) DO UPDATE SET
       ${scheduleColumns.map((column) => `${column} = excluded.${column}`).join(', ')},
       revision = DEFAULT, removed_at = NULL, checked_at = NULL, updated_at = now()`,
    [place.syncId, place.workspaceId, ...scheduleColumns.map((column) => row[column])],
  );
}

/** Marks the schedule as one that is to go; false when there was none. */
export async function removeSchedule(
  knex: Knex,
  place: SyncPlace,
  by: string | null,
  check: ScheduleCheck = () => undefined,
): Promise<boolean> {
  return inTurn(knex, place, async (trx) => {
    const before = await findSchedule(trx, place);
    if (!before || !(await markRemoved(trx, place))) {
      check(null);
      return false;
    }
    const sync = await lockSync(trx, place);
    check({ schedule: before.schedule, overlapPolicy: sync.overlap_policy });
    await writeSyncEvent(trx, place, 'schedule_removed', { by });
    return true;
  });
}

async function markRemoved(trx: Knex.Transaction, { workspaceId, syncId }: SyncPlace): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    `UPDATE sync_schedules SET removed_at = now(), revision = DEFAULT, checked_at = NULL, updated_at = now()
     WHERE workspace_id = ? AND sync_id = ? AND removed_at IS NULL RETURNING 1`,
    [workspaceId, syncId],
  );
  return rows.length > 0;
}

/** Stops slots from becoming runs; people and tokens may still trigger. Paused with this note already: nothing happens. */
export async function pauseSync(
  knex: Knex,
  place: SyncPlace,
  note: string | null,
  by: string | null,
): Promise<void> {
  await inTurn(knex, place, async (trx) => {
    await touchSchedule(trx, place);
    const sync = await lockSync(trx, place);
    if (sync.paused_at && sync.pause_note === note) return;
    await writePause(trx, place, note, by);
    await writeSyncEvent(trx, place, 'sync_paused', { note, by });
  });
}

/** Lets slots become runs again. Not paused: nothing happens. The note stands in the event. */
export async function resumeSync(
  knex: Knex,
  place: SyncPlace,
  note: string | null,
  by: string | null,
): Promise<void> {
  await inTurn(knex, place, async (trx) => {
    await touchSchedule(trx, place);
    const sync = await lockSync(trx, place);
    if (!sync.paused_at) return;
    await writeResume(trx, place, by);
    await writeSyncEvent(trx, place, 'sync_resumed', { note, by });
  });
}

/**
 * Removes the sync from sight, its schedule with it. `check`: asked first, in its turn; what it throws keeps the sync.
 * Throws SyncNotFoundError, SyncActiveError.
 */
export async function deleteSync(
  knex: Knex,
  place: SyncPlace,
  by: string | null,
  check: (trx: Knex.Transaction) => Promise<void> = async () => undefined,
): Promise<void> {
  await inTurn(knex, place, async (trx) => {
    await check(trx);
    await markRemoved(trx, place);
    await lockSync(trx, place);
    const { rows } = await trx.raw<{ rows: { id: string }[] }>(
      `SELECT id FROM runs WHERE sync_id = ? AND status IN ('queued', 'running') ORDER BY queue_no LIMIT 1`,
      [place.syncId],
    );
    // Thrown inside: the schedule stays with the sync.
    if (rows[0]) throw new SyncActiveError(rows[0].id);
    await trx('syncs')
      .where({ id: place.syncId })
      .update({ deleted_at: trx.fn.now(), updated_at: trx.fn.now(), updated_by: by });
    await writeSyncEvent(trx, place, 'sync_deleted', { by });
  });
}

// A revision too many costs one idle apply; deciding first would need the sync's lock before the schedule's. And who
// resumes a sync that only Temporal knows to be paused is to be obeyed.
async function touchSchedule(trx: Knex.Transaction, { workspaceId, syncId }: SyncPlace): Promise<void> {
  await trx.raw(
    `UPDATE sync_schedules SET revision = DEFAULT, pause_unknown_to = revision, checked_at = NULL, updated_at = now()
     WHERE workspace_id = ? AND sync_id = ? AND removed_at IS NULL`,
    [workspaceId, syncId],
  );
}

/** Writes the pause; the caller holds the sync's lock. A pause that lasts keeps its beginning. */
export async function writePause(
  trx: Knex.Transaction,
  { syncId }: SyncPlace,
  note: string | null,
  by: string | null,
): Promise<void> {
  await trx.raw(
    `UPDATE syncs SET paused_at = coalesce(paused_at, now()), pause_note = ?, updated_at = now(), updated_by = ?
     WHERE id = ?`,
    [note, by, syncId],
  );
}

/** Ends the pause; the caller holds the sync's lock. */
export async function writeResume(
  trx: Knex.Transaction,
  { syncId }: SyncPlace,
  by: string | null,
): Promise<void> {
  await trx.raw(
    `UPDATE syncs SET paused_at = NULL, pause_note = NULL, updated_at = now(), updated_by = ? WHERE id = ?`,
    [by, syncId],
  );
}
