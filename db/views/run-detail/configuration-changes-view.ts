// Owns what changed in the configuration between two runs of a sync, read from the versions they pinned.
import type { Knex } from 'knex';
import {
  type ConfigurationChanges,
  configurationChanges,
  noChanges,
  type RunConfiguration,
} from '../../../domain/configuration-changes';
import type { StoredColumn } from '../../configuration/model-store';
import { mapSyncConfig, type SyncConfigRow } from '../../configuration/sync-store';

/** The versions a run pinned when it started. */
export interface PinnedVersions {
  readonly sync: number;
  readonly model: number;
}

interface SyncVersionRow extends SyncConfigRow {
  version: number;
}

interface ModelVersionRow {
  version: number;
  sql: string;
  row_key: string[];
  columns: StoredColumn[];
}

/** What `now` has otherwise than `before`; null when a version of theirs is not kept any more. */
export async function changesBetween(
  knex: Knex,
  { workspaceId, syncId }: { readonly workspaceId: string; readonly syncId: string },
  before: PinnedVersions,
  now: PinnedVersions,
): Promise<ConfigurationChanges | null> {
  // The usual case asks nothing.
  if (before.sync === now.sync && before.model === now.model) return noChanges;
  const model = knex('syncs').where({ workspace_id: workspaceId, id: syncId }).select('model_id');
  const [syncRows, modelRows] = await Promise.all([
    knex('sync_versions')
      .where({ workspace_id: workspaceId, sync_id: syncId })
      .whereIn('version', [before.sync, now.sync])
      .select<SyncVersionRow[]>('version', 'mode', 'mapping', 'object', 'settings'),
    knex('model_versions')
      .where({ workspace_id: workspaceId })
      .whereIn('model_id', model)
      .whereIn('version', [before.model, now.model])
      .select<ModelVersionRow[]>('version', 'sql', 'row_key', 'columns'),
  ]);
  const [had, has] = [before, now].map((versions) => configurationOf(versions, syncRows, modelRows));
  return had && has ? configurationChanges(had, has) : null;
}

function configurationOf(
  versions: PinnedVersions,
  syncRows: readonly SyncVersionRow[],
  modelRows: readonly ModelVersionRow[],
): RunConfiguration | null {
  const sync = syncRows.find(({ version }) => version === versions.sync);
  const model = modelRows.find(({ version }) => version === versions.model);
  if (!sync || !model) return null;
  return { sync: mapSyncConfig(sync), sql: model.sql, rowKey: model.row_key, columns: model.columns };
}
