// Owns telling whether the rows of an ended run can still be found by key under today's configuration.
import type { Knex } from 'knex';
import type { StoredColumn } from '../configuration/model-store';
import { defaultSettings, type SyncSettings } from '../../domain/sync';
import { isIndexGone } from './kept-index';
import type { ScopeSource } from './retry-scope';

/** Thrown when a retry's rows cannot be told any more: sending the others, or none, would be a guess. */
export class RetryScopeLostError extends Error {
  override readonly name = 'RetryScopeLostError';
}

/** Versions of sync and model a retry would work with. */
export interface RetryVersions {
  readonly syncVersion: number;
  readonly modelVersion: number;
}

interface KeyRow {
  row_key: string[];
  columns: StoredColumn[];
  settings: Partial<SyncSettings>;
}

/** Why the scope cannot be used with these versions, in words for a person; null when it can. */
export async function lostScope(
  knex: Knex,
  source: ScopeSource,
  versions: RetryVersions,
): Promise<string | null> {
  const { rows } = await knex.raw<{ rows: KeyRow[] }>(
    `SELECT m.row_key, m.columns, v.settings
     FROM runs r JOIN syncs s ON s.id = r.sync_id
     CROSS JOIN LATERAL (VALUES (0, r.sync_version, r.model_version), (1, ?::integer, ?::integer))
       AS pin (place, sync_version, model_version)
     JOIN sync_versions v ON v.sync_id = s.id AND v.version = pin.sync_version
     JOIN model_versions m ON m.model_id = s.model_id AND m.version = pin.model_version
     WHERE r.id = ? ORDER BY pin.place`,
    [versions.syncVersion, versions.modelVersion, source.runId],
  );
  const [then, now] = rows;
  if (!then || !now) return 'the run never started, or its configuration is gone';
  if (keyOf(then) !== keyOf(now)) return 'the row key has changed since that run';
  if (keyMatchOf(then) !== keyMatchOf(now)) return 'the way row keys are compared has changed since that run';
  if (await isIndexGone(knex, source.runId, source.scope)) return 'the journal of that run is gone';
  return source.within && lostScope(knex, source.within, versions);
}

/** Columns of the row key with their types: either one changed, the same row has another key. */
function keyOf({ row_key: rowKey, columns }: KeyRow): string {
  return JSON.stringify(rowKey.map((name) => columns.find((column) => column.name === name) ?? name));
}

function keyMatchOf({ settings }: KeyRow): string {
  return settings.keyMatch ?? defaultSettings.keyMatch;
}
