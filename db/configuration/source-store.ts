// Owns the table sources. Does not connect to a source and does not check its config.
import type { Knex } from 'knex';
import type { Page, PageRequest } from '../page';
import {
  ConnectionTable,
  type NameFilter,
  type NewConnection,
  type OpenedConnection,
  type StoredConnection,
} from './connection-table';

export type StoredSource = StoredConnection;

/** Sources of a workspace; every method answers for that workspace alone. */
export class SourceStore {
  private readonly table: ConnectionTable;

  /** `secretKey` is 32 bytes and seals what is stored. */
  constructor(knex: Knex, secretKey: Buffer) {
    this.table = new ConnectionTable(knex, secretKey, 'sources');
  }

  /** Stores a new source, its secrets sealed. Throws NameTakenError. */
  create(input: NewConnection): Promise<StoredSource> {
    return this.table.create(input);
  }

  find(workspaceId: string, sourceId: string): Promise<StoredSource | null> {
    return this.table.find(workspaceId, sourceId);
  }

  list(workspaceId: string, filter: NameFilter, page: PageRequest): Promise<Page<StoredSource>> {
    return this.table.list(workspaceId, filter, page);
  }

  /** What the source's connector is opened with, secrets in clear. Throws when it is not there, or SealBrokenError. */
  async connection(workspaceId: string, sourceId: string): Promise<OpenedConnection> {
    const opened = await this.table.open(workspaceId, sourceId);
    if (!opened) throw new Error(`source ${sourceId} is not in workspace ${workspaceId}`);
    return opened;
  }
}
