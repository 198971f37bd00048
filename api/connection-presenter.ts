// Owns how sources and destinations look on the wire: everything but their secrets.
import type { StoredConnection } from '../db/configuration/connection-store';
import { wireTime } from './wire-time';

/** A source or destination; of its secrets only whether there are any. */
export function presentConnection(connection: StoredConnection): object {
  return {
    id: connection.id,
    name: connection.name,
    kind: connection.kind,
    config: connection.config,
    secrets: { configured: connection.hasSecrets },
    created_at: wireTime(connection.createdAt),
    updated_at: wireTime(connection.updatedAt),
  };
}
