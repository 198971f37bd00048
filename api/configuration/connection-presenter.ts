// Owns how sources and destinations look on the wire: everything but their secrets.
import type { StoredConnection } from '../../db/configuration/connection-store';
import { hidden, isCredential, withoutCredentials } from '../../domain/credentials';
import { presentAuthor } from './author-presenter';
import { configurationEtag } from './configuration-etag';
import { wireTime } from '../wire-time';

/** A source or destination; of its secrets only whether there are any. */
export function presentConnection(connection: StoredConnection): object {
  return {
    id: connection.id,
    name: connection.name,
    kind: connection.kind,
    config: shownConfig(connection.config),
    secrets: { configured: connection.hasSecrets },
    created_at: wireTime(connection.createdAt),
    created_by: presentAuthor(connection.createdBy),
    updated_at: wireTime(connection.updatedAt),
    updated_by: presentAuthor(connection.updatedBy),
  };
}

/** The same as an answer of its own, with the ETag of this state of it. */
export function connectionAnswer(connection: StoredConnection): { body: object; etag: string } {
  const body = presentConnection(connection);
  return { body, etag: configurationEtag(connection.revision, body) };
}

// What an HTTP destination was stored with may carry credentials, from before that was refused.
function shownConfig(config: StoredConnection['config']): object {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, shownMember(key, value)]));
}

function shownMember(key: string, value: unknown): unknown {
  if (typeof value === 'string' && (key === 'url' || key === 'delete_url')) return withoutCredentials(value);
  if (key !== 'headers') return value;
  const headers = Object.entries(value as Record<string, string>);
  return Object.fromEntries(
    headers.map(([name, text]) => [name, isCredential(name, text) ? hidden(text) : text]),
  );
}
