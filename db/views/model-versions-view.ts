// Owns reading the versions of a model: what each held, who wrote it, and what stood before it. Changes none.
import type { Knex } from 'knex';
import { type Author, authorIn } from '../configuration/author';
import type { ModelContent, StoredColumn } from '../configuration/model-store';
import { offsetOf, type Page, type PageRequest } from '../page';

export interface ModelVersion extends ModelContent {
  readonly version: number;
  readonly createdAt: Date;
  readonly createdBy: Author | null;
  /** What the version before it held; null for the first. */
  readonly before: ModelContent | null;
}

interface VersionRow {
  version: number;
  sql: string;
  row_key: string[];
  columns: StoredColumn[];
  created_at: Date;
  created_by: Author | null;
}

/** Versions of the model, newest first. */
export async function modelVersions(
  knex: Knex,
  workspaceId: string,
  modelId: string,
  page: PageRequest,
): Promise<Page<ModelVersion>> {
  const [rows, counted] = await Promise.all([
    // One more than is shown: the last one's predecessor.
    versions(knex, workspaceId, modelId)
      .orderBy('v.version', 'desc')
      .limit(page.perPage + 1)
      .offset(offsetOf(page)),
    knex('model_versions')
      .where({ workspace_id: workspaceId, model_id: modelId })
      .count<{ total: number }[]>({ total: '*' }),
  ]);
  const shown = rows.slice(0, page.perPage).map((row, at) => mapRow(row, rows[at + 1]));
  return { rows: shown, total: counted[0]?.total ?? 0 };
}

/** Null: there is no such version, or no such model. */
export async function findModelVersion(
  knex: Knex,
  workspaceId: string,
  modelId: string,
  version: number,
): Promise<ModelVersion | null> {
  const [row, before] = await versions(knex, workspaceId, modelId)
    .whereIn('v.version', [version, version - 1])
    .orderBy('v.version', 'desc');
  return row?.version === version ? mapRow(row, before) : null;
}

function versions(
  knex: Knex,
  workspaceId: string,
  modelId: string,
): Knex.QueryBuilder<VersionRow, VersionRow[]> {
  return knex('model_versions as v')
    .where({ 'v.workspace_id': workspaceId, 'v.model_id': modelId })
    .select(
      'v.version',
      'v.sql',
      'v.row_key',
      'v.columns',
      'v.created_at',
      authorIn(knex, 'v', 'created_by'),
    ) as Knex.QueryBuilder<VersionRow, VersionRow[]>;
}

function mapRow(row: VersionRow, before: VersionRow | undefined): ModelVersion {
  return {
    version: row.version,
    ...contentOf(row),
    createdAt: row.created_at,
    createdBy: row.created_by,
    before: before ? contentOf(before) : null,
  };
}

function contentOf({ sql, row_key: rowKey, columns }: VersionRow): ModelContent {
  return { sql, rowKey, columns };
}
