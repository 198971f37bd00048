// Owns the table destinations. Does not connect to a destination and does not check its config.
import type { Knex } from 'knex';
import type { SecretKey } from '../seal';
import { type ConnectionChange, ConnectionStore, type StoredConnection } from './connection-store';
import type { RevisionPlace, User } from './edited';
import { SyncActiveError } from './schedule-store';

export type StoredDestination = StoredConnection;

export class DestinationStore extends ConnectionStore {
  constructor(knex: Knex, secretKey: SecretKey) {
    super(knex, secretKey, 'destinations');
  }

  /**
   * As `update`, for a change of where it leads: a run that has written to one place must not ask another one what became
   * of it. Throws SyncActiveError while a run is on its way to it.
   */
  async move(place: RevisionPlace, change: ConnectionChange): Promise<StoredDestination | null> {
    return this.knex.transaction(async (trx) => {
      const run = await this.runUnderWay(trx, place);
      if (run !== null) throw new SyncActiveError(run);
      return this.updateIn(trx, place, change);
    });
  }

  /** Syncs. */
  protected async users(
    trx: Knex.Transaction,
    workspaceId: string,
    destinationId: string,
    most: number,
  ): Promise<User[]> {
    return trx('syncs')
      .where({ workspace_id: workspaceId, destination_id: destinationId })
      .whereNull('deleted_at')
      .orderBy(['created_at', 'id'])
      .limit(most)
      .select<User[]>('id', 'name');
  }

  // No run of these syncs gets its lease before the transaction has ended: that takes the lock of its sync.
  private async runUnderWay(
    trx: Knex.Transaction,
    { workspaceId, id }: RevisionPlace,
  ): Promise<string | null> {
    await trx.raw(
      `SELECT 1 FROM syncs WHERE workspace_id = ? AND destination_id = ? AND deleted_at IS NULL
       ORDER BY id FOR NO KEY UPDATE`,
      [workspaceId, id],
    );
    const { rows } = await trx.raw<{ rows: { run_id: string }[] }>(
      `SELECT l.run_id FROM syncs s JOIN sync_leases l ON l.sync_id = s.id
       WHERE s.workspace_id = ? AND s.destination_id = ? AND s.deleted_at IS NULL AND l.run_id IS NOT NULL
       ORDER BY l.run_id LIMIT 1`,
      [workspaceId, id],
    );
    return rows[0]?.run_id ?? null;
  }
}
