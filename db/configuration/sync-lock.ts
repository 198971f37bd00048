// Owns the row lock of a sync, under which its queue, its lease, its pause and its deletion change.
import type { Knex } from 'knex';

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
  readonly paused_at: Date | null;
  readonly pause_note: string | null;
}

/** Throws SyncNotFoundError, also for a deleted sync. */
export async function lockSync(
  trx: Knex.Transaction,
  { workspaceId, syncId }: SyncPlace,
): Promise<LockedSync> {
  // NO KEY, as every event of a run that works holds a key share of this row while its writer holds the lease: the plain
  // lock would deadlock.
  const { rows } = await trx.raw<{ rows: LockedSync[] }>(
    `SELECT paused_at, pause_note FROM syncs WHERE workspace_id = ? AND id = ? AND deleted_at IS NULL FOR NO KEY UPDATE`,
    [workspaceId, syncId],
  );
  if (!rows[0]) throw new SyncNotFoundError(`sync ${syncId} does not exist`);
  return rows[0];
}
