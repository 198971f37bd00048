// Owns the row lock of a sync, under which its queue, its lease, its pause and its deletion change.
import type { Knex } from 'knex';
import type { OverlapPolicy } from '../../domain/schedule';

/** Thrown when the sync is not there (or deleted, or another workspace's). */
export class SyncNotFoundError extends Error {
  override readonly name = 'SyncNotFoundError';
}

export interface SyncPlace {
  readonly workspaceId: string;
  readonly syncId: string;
}

/** What a caller may need of the sync it has locked. */
export interface LockedSync {
  readonly overlap_policy: OverlapPolicy;
  readonly paused_at: Date | null;
  readonly pause_note: string | null;
  readonly deleted_at: Date | null;
}

/** Throws SyncNotFoundError, also for a deleted sync. */
export async function lockSync(trx: Knex.Transaction, place: SyncPlace): Promise<LockedSync> {
  const sync = await lockAnySync(trx, place);
  if (!sync || sync.deleted_at) throw new SyncNotFoundError(`sync ${place.syncId} does not exist`);
  return sync;
}

/** A deleted sync too; null when there never was one. */
export async function lockAnySync(
  trx: Knex.Transaction,
  { workspaceId, syncId }: SyncPlace,
): Promise<LockedSync | null> {
  // NO KEY, as every event of a run that works holds a key share of this row while its writer holds the lease: the plain
  // lock would deadlock.
  const { rows } = await trx.raw<{ rows: LockedSync[] }>(
    `SELECT overlap_policy, paused_at, pause_note, deleted_at FROM syncs
     WHERE workspace_id = ? AND id = ? FOR NO KEY UPDATE`,
    [workspaceId, syncId],
  );
  return rows[0] ?? null;
}
