// Makes alert channels for tests; what they point to need not exist.
import type { Knex } from 'knex';
import { newId } from '../../db/new-id';
import { uniqueSuffix } from './a-workspace';

/** An enabled webhook of the workspace without secrets; returns its id. */
export async function anAlertChannel(
  knex: Knex,
  workspaceId: string,
  given: { readonly enabled?: boolean } = {},
): Promise<string> {
  const id = newId('channel');
  await knex('alert_channels').insert({
    id,
    workspace_id: workspaceId,
    name: `Channel ${uniqueSuffix()}`,
    kind: 'webhook',
    config: JSON.stringify({ url: 'https://hooks.invalid/' }),
    enabled: given.enabled ?? true,
  });
  return id;
}
