// Owns the lease of a sync: who may run it now, who is next, and the fence that stops attempts that were overtaken.
import type { Knex } from 'knex';
import { eventInsert } from './run-events';

/** Thrown when an attempt no longer holds its epoch: another attempt took over. Final for this one, retryable for Temporal. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/** Thrown when there is no such run: its row is gone, and nothing will bring it back. */
export class RunNotFoundError extends Error {
  override readonly name = 'RunNotFoundError';
}

/** Thrown when the run has a final status: nothing may be sent or written for it any more. */
export class RunAlreadyClosedError extends Error {
  override readonly name = 'RunAlreadyClosedError';
}

/** An attempt's right to write: valid while the lease still carries this run and this epoch. */
export interface Fence {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly runId: string;
  readonly epoch: number;
}

export interface LeaseHolder {
  readonly runId: string;
  readonly workflowId: string;
}

/**
 * Gives a free lease to the head of the sync's queue and returns the holder, null when nothing is queued.
 * The caller holds the sync's row lock, under which alone a holder changes, so nobody barges in between. The lease row
 * itself is not locked: a trigger would wait for whatever the holder is writing, a long plan for instance.
 */
export async function admit(
  trx: Knex.Transaction,
  workspaceId: string,
  syncId: string,
): Promise<LeaseHolder | null> {
  const found = await giveLease(trx, syncId);
  if (found !== 'no_lease') return found;
  // The first run of the sync.
  await trx.raw(`INSERT INTO sync_leases (sync_id, workspace_id) VALUES (?, ?) ON CONFLICT DO NOTHING`, [
    syncId,
    workspaceId,
  ]);
  const given = await giveLease(trx, syncId);
  return given === 'no_lease' ? null : given;
}

async function giveLease(trx: Knex.Transaction, syncId: string): Promise<LeaseHolder | null | 'no_lease'> {
  const { rows } = await trx.raw<{ rows: { id: string | null; workflow_id: string | null }[] }>(
    `WITH head AS (
       SELECT id FROM runs WHERE sync_id = :syncId AND status IN ('queued', 'running') ORDER BY queue_no LIMIT 1),
     given AS (
       UPDATE sync_leases SET run_id = head.id FROM head
       WHERE sync_leases.sync_id = :syncId AND sync_leases.run_id IS NULL
       RETURNING sync_leases.workspace_id, sync_leases.sync_id, sync_leases.run_id),
     told AS (${eventInsert('run_admitted', 'given')})
     SELECT r.id, r.workflow_id FROM sync_leases l LEFT JOIN given ON true
     LEFT JOIN runs r ON r.id = coalesce(given.run_id, l.run_id) WHERE l.sync_id = :syncId`,
    { syncId },
  );
  const [lease] = rows;
  if (!lease) return 'no_lease';
  return lease.id !== null && lease.workflow_id !== null
    ? { runId: lease.id, workflowId: lease.workflow_id }
    : null;
}

/** Raises the epoch of the lease that the run `:runId` holds; gives nothing when it holds none. */
export const epochRaise = `UPDATE sync_leases SET epoch = epoch + 1
  WHERE run_id = :runId AND sync_id = (SELECT sync_id FROM runs WHERE id = :runId)`;

/** Starts a new attempt of the run's work: every older attempt is fenced from here on. */
export async function raiseEpoch(trx: Knex, runId: string): Promise<Fence> {
  const { rows } = await trx.raw<{ rows: { workspace_id: string; sync_id: string; epoch: number }[] }>(
    `${epochRaise} RETURNING workspace_id, sync_id, epoch`,
    { runId },
  );
  const lease = rows[0];
  if (!lease) throw await whyNoLease(trx, runId);
  return { workspaceId: lease.workspace_id, syncId: lease.sync_id, runId, epoch: lease.epoch };
}

/** The error that says why the run holds no lease. */
export async function whyNoLease(trx: Knex, runId: string): Promise<Error> {
  const { rows } = await trx.raw<{ rows: { status: string; completed_at: Date | null }[] }>(
    `SELECT status, completed_at FROM runs WHERE id = ?`,
    [runId],
  );
  const run = rows[0];
  if (!run) return new RunNotFoundError(`run ${runId} does not exist`);
  if (run.completed_at) return new RunAlreadyClosedError(`run ${runId} is already ${run.status}`);
  return new FencedError(`run ${runId} does not hold its sync's lease`);
}

/**
 * Runs `work` in a transaction that first locks the lease row against closers and newer attempts.
 * A plain check would let a dead attempt commit after the run was closed.
 */
export async function fenced<Result>(
  knex: Knex,
  fence: Fence,
  work: (trx: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  return knex.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: unknown[] }>(
      `SELECT 1 FROM sync_leases WHERE sync_id = ? AND run_id = ? AND epoch = ? FOR SHARE`,
      [fence.syncId, fence.runId, fence.epoch],
    );
    if (rows.length === 0) throw overtaken(fence);
    return work(trx);
  });
}

/**
 * `fenced` for work that is one statement and needs no transaction around it: `parts` are further CTEs, each of which
 * takes its row from `fence` (workspace_id, sync_id, run_id, epoch), and so does nothing once the attempt was overtaken.
 * They see the tables as they were before the lock was had: what they change must be this attempt's own.
 */
export async function fencedStatement(
  knex: Knex,
  fence: Fence,
  parts: readonly string[],
  bindings: Readonly<Record<string, Knex.RawBinding>> = {},
): Promise<void> {
  const { rows } = await knex.raw<{ rows: unknown[] }>(
    `WITH fence AS (
       SELECT workspace_id, sync_id, run_id, epoch FROM sync_leases
       WHERE sync_id = :fenceSync AND run_id = :fenceRun AND epoch = :fenceEpoch FOR SHARE),
     ${parts.join(',\n')}
     SELECT 1 FROM fence`,
    { ...bindings, fenceSync: fence.syncId, fenceRun: fence.runId, fenceEpoch: fence.epoch },
  );
  if (rows.length === 0) throw overtaken(fence);
}

function overtaken(fence: Fence): FencedError {
  return new FencedError(`attempt ${fence.epoch} of run ${fence.runId} was overtaken`);
}
