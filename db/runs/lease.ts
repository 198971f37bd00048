// Owns the lease of a sync: who may run it now, who is next, and the fence that stops attempts that were overtaken.
import type { Knex } from 'knex';
import { writeEvent } from './run-events';

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
  await trx.raw(`INSERT INTO sync_leases (sync_id, workspace_id) VALUES (?, ?) ON CONFLICT DO NOTHING`, [
    syncId,
    workspaceId,
  ]);
  const { rows } = await trx.raw<{ rows: { run_id: string | null }[] }>(
    `SELECT run_id FROM sync_leases WHERE sync_id = ?`,
    [syncId],
  );
  const held = rows[0]?.run_id ?? null;
  const { rows: found } = await trx.raw<{ rows: { id: string; workflow_id: string }[] }>(
    held
      ? `SELECT id, workflow_id FROM runs WHERE id = ?`
      : `SELECT id, workflow_id FROM runs WHERE sync_id = ? AND status IN ('queued', 'running') ORDER BY queue_no LIMIT 1`,
    [held ?? syncId],
  );
  const holder = found[0];
  if (!holder) return null;
  if (!held) {
    await trx.raw(`UPDATE sync_leases SET run_id = ? WHERE sync_id = ?`, [holder.id, syncId]);
    await writeEvent(trx, { workspaceId, syncId, runId: holder.id }, 'run_admitted');
  }
  return { runId: holder.id, workflowId: holder.workflow_id };
}

/** Starts a new attempt of the run's work: every older attempt is fenced from here on. */
export async function raiseEpoch(trx: Knex.Transaction, runId: string): Promise<Fence> {
  const { rows } = await trx.raw<{ rows: { workspace_id: string; sync_id: string; epoch: number }[] }>(
    `UPDATE sync_leases SET epoch = epoch + 1
     WHERE run_id = ? AND sync_id = (SELECT sync_id FROM runs WHERE id = ?)
     RETURNING workspace_id, sync_id, epoch`,
    [runId, runId],
  );
  const lease = rows[0];
  if (!lease) throw await whyNoLease(trx, runId);
  return { workspaceId: lease.workspace_id, syncId: lease.sync_id, runId, epoch: lease.epoch };
}

async function whyNoLease(trx: Knex.Transaction, runId: string): Promise<Error> {
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
 * `fenced` for one statement that changes rows: one round trip instead of four. It must join its rows to the relation
 * `lease`, whose one row is locked before any of them; without that row it changes nothing.
 */
export async function fencedStatement(
  knex: Knex,
  fence: Fence,
  statement: string,
  bindings: readonly Knex.RawBinding[],
): Promise<void> {
  const { rows } = await knex.raw<{ rows: { held: number }[] }>(
    `WITH lease AS MATERIALIZED (
       SELECT 1 FROM sync_leases WHERE sync_id = ? AND run_id = ? AND epoch = ? FOR SHARE
     ), done AS (${statement})
     SELECT count(*)::int AS held FROM lease`,
    [fence.syncId, fence.runId, fence.epoch, ...bindings],
  );
  if (rows[0]?.held !== 1) throw overtaken(fence);
}

function overtaken(fence: Fence): FencedError {
  return new FencedError(`attempt ${fence.epoch} of run ${fence.runId} was overtaken`);
}
