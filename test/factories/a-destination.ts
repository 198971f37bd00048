// Makes stored destinations for tests; what they point to need not exist.
import type { Knex } from 'knex';
import { DestinationStore, type StoredDestination } from '../../db/configuration/destination-store';
import { aWorkspace, testSecretKey, uniqueSuffix } from './a-workspace';

export interface DestinationOverrides {
  readonly workspaceId?: string;
  readonly name?: string;
  readonly kind?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
}

/** An http destination unless told otherwise, in a workspace of its own unless one is named. */
export async function aDestination(
  knex: Knex,
  overrides: DestinationOverrides = {},
): Promise<StoredDestination> {
  return new DestinationStore(knex, testSecretKey).create({
    workspaceId: overrides.workspaceId ?? (await aWorkspace(knex)).id,
    name: overrides.name ?? `Destination ${uniqueSuffix()}`,
    kind: overrides.kind ?? 'http',
    config: overrides.config ?? { url: 'https://crm.invalid/api/contacts/batch' },
    secrets: overrides.secrets ?? { headers: { Authorization: 'Bearer not-a-secret' } },
  });
}
