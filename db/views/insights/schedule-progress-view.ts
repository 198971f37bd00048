// Owns how far schedules have come, as Postgres knows it. Whether one should have come further is not
// decided here.
import type { Knex } from 'knex';
import type { Schedule } from '../../../domain/schedule';
import { mapSchedule, scheduleColumns, type ScheduleRow } from '../../configuration/schedule-store';

/** The schedule of a sync that is neither paused nor gone. */
export interface ScheduleProgress {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly name: string;
  readonly schedule: Schedule;
  /** Temporal has its newest form. */
  readonly isApplied: boolean;
  /** When it was last written, or the sync paused or resumed through us. */
  readonly changedAt: Date;
  /** The newest slot that became a run; null: none yet. */
  readonly lastRunSlot: Date | null;
  /** The newest slot that was skipped, or the sync's newest resumption, whichever was told last; null: neither. */
  readonly lastTold: Date | null;
}

interface ProgressRow extends ScheduleRow {
  workspace_id: string;
  sync_id: string;
  name: string;
  is_applied: boolean;
  changed_at: Date;
  last_run_slot: Date | null;
  last_told: Date | null;
}

/** All of a workspace, or of all (null), in one statement: three looks into an index for each sync. */
export async function scheduleProgress(knex: Knex, workspaceId: string | null): Promise<ScheduleProgress[]> {
  const { rows } = await knex.raw<{ rows: ProgressRow[] }>(
    `SELECT p.workspace_id, p.sync_id, s.name, ${scheduleColumns.map((column) => `p.${column}`).join(', ')},
       p.applied_revision IS NOT DISTINCT FROM p.revision AS is_applied, p.updated_at AS changed_at,
       ran.slot_at AS last_run_slot, told.at AS last_told
     FROM syncs s JOIN sync_schedules p ON p.sync_id = s.id
     LEFT JOIN LATERAL (
       SELECT slot_at FROM runs WHERE sync_id = s.id AND slot_at IS NOT NULL ORDER BY slot_at DESC LIMIT 1) ran ON true
     LEFT JOIN LATERAL (
       SELECT coalesce((detail ->> 'slot_at')::timestamptz, at) AS at FROM run_events
       WHERE sync_id = s.id AND run_id IS NULL AND type IN ('slot_skipped', 'sync_resumed') ORDER BY id DESC LIMIT 1) told ON true
     WHERE ${workspaceId === null ? '' : 's.workspace_id = ? AND '}s.deleted_at IS NULL AND s.paused_at IS NULL AND p.removed_at IS NULL`,
    workspaceId === null ? [] : [workspaceId],
  );
  return rows.map((row) => ({
    workspaceId: row.workspace_id,
    syncId: row.sync_id,
    name: row.name,
    schedule: mapSchedule(row),
    isApplied: row.is_applied,
    changedAt: row.changed_at,
    lastRunSlot: row.last_run_slot,
    lastTold: row.last_told,
  }));
}
