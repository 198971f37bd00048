// Makes stored destinations for tests; what they point to need not exist.
import type { Knex } from 'knex';
import { DestinationStore, type StoredDestination } from '../../db/configuration/destination-store';
import { httpConfig } from '../../api/destinations/http-schema';
import { aWorkspace, testSecretKey, uniqueSuffix } from './a-workspace';

const crmUrl = 'https://crm.invalid/api/contacts/batch';
const crmSecrets = { headers: { Authorization: 'Bearer not-a-secret' } };
const databaseUrl = 'postgres://writer:not-a-secret@db.invalid:5432/crm';
const database = {
  host: 'db.invalid',
  port: 5432,
  database: 'crm',
  user: 'writer',
  atomic_rows: 100_000,
  lanes: 4,
};

export interface DestinationOverrides {
  readonly workspaceId?: string;
  readonly name?: string;
  readonly kind?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
}

/**
 * An http destination unless told otherwise, in a workspace of its own unless one is named; its config whole, as the API
 * stores it.
 */
export async function aDestination(
  knex: Knex,
  overrides: DestinationOverrides = {},
): Promise<StoredDestination> {
  const { kind = 'http', config } = overrides;
  const isHttp = kind === 'http';
  return new DestinationStore(knex, testSecretKey).create({
    workspaceId: overrides.workspaceId ?? (await aWorkspace(knex)).id,
    name: overrides.name ?? `Destination ${uniqueSuffix()}`,
    kind,
    config: isHttp ? httpConfig.parse({ url: crmUrl, ...config }) : { ...database, ...config },
    secrets: overrides.secrets ?? (isHttp ? crmSecrets : { url: databaseUrl }),
  });
}
