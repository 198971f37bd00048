// Owns what comparing schedules with what fires them needs of the database: who is due, and what was found out.
import type { Knex } from 'knex';
import type { ScheduleParts } from '../../domain/schedule';
import { noteToJudge } from '../alerts/judge/due-judgements';
import { type WrittenSkip, writeSkippedSlot } from '../runs/enqueue-slot';
import { writeSyncEvent } from '../runs/run-events';
import type { KnownPause } from '../../domain/schedule-pause';
import { putAnew } from './apply-schedule';
import type { SyncPlace } from './sync-lock';
import { knownPauseColumns, type KnownPauseRow, mapKnownPause } from './take-over';

/** A schedule that is to be looked at, as it stood when it was claimed. */
export interface DueSchedule extends SyncPlace {
  readonly revision: number;
  /** Its newest form is not applied yet, or it is to be removed. */
  readonly isPending: boolean;
  /** As read back after the last apply, and the form that was; null before the first. */
  readonly applied: ScheduleParts | null;
  readonly appliedRevision: number | null;
  readonly known: KnownPause;
  readonly missedSlots: number;
  /** When it was claimed before this; null: never, or not since it was changed. */
  readonly lookedAt: Date | null;
}

interface DueRow extends KnownPauseRow {
  sync_id: string;
  workspace_id: string;
  revision: number;
  applied: ScheduleParts | null;
  applied_revision: number | null;
  missed_slots: number;
  looked_at: Date | null;
}

// Five seconds: an apply that failed is tried again in the next round, and not by every worker at once.
const pendingSeconds = 5;
// Thirty seconds: what was done in the Temporal UI is put back or noted well within a minute.
const settledSeconds = 30;
// At ten looks at a time a round takes a second; 2,000 schedules come round in 50 s with two workers.
const mostAtOnce = 100;

/** Claims the schedules most in need of a look: changed ones first, then those not looked at for longest. One statement. */
export async function claimDueSchedules(knex: Knex): Promise<DueSchedule[]> {
  const { rows } = await knex.raw<{ rows: DueRow[] }>(
    // Whoever changes a schedule empties checked_at, so one order does for both; a form that is refused again and again
    // then waits its turn like any other and holds nobody up.
    `WITH due AS (
       SELECT sync_id, checked_at FROM sync_schedules
       WHERE checked_at IS NULL OR checked_at < now() - interval '${settledSeconds} seconds'
         OR (checked_at < now() - interval '${pendingSeconds} seconds' AND applied_revision IS DISTINCT FROM revision)
       ORDER BY checked_at NULLS FIRST LIMIT ${mostAtOnce} FOR UPDATE SKIP LOCKED)
     UPDATE sync_schedules p SET checked_at = now() FROM due JOIN syncs s ON s.id = due.sync_id
     WHERE p.sync_id = due.sync_id
     RETURNING p.sync_id, p.workspace_id, p.revision, p.applied, p.applied_revision, p.missed_slots,
       due.checked_at AS looked_at, ${knownPauseColumns}`,
  );
  return rows.map((row) => ({
    syncId: row.sync_id,
    workspaceId: row.workspace_id,
    revision: row.revision,
    isPending: !row.is_applied,
    applied: row.applied,
    appliedRevision: row.applied_revision,
    known: mapKnownPause(row),
    missedSlots: row.missed_slots,
    lookedAt: row.looked_at,
  }));
}

/** Notes that the count of missed slots has grown to `missed`, with an event, once however many notice it. */
export async function noteMissedSlots(knex: Knex, due: DueSchedule, missed: number): Promise<void> {
  await knex.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: unknown[] }>(
      `UPDATE sync_schedules SET missed_slots = ? WHERE sync_id = ? AND missed_slots = ? RETURNING 1`,
      [missed, due.syncId, due.missedSlots],
    );
    // A schedule that was made anew by other hands counts from nothing.
    const count = missed > due.missedSlots ? missed - due.missedSlots : missed;
    if (rows.length === 0 || count <= 0) return;
    await writeSyncEvent(trx, due, 'slots_missed', { count });
    await noteToJudge(trx, {
      workspaceId: due.workspaceId,
      syncId: due.syncId,
      what: 'slots_missed',
      runId: null,
      detail: { count },
    });
  });
}

/**
 * Of these workflows of slots, those that have neither a run nor an event though `graceMs` have passed, by the
 * database's clock. One statement.
 */
export async function unansweredSlots(
  knex: Knex,
  slots: readonly { readonly workflowId: string; readonly takenAt: Date }[],
  graceMs: number,
): Promise<string[]> {
  if (slots.length === 0) return [];
  const { rows } = await knex.raw<{ rows: { workflow_id: string }[] }>(
    `SELECT workflow_id FROM unnest(?::text[], ?::timestamptz[]) AS slots (workflow_id, taken_at)
     WHERE taken_at < statement_timestamp() - make_interval(secs => ?)
       AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.workflow_id = slots.workflow_id)
       AND NOT EXISTS (SELECT 1 FROM run_events e
         WHERE e.type = 'slot_skipped' AND e.detail ->> 'workflow_id' = slots.workflow_id)`,
    [slots.map(({ workflowId }) => workflowId), slots.map(({ takenAt }) => takenAt), graceMs / 1_000],
  );
  return rows.map((row) => row.workflow_id);
}

/** Notes a slot whose workflow closed before it asked for its run; false when it has an answer already. */
export function noteLostSlot(
  knex: Knex,
  slot: Pick<WrittenSkip, 'workspaceId' | 'syncId' | 'workflowId' | 'slotAt'>,
): Promise<boolean> {
  const why = { reason: 'cancelled_before_start', policy: null, blockingRun: null } as const;
  return knex.transaction((trx) => writeSkippedSlot(trx, { ...slot, ...why }));
}

/** A schedule that was listed in Temporal; its workspace as it names it itself, if it does. */
export interface ListedPlace {
  readonly syncId: string;
  readonly workspaceId: string | null;
}

/** Of these schedules, those of our workspaces that no row stands for: their sync is gone, or was never ours to fire. */
export async function orphansAmong(knex: Knex, listed: readonly ListedPlace[]): Promise<SyncPlace[]> {
  const { rows } = await knex.raw<{ rows: { sync_id: string; workspace_id: string }[] }>(
    // Made by hand it may name no workspace; its sync does.
    `SELECT listed.sync_id, w.id AS workspace_id FROM unnest(?::text[], ?::text[]) AS listed (sync_id, workspace_id)
     LEFT JOIN syncs s ON s.id = listed.sync_id
     JOIN workspaces w ON w.id = coalesce(s.workspace_id, listed.workspace_id)
     WHERE NOT EXISTS (SELECT 1 FROM sync_schedules p WHERE p.sync_id = listed.sync_id)`,
    [listed.map(({ syncId }) => syncId), listed.map(({ workspaceId }) => workspaceId ?? '')],
  );
  return rows.map((row) => ({ syncId: row.sync_id, workspaceId: row.workspace_id }));
}

/** Tells of an orphan that was removed. A sync that was given a schedule meanwhile has it put anew. */
export async function noteOrphanRemoved(knex: Knex, orphan: SyncPlace): Promise<void> {
  await knex.transaction(async (trx) => {
    if (await putAnew(trx, orphan.syncId)) return;
    const sync = await trx('syncs').where({ id: orphan.syncId }).first('id');
    if (sync) await writeSyncEvent(trx, orphan, 'schedule_removed', { by: 'reconciler' });
  });
}
