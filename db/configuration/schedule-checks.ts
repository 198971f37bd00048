// Owns what comparing schedules with what fires them needs of the database: who is due, and what was found out.
import type { Knex } from 'knex';
import type { ScheduleParts } from '../../domain/schedule';
import { type WrittenSkip, writeSkippedSlot } from '../runs/enqueue-slot';
import { writeSyncEvent } from '../runs/run-events';
import { lockSchedule } from './apply-schedule';
import { writePause, writeResume } from './schedule-store';
import { lockSync, type SyncPlace } from './sync-lock';

/** A schedule that is to be looked at, as it stood when it was claimed. */
export interface DueSchedule extends SyncPlace {
  readonly revision: number;
  /** Its newest form is not applied yet, or it is to be removed. */
  readonly isPending: boolean;
  readonly applied: ScheduleParts | null;
  readonly paused: { readonly note: string } | null;
  readonly missedSlots: number;
}

interface DueRow {
  sync_id: string;
  workspace_id: string;
  revision: number;
  is_pending: boolean;
  applied: ScheduleParts | null;
  is_paused: boolean;
  pause_note: string | null;
  missed_slots: number;
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
    `UPDATE sync_schedules p SET checked_at = now() FROM syncs s
     WHERE s.id = p.sync_id AND p.sync_id IN (
       SELECT sync_id FROM sync_schedules
       WHERE checked_at IS NULL OR checked_at < now() - interval '${settledSeconds} seconds'
         OR (checked_at < now() - interval '${pendingSeconds} seconds' AND applied_revision IS DISTINCT FROM revision)
       ORDER BY checked_at NULLS FIRST LIMIT ${mostAtOnce} FOR UPDATE SKIP LOCKED)
     RETURNING p.sync_id, p.workspace_id, p.revision, p.applied_revision IS DISTINCT FROM p.revision AS is_pending,
       p.applied, s.paused_at IS NOT NULL AS is_paused, s.pause_note, p.missed_slots`,
  );
  return rows.map((row) => ({
    syncId: row.sync_id,
    workspaceId: row.workspace_id,
    revision: row.revision,
    isPending: row.is_pending,
    applied: row.applied,
    paused: row.is_paused ? { note: row.pause_note ?? '' } : null,
    missedSlots: row.missed_slots,
  }));
}

/** Takes over a pause, or its end, that was made where schedules fire; returns whether it was taken over. */
export async function adoptPause(
  knex: Knex,
  due: DueSchedule,
  found: { readonly note: string } | null,
): Promise<boolean> {
  return knex.transaction(async (trx) => {
    // Somebody paused or resumed through us since we looked: that is the newer word, and will be applied.
    const row = await lockSchedule(trx, due.syncId);
    if (!row || row.revision !== due.revision) return false;
    const sync = await lockSync(trx, due);
    if (found ? sync.paused_at && (sync.pause_note ?? '') === found.note : !sync.paused_at) return false;
    if (found) await writePause(trx, due, found.note || null);
    else await writeResume(trx, due);
    const note = found ? found.note || null : null;
    await writeSyncEvent(trx, due, found ? 'sync_paused' : 'sync_resumed', { note, by: 'temporal' });
    return true;
  });
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
    if (rows.length > 0 && count > 0) await writeSyncEvent(trx, due, 'slots_missed', { count });
  });
}

/** Of these workflows of slots, those that have neither a run nor an event. One statement. */
export async function unansweredSlots(knex: Knex, workflowIds: readonly string[]): Promise<string[]> {
  if (workflowIds.length === 0) return [];
  const { rows } = await knex.raw<{ rows: { workflow_id: string }[] }>(
    `SELECT workflow_id FROM unnest(?::text[]) AS slots (workflow_id)
     WHERE NOT EXISTS (SELECT 1 FROM runs r WHERE r.workflow_id = slots.workflow_id)
       AND NOT EXISTS (SELECT 1 FROM run_events e
         WHERE e.type = 'slot_skipped' AND e.detail ->> 'workflow_id' = slots.workflow_id)`,
    [[...workflowIds]],
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

/** Of these schedules, those of our workspaces that no row stands for: their sync is gone, or was never ours to fire. */
export async function orphansAmong(knex: Knex, listed: readonly SyncPlace[]): Promise<SyncPlace[]> {
  const { rows } = await knex.raw<{ rows: { sync_id: string; workspace_id: string }[] }>(
    `SELECT listed.* FROM unnest(?::text[], ?::text[]) AS listed (sync_id, workspace_id)
     JOIN workspaces w ON w.id = listed.workspace_id
     WHERE NOT EXISTS (SELECT 1 FROM sync_schedules p WHERE p.sync_id = listed.sync_id)`,
    [listed.map(({ syncId }) => syncId), listed.map(({ workspaceId }) => workspaceId)],
  );
  return rows.map((row) => ({ syncId: row.sync_id, workspaceId: row.workspace_id }));
}

/** Runs `remove` while nobody can give the sync a schedule; false when it has one by now. */
export async function removingOrphan(
  knex: Knex,
  orphan: SyncPlace,
  remove: () => Promise<void>,
): Promise<boolean> {
  return knex.transaction(async (trx) => {
    // Stronger than other locks on syncs: a new schedule's foreign key has to wait for it.
    const { rows: syncs } = await trx.raw<{ rows: unknown[] }>(
      `SELECT 1 FROM syncs WHERE id = ? FOR UPDATE`,
      [orphan.syncId],
    );
    if ((await orphansAmong(trx, [orphan])).length === 0) return false;
    await remove();
    if (syncs.length > 0) await writeSyncEvent(trx, orphan, 'schedule_removed', { by: 'reconciler' });
    return true;
  });
}
