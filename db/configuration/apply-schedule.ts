// Owns bringing a schedule's newest form to what fires it, one form after the other. Does not know Temporal.
import type { Knex } from 'knex';
import type { AppliedSchedule, ScheduleDefinition, ScheduleParts } from '../../domain/schedule';
import { mapSchedule, type ScheduleRow } from './schedule-store';

/** What fires schedules. Both are whole: whatever was there before is gone after. */
export interface ScheduleApplier {
  apply(definition: ScheduleDefinition): Promise<AppliedSchedule>;
  /** A schedule that is not there is as good as removed. */
  remove(syncId: string): Promise<void>;
}

/** A schedule's row while it is locked: nobody else changes or applies it. */
export interface LockedSchedule {
  readonly workspaceId: string;
  readonly revision: number;
  readonly isApplied: boolean;
  readonly isRemoved: boolean;
  /** As read back after the last apply; null before the first. */
  readonly applied: ScheduleParts | null;
}

/** Applies what is pending, if anything is. Throws when the applier does; the schedule stays pending then. */
export async function applySchedule(knex: Knex, applier: ScheduleApplier, syncId: string): Promise<void> {
  // The row is locked for as long as the applier takes, so an older form never overwrites a newer one.
  await knex.transaction(async (trx) => {
    const row = await lockSchedule(trx, syncId);
    if (!row || row.isApplied) return;
    if (row.isRemoved) {
      await applier.remove(syncId);
      await trx('sync_schedules').where({ sync_id: syncId }).delete();
    } else {
      await applyLocked(trx, applier, syncId);
    }
  });
}

/** Applies the locked schedule whole, pending or not. */
export async function applyLocked(
  trx: Knex.Transaction,
  applier: Pick<ScheduleApplier, 'apply'>,
  syncId: string,
): Promise<void> {
  const { parts, created } = await applier.apply(await definitionOf(trx, syncId));
  await trx.raw(
    // A new schedule begins to count its missed slots anew.
    `UPDATE sync_schedules SET applied_revision = revision, applied = ?, checked_at = now(),
       missed_slots = CASE WHEN ? THEN 0 ELSE missed_slots END
     WHERE sync_id = ?`,
    [JSON.stringify(parts), created, syncId],
  );
}

interface LockedRow {
  workspace_id: string;
  revision: number;
  is_applied: boolean;
  is_removed: boolean;
  applied: ScheduleParts | null;
}

/** Locks the schedule's row; null when there is none. */
export async function lockSchedule(trx: Knex.Transaction, syncId: string): Promise<LockedSchedule | null> {
  const { rows } = await trx.raw<{ rows: LockedRow[] }>(
    `SELECT workspace_id, revision, applied_revision IS NOT DISTINCT FROM revision AS is_applied,
       removed_at IS NOT NULL AS is_removed, applied
     FROM sync_schedules WHERE sync_id = ? FOR UPDATE`,
    [syncId],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    workspaceId: row.workspace_id,
    revision: row.revision,
    isApplied: row.is_applied,
    isRemoved: row.is_removed,
    applied: row.applied,
  };
}

interface DefinitionRow extends ScheduleRow {
  workspace_id: string;
  is_paused: boolean;
  pause_note: string | null;
  title: string;
}

// A statement of its own after the lock: one that had waited for the lock would see the sync as it was before the wait.
async function definitionOf(trx: Knex.Transaction, syncId: string): Promise<ScheduleDefinition> {
  const { rows } = await trx.raw<{ rows: DefinitionRow[] }>(
    `SELECT p.*, s.paused_at IS NOT NULL AS is_paused, s.pause_note, m.name || ' → ' || d.name AS title
     FROM sync_schedules p JOIN syncs s ON s.id = p.sync_id JOIN models m ON m.id = s.model_id
     JOIN destinations d ON d.id = s.destination_id
     WHERE p.sync_id = ?`,
    [syncId],
  );
  const row = rows[0];
  if (!row) throw new Error(`sync ${syncId} has no schedule`);
  return {
    workspaceId: row.workspace_id,
    syncId,
    schedule: mapSchedule(row),
    paused: row.is_paused ? { note: row.pause_note ?? '' } : null,
    summary: `${row.title} (schedule)`,
  };
}
