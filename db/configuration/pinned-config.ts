// Owns reading the configuration a run pinned when it started. Does not pin it and opens no secrets.
import type { Knex } from 'knex';
import type { RetryScope, RunKind } from '../../domain/run';
import type { SyncConfig } from '../../domain/sync';
import type { StoredColumn } from './model-store';
import { mapSyncConfig, type SyncConfigRow } from './sync-store';

/** The versions of sync and model that one run works with, whatever has been changed since. */
export interface PinnedConfig {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly kind: RunKind;
  /** The trigger let held deletes through. */
  readonly allowDeletes: boolean;
  /** The run this one retries and which of its rows; null when it retries none. */
  readonly retry: { readonly of: string; readonly scope: RetryScope } | null;
  readonly syncVersion: number;
  readonly sync: SyncConfig;
  readonly modelId: string;
  readonly modelVersion: number;
  readonly sql: string;
  readonly rowKey: readonly string[];
  /** Columns the model had when this version was described. */
  readonly columns: readonly StoredColumn[];
  readonly sourceId: string;
  readonly destinationId: string;
  /** How far the run has come by now: whether its journal and its plan are published. */
  readonly published: { readonly journal: boolean; readonly plan: boolean };
}

interface PinnedRow extends SyncConfigRow {
  workspace_id: string;
  sync_id: string;
  kind: RunKind;
  allow_deletes: boolean;
  retry_of: string | null;
  retry_scope: RetryScope | null;
  sync_version: number;
  model_id: string;
  model_version: number;
  sql: string;
  row_key: string[];
  columns: StoredColumn[];
  source_id: string;
  destination_id: string;
  has_journal: boolean;
  has_plan: boolean;
}

/** The configuration `runId` pinned. Throws when there is no such run or it has not started. */
export async function loadPinnedConfig(knex: Knex, runId: string): Promise<PinnedConfig> {
  const answer: { rows: PinnedRow[] } = await knex.raw(
    `SELECT runs.workspace_id, runs.sync_id, runs.kind, runs.allow_deletes, runs.retry_of, runs.retry_scope,
            runs.sync_version, runs.model_version,
            sync_versions.mode, sync_versions.mapping, sync_versions.object, sync_versions.settings,
            syncs.model_id, syncs.destination_id, models.source_id,
            model_versions.sql, model_versions.row_key, model_versions.columns,
            EXISTS (SELECT 1 FROM journals WHERE run_id = runs.id AND published_at IS NOT NULL) AS has_journal,
            EXISTS (SELECT 1 FROM change_plans WHERE run_id = runs.id) AS has_plan
       FROM runs
       JOIN syncs ON syncs.id = runs.sync_id
       JOIN models ON models.id = syncs.model_id
       JOIN sync_versions ON sync_versions.sync_id = runs.sync_id AND sync_versions.version = runs.sync_version
       JOIN model_versions ON model_versions.model_id = syncs.model_id AND model_versions.version = runs.model_version
      WHERE runs.id = ?`,
    [runId],
  );
  const row = answer.rows[0];
  if (!row) throw new Error(`run ${runId} has pinned no configuration: it does not exist or has not started`);
  return {
    workspaceId: row.workspace_id,
    syncId: row.sync_id,
    kind: row.kind,
    allowDeletes: row.allow_deletes,
    retry: row.retry_of && row.retry_scope ? { of: row.retry_of, scope: row.retry_scope } : null,
    syncVersion: row.sync_version,
    sync: mapSyncConfig(row),
    modelId: row.model_id,
    modelVersion: row.model_version,
    sql: row.sql,
    rowKey: row.row_key,
    columns: row.columns,
    sourceId: row.source_id,
    destinationId: row.destination_id,
    published: { journal: row.has_journal, plan: row.has_plan },
  };
}
