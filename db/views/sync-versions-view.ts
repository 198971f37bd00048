// Owns reading the versions of a sync's configuration, newest first, each beside the one before it.
import type { Knex } from 'knex';
import { type Author, authorIn } from '../configuration/author';
import type { SyncPlace } from '../configuration/sync-lock';
import { mapSyncConfig, type SyncConfigRow } from '../configuration/sync-store';
import { offsetOf, type Page, type PageRequest } from '../page';
import type { SyncConfig } from '../../domain/sync';

export interface SyncVersionView {
  readonly version: number;
  readonly config: SyncConfig;
  /** Null: it is the first one. */
  readonly previous: SyncConfig | null;
  readonly createdAt: Date;
  /** Null: no token did. */
  readonly createdBy: Author | null;
}

interface VersionRow extends SyncConfigRow {
  version: number;
  created_at: Date;
  created_by: Author | null;
}

/** The sync itself is not checked. */
export async function syncVersions(
  knex: Knex,
  place: SyncPlace,
  page: PageRequest,
): Promise<Page<SyncVersionView>> {
  const [rows, counted] = await Promise.all([
    // One more than is shown: the last one's predecessor.
    versions(knex, place)
      .orderBy('v.version', 'desc')
      .limit(page.perPage + 1)
      .offset(offsetOf(page)),
    knex('sync_versions')
      .where({ workspace_id: place.workspaceId, sync_id: place.syncId })
      .count<{ total: number }[]>({ total: '*' }),
  ]);
  const shown = rows.slice(0, page.perPage).map((row, at) => mapRow(row, rows[at + 1]));
  return { rows: shown, total: counted[0]?.total ?? 0 };
}

/** Null: there is no such version, or no such sync. */
export async function findSyncVersion(
  knex: Knex,
  place: SyncPlace,
  version: number,
): Promise<SyncVersionView | null> {
  const [row, before] = await versions(knex, place)
    .whereIn('v.version', [version, version - 1])
    .orderBy('v.version', 'desc');
  return row?.version === version ? mapRow(row, before) : null;
}

function versions(
  knex: Knex,
  { workspaceId, syncId }: SyncPlace,
): Knex.QueryBuilder<VersionRow, VersionRow[]> {
  return knex('sync_versions as v')
    .where({ 'v.workspace_id': workspaceId, 'v.sync_id': syncId })
    .select(
      'v.version',
      'v.mode',
      'v.mapping',
      'v.object',
      'v.settings',
      'v.created_at',
      authorIn(knex, 'v', 'created_by'),
    ) as Knex.QueryBuilder<VersionRow, VersionRow[]>;
}

function mapRow(row: VersionRow, before: VersionRow | undefined): SyncVersionView {
  return {
    version: row.version,
    config: mapSyncConfig(row),
    previous: before ? mapSyncConfig(before) : null,
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}
