// Owns the table sources. Does not connect to a source and does not check its config.
import type { Knex } from 'knex';
import type { SecretKey } from '../seal';
import { ConnectionStore, type StoredConnection } from './connection-store';

export type StoredSource = StoredConnection;

export class SourceStore extends ConnectionStore {
  constructor(knex: Knex, secretKey: SecretKey) {
    super(knex, secretKey, 'sources');
  }
}
