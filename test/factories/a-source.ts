// Makes stored sources for tests; the database they name need not exist.
import type { Knex } from 'knex';
import { SourceStore, type StoredSource } from '../../db/configuration/source-store';
import { aWorkspace, testSecretKey, uniqueSuffix } from './a-workspace';

export interface SourceOverrides {
  readonly workspaceId?: string;
  readonly name?: string;
  /** Postgres URL; its parts become the config. */
  readonly url?: string;
}

/** A postgres source, in a workspace of its own unless one is named. */
export async function aSource(knex: Knex, overrides: SourceOverrides = {}): Promise<StoredSource> {
  const url = overrides.url ?? 'postgres://reader:not-a-secret@warehouse.invalid:5432/warehouse';
  const parts = new URL(url);
  return new SourceStore(knex, testSecretKey).create({
    workspaceId: overrides.workspaceId ?? (await aWorkspace(knex)).id,
    name: overrides.name ?? `Source ${uniqueSuffix()}`,
    kind: 'postgres',
    config: {
      host: parts.hostname,
      port: Number(parts.port || 5432),
      database: parts.pathname.slice(1),
      user: parts.username,
    },
    secrets: { url },
  });
}
