// Owns what the demo creates through the API: source, model, destination and sync, as a user would. Not its runs.

import type { ApiClient } from './api-client';
import { usersModelSql } from './warehouse';

export interface DemoPlaces {
  readonly warehouseUrl: string;
  readonly crmUrl: string;
  readonly crmApiKey: string;
}

interface Destination {
  readonly id: string;
  readonly name: string;
  readonly config?: { readonly url?: string };
}

export interface DemoSync {
  readonly syncId: string;
  /** The warehouse. */
  readonly sourceId: string;
  /** Where the sync's destination sends to, when the API tells; else null. */
  readonly destinationUrl: string | null;
}

export const demoSyncName = 'Users to CRM';

/** Which column of the model goes to which field of a contact. */
export const demoMapping = [
  { column: 'id', field: 'External_Id__c' },
  { column: 'email', field: 'Email' },
  { column: 'first_name', field: 'FirstName' },
  { column: 'last_name', field: 'LastName' },
  { column: 'company', field: 'Company' },
  { column: 'plan', field: 'Plan__c' },
  { column: 'lifetime_value', field: 'Lifetime_Value__c' },
  { column: 'description', field: 'Description__c' },
  { column: 'last_seen_at', field: 'Last_Seen__c' },
] as const;

/** How the CRM answers for each row of a call, as the configuration of a destination tells it. */
export const crmResponse = {
  results_field: 'results',
  match_by: 'index',
  status_field: 'status',
  created_values: ['created'],
  updated_values: ['updated'],
  deleted_values: ['deleted'],
  skipped_values: ['not_found'],
  errors_field: 'errors',
  message_field: 'message',
  field_field: 'field',
  code_field: 'code',
} as const;

/** Finds the demo's sync by name, or creates it and whatever of its parts is not there yet. */
export async function findOrMakeDemoSync(api: ApiClient, places: DemoPlaces): Promise<DemoSync> {
  const source = await api.findOrMake('/sources', 'Warehouse', {
    kind: 'postgres',
    config: { url: places.warehouseUrl },
  });
  const model = await api.findOrMake('/models', 'Users', {
    source_id: source.id,
    sql: usersModelSql,
    row_key: ['id'],
  });
  const destination = await api.findOrMake<Destination>('/destinations', 'Demo CRM', crmDestination(places));
  const sync = await api.findOrMake('/syncs', demoSyncName, {
    model_id: model.id,
    destination_id: destination.id,
    mode: 'upsert',
    mapping: demoMapping,
  });
  return { syncId: sync.id, sourceId: source.id, destinationUrl: destination.config?.url ?? null };
}

/** Address the CRM takes batches of contacts at. */
export function contactsBatchUrl(crmUrl: string): string {
  return `${crmUrl}/api/contacts/batch`;
}

function crmDestination({ crmUrl, crmApiKey }: DemoPlaces) {
  return {
    kind: 'http',
    config: {
      url: contactsBatchUrl(crmUrl),
      method: 'POST',
      delete_url: `${crmUrl}/api/contacts/delete`,
      // Half of what the CRM takes in one call: small enough to show progress, large enough to be quick.
      batch_rows: 500,
      // Three calls at once keep a CRM on one core busy without queueing there.
      concurrency: 3,
      // A batch takes milliseconds; half a minute of silence means it will not be answered.
      timeout_seconds: 30,
      request: { rows_field: 'records' },
      response: crmResponse,
    },
    secrets: { headers: { Authorization: `Bearer ${crmApiKey}` } },
  };
}
