// Owns the timeline of a run: one row per thing worth telling a person.
import type { Knex } from 'knex';

/** What a run event can say; more may follow. Details hold counts and reasons, never row data. */
export type RunEventType =
  | 'run_queued'
  | 'run_admitted'
  | 'run_started'
  | 'cancel_requested'
  | 'phase_retried'
  | 'worker_shutdown'
  | 'activity_paused'
  | 'activity_reset'
  | 'run_reset'
  | 'run_already_closed'
  | 'signal_ignored'
  | 'stuck'
  | 'reconciled'
  | 'waiting'
  | 'snapshot_rebaselined'
  | 'model_read'
  | 'changes_planned'
  | 'deletes_held'
  | 'vanished_rows_kept'
  | 'may_be_partial'
  | 'writes_finished'
  | 'counter_mismatch'
  | 'row_errors_removed'
  | 'raw_values_removed'
  | 'run_completed'
  | 'run_failed'
  | 'run_cancelled';

/** What an event of a sync can say that belongs to no run. */
export type SyncEventType =
  | 'slot_skipped'
  | 'slots_missed'
  | 'schedule_changed'
  | 'schedule_restored'
  | 'schedule_removed'
  | 'sync_changed'
  | 'sync_paused'
  | 'sync_resumed'
  | 'sync_deleted'
  | 'row_erased';

export interface RunEventPlace {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly runId: string;
}

/** Writes one event, in the transaction of the thing it tells. */
export async function writeEvent(
  trx: Knex,
  place: RunEventPlace,
  type: RunEventType,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await trx.raw(
    `INSERT INTO run_events (workspace_id, sync_id, run_id, at, type, detail)
     VALUES (?, ?, ?, clock_timestamp(), ?, ?)`,
    [place.workspaceId, place.syncId, place.runId, type, JSON.stringify(detail)],
  );
}

/**
 * The INSERT of one event, as a part of a statement that does more: one for each row of `from`, which gives workspace_id,
 * sync_id and run_id. `detail` is an expression over the same row.
 */
export function eventInsert(type: RunEventType, from: string, detail = `'{}'::jsonb`): string {
  return `INSERT INTO run_events (workspace_id, sync_id, run_id, at, type, detail)
    SELECT workspace_id, sync_id, run_id, clock_timestamp(), '${type}', ${detail} FROM ${from}`;
}

/** Writes one event of a run of which only the id is known. */
export async function writeEventOfRun(
  knex: Knex,
  runId: string,
  type: RunEventType,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await knex.raw(
    `INSERT INTO run_events (workspace_id, sync_id, run_id, at, type, detail)
     SELECT workspace_id, sync_id, id, clock_timestamp(), ?, ? FROM runs WHERE id = ?`,
    [type, JSON.stringify(detail), runId],
  );
}

/** Type of the run's last event, and the code in its detail; null when it has none. */
export async function lastEvent(
  knex: Knex,
  runId: string,
): Promise<{ type: RunEventType; code: string | null } | null> {
  const { rows } = await knex.raw<{ rows: { type: RunEventType; code: string | null }[] }>(
    `SELECT type, detail ->> 'code' AS code FROM run_events WHERE run_id = ? ORDER BY id DESC LIMIT 1`,
    [runId],
  );
  return rows[0] ?? null;
}

/** Writes one event of the sync itself. */
export async function writeSyncEvent(
  trx: Knex,
  place: Omit<RunEventPlace, 'runId'>,
  type: SyncEventType,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await trx.raw(
    `INSERT INTO run_events (workspace_id, sync_id, at, type, detail) VALUES (?, ?, clock_timestamp(), ?, ?)`,
    [place.workspaceId, place.syncId, type, JSON.stringify(detail)],
  );
}
