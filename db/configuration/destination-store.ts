// Owns the table destinations. Does not connect to a destination and does not check its config.
import type { Knex } from 'knex';
import type { Page, PageRequest } from '../page';
import {
  ConnectionTable,
  type NameFilter,
  type NewConnection,
  type OpenedConnection,
  type StoredConnection,
} from './connection-table';

export type StoredDestination = StoredConnection;

/** Destinations of a workspace; every method answers for that workspace alone. */
export class DestinationStore {
  private readonly table: ConnectionTable;

  /** `secretKey` is 32 bytes and seals what is stored. */
  constructor(knex: Knex, secretKey: Buffer) {
    this.table = new ConnectionTable(knex, secretKey, 'destinations');
  }

  /** Stores a new destination, its secrets sealed. Throws NameTakenError. */
  create(input: NewConnection): Promise<StoredDestination> {
    return this.table.create(input);
  }

  find(workspaceId: string, destinationId: string): Promise<StoredDestination | null> {
    return this.table.find(workspaceId, destinationId);
  }

  list(workspaceId: string, filter: NameFilter, page: PageRequest): Promise<Page<StoredDestination>> {
    return this.table.list(workspaceId, filter, page);
  }

  /** What the destination's connector is opened with, secrets in clear. Throws when it is not there, or SealBrokenError. */
  async connection(workspaceId: string, destinationId: string): Promise<OpenedConnection> {
    const opened = await this.table.open(workspaceId, destinationId);
    if (!opened) throw new Error(`destination ${destinationId} is not in workspace ${workspaceId}`);
    return opened;
  }
}
