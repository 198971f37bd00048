// Makes stored syncs for tests, with everything they need around them.
import type { Knex } from 'knex';
import { type NewSync, type StoredSync, SyncStore } from '../../db/configuration/sync-store';
import { aDestination } from './a-destination';
import { aModel } from './a-model';
import { aWorkspace, uniqueSuffix } from './a-workspace';

/** An upsert of users into a CRM; workspace, model and destination are made unless they are named. */
export async function aSync(knex: Knex, overrides: Partial<NewSync> = {}): Promise<StoredSync> {
  const workspaceId = overrides.workspaceId ?? (await aWorkspace(knex)).id;
  return new SyncStore(knex).create({
    workspaceId,
    name: `Sync ${uniqueSuffix()}`,
    modelId: overrides.modelId ?? (await aModel(knex, { workspaceId })).id,
    destinationId: overrides.destinationId ?? (await aDestination(knex, { workspaceId })).id,
    mode: 'upsert',
    mapping: [
      { column: 'id', field: 'External_Id__c' },
      { column: 'email', field: 'Email' },
      { column: 'last_name', field: 'LastName' },
    ],
    object: {},
    settings: {},
    createdBy: null,
    ...overrides,
  });
}
