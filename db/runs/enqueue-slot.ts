// Owns what becomes of a scheduled slot: a run in the queue, or an event that says why not. Never both, never twice.
import type { Knex } from 'knex';
import type { OverlapPolicy } from '../../domain/schedule';
import { type SkippedSlot, type SkipReason, skipReasons } from '../../domain/slot';
import { type LockedSync, lockAnySync } from '../configuration/sync-lock';
import { isQueueFull } from './queue-limit';
import { type EnqueuedRun, enqueueLocked } from './run-queue';

export interface EnqueueSlotInput {
  readonly workspaceId: string;
  readonly syncId: string;
  /** The slot's workflow, which asks: `sync/<sync id>-<nominal time>`. */
  readonly workflowId: string;
  /** Nominal time of the slot; null when it is not known. */
  readonly slotAt: Date | null;
}

/** Queues a run for the slot unless the sync is paused, gone or without a schedule, its overlap policy forbids it, or its queue is full. Repeated: the same answer. */
export async function enqueueSlot(knex: Knex, input: EnqueueSlotInput): Promise<EnqueuedRun | SkippedSlot> {
  const { workspaceId, syncId, workflowId, slotAt } = input;
  return knex.transaction(async (trx) => {
    // The lock of every trigger: between the look at the queue and the new row nobody else comes in.
    const sync = await lockAnySync(trx, { workspaceId, syncId });
    // No row to hang an event on: a schedule that was left over from a lost database, say.
    if (!sync) return { skipped: 'deleted', blockingRun: null };
    const answered = await earlierAnswer(trx, workflowId);
    if (answered?.skipped) return answered.skipped;
    const refusal = answered ? null : await refusalOf(trx, syncId, sync);
    if (refusal) {
      await writeSkippedSlot(trx, {
        ...input,
        reason: refusal.skipped,
        policy: sync.overlap_policy,
        blockingRun: refusal.blockingRun,
      });
      return refusal;
    }
    return enqueueLocked(trx, {
      workspaceId,
      syncId,
      trigger: 'schedule',
      kind: 'normal',
      triggeredBy: null,
      note: null,
      allowDeletes: false,
      workflowId,
      slotAt,
    });
  });
}

/** What an earlier attempt got: the run's row is enqueueLocked's to find again, a refusal is in its event. */
async function earlierAnswer(
  trx: Knex.Transaction,
  workflowId: string,
): Promise<{ skipped: SkippedSlot | null } | null> {
  const { rows } = await trx.raw<{ rows: { reason: string | null; blocking_run: string | null }[] }>(
    `SELECT NULL AS reason, NULL AS blocking_run FROM runs WHERE workflow_id = ?
     UNION ALL
     SELECT detail ->> 'reason', detail ->> 'blocking_run' FROM run_events
     WHERE type = 'slot_skipped' AND detail ->> 'workflow_id' = ?`,
    [workflowId, workflowId],
  );
  const found = rows.find(({ reason }) => reason === null || skipReasons.includes(reason as SkipReason));
  if (!found) return null;
  const { reason, blocking_run: blockingRun } = found;
  return { skipped: reason === null ? null : { skipped: reason as SkipReason, blockingRun } };
}

async function refusalOf(
  trx: Knex.Transaction,
  syncId: string,
  sync: LockedSync,
): Promise<SkippedSlot | null> {
  if (sync.deleted_at) return { skipped: 'deleted', blockingRun: null };
  if (!(await hasSchedule(trx, syncId))) return { skipped: 'no_schedule', blockingRun: null };
  if (sync.paused_at) return { skipped: 'paused', blockingRun: null };
  const blockingRun = await blockingRunOf(trx, syncId, sync.overlap_policy);
  if (blockingRun) return { skipped: 'overlap', blockingRun };
  return (await isQueueFull(trx, syncId)) ? { skipped: 'queue_full', blockingRun: null } : null;
}

// Only a schedule of ours makes runs: one that is to go fires until Temporal has let go of it, its last workflows may ask
// after that, and somebody may have made one in Temporal by hand.
async function hasSchedule(trx: Knex.Transaction, syncId: string): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    `SELECT 1 FROM sync_schedules WHERE sync_id = ? AND removed_at IS NULL`,
    [syncId],
  );
  return rows.length > 0;
}

const blocking: Readonly<Record<OverlapPolicy, string | null>> = {
  queue_all: null,
  skip: 'TRUE',
  // The holder of the lease does not wait any more, whatever its status says yet.
  queue_one: `r.trigger = 'schedule' AND r.status = 'queued'
    AND NOT EXISTS (SELECT 1 FROM sync_leases l WHERE l.sync_id = r.sync_id AND l.run_id = r.id)`,
};

async function blockingRunOf(
  trx: Knex.Transaction,
  syncId: string,
  policy: OverlapPolicy,
): Promise<string | null> {
  const condition = blocking[policy];
  if (condition === null) return null;
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `SELECT r.id FROM runs r WHERE r.sync_id = ? AND r.status IN ('queued', 'running') AND ${condition}
     ORDER BY r.queue_no LIMIT 1`,
    [syncId],
  );
  return rows[0]?.id ?? null;
}

/** A slot that became no run, and why. */
export interface WrittenSkip extends EnqueueSlotInput {
  /** Beyond the queue's own reasons: `cancelled_before_start`, of a workflow that closed before it asked. */
  readonly reason: SkipReason | 'cancelled_before_start';
  readonly policy: OverlapPolicy | null;
  readonly blockingRun: string | null;
}

/** Writes the event of a slot that became no run, once for each workflow; returns whether this call wrote it. */
export async function writeSkippedSlot(trx: Knex, skip: WrittenSkip): Promise<boolean> {
  const detail = {
    reason: skip.reason,
    policy: skip.policy,
    slot_at: skip.slotAt?.toISOString() ?? null,
    workflow_id: skip.workflowId,
    blocking_run: skip.blockingRun,
  };
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    `INSERT INTO run_events (workspace_id, sync_id, at, type, detail)
     SELECT ?, ?, clock_timestamp(), 'slot_skipped', ?
     WHERE NOT EXISTS (SELECT 1 FROM runs WHERE workflow_id = ?)
     ON CONFLICT DO NOTHING RETURNING id`,
    [skip.workspaceId, skip.syncId, JSON.stringify(detail), skip.workflowId],
  );
  return rows.length > 0;
}
