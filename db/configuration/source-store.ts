// Owns the table sources. Does not connect to a source and does not check its config.
import type { Knex } from 'knex';
import type { SecretKey } from '../seal';
import { ConnectionStore, type StoredConnection } from './connection-store';
import type { User } from './edited';

export type StoredSource = StoredConnection;

export class SourceStore extends ConnectionStore {
  constructor(knex: Knex, secretKey: SecretKey) {
    super(knex, secretKey, 'sources');
  }

  /** Models. */
  protected async users(
    trx: Knex.Transaction,
    workspaceId: string,
    sourceId: string,
    most: number,
  ): Promise<User[]> {
    return trx('models')
      .where({ workspace_id: workspaceId, source_id: sourceId })
      .whereNull('deleted_at')
      .orderBy(['created_at', 'id'])
      .limit(most)
      .select<User[]>('id', 'name');
  }
}
