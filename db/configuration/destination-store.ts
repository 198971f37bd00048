// Owns the table destinations. Does not connect to a destination and does not check its config.
import type { Knex } from 'knex';
import type { SecretKey } from '../seal';
import { ConnectionStore, type StoredConnection } from './connection-store';

export type StoredDestination = StoredConnection;

export class DestinationStore extends ConnectionStore {
  constructor(knex: Knex, secretKey: SecretKey) {
    super(knex, secretKey, 'destinations');
  }
}
