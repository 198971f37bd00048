// Owns reading the versions of a model: what each held, who wrote it, and what stood before it. Changes none.
import type { Knex } from 'knex';
import { type Author, authorSql } from '../configuration/author';
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
  sql_before: string | null;
  row_key_before: string[];
  columns_before: StoredColumn[];
}

/** Versions of the model, newest first. */
export async function modelVersions(
  knex: Knex,
  workspaceId: string,
  modelId: string,
  page: PageRequest,
): Promise<Page<ModelVersion>> {
  const [{ rows }, counted] = await Promise.all([
    knex.raw<{ rows: VersionRow[] }>(
      `SELECT v.version, v.sql, v.row_key, v.columns, v.created_at, ${authorSql('v', 'created_by')},
              b.sql AS sql_before, b.row_key AS row_key_before, b.columns AS columns_before
         FROM model_versions v
         LEFT JOIN model_versions b ON b.model_id = v.model_id AND b.version = v.version - 1
        WHERE v.workspace_id = :workspaceId AND v.model_id = :modelId
        ORDER BY v.version DESC LIMIT :limit OFFSET :offset`,
      { workspaceId, modelId, limit: page.perPage, offset: offsetOf(page) },
    ),
    knex('model_versions')
      .where({ workspace_id: workspaceId, model_id: modelId })
      .count<{ total: number }[]>({ total: '*' }),
  ]);
  return { rows: rows.map(mapRow), total: counted[0]?.total ?? 0 };
}

function mapRow(row: VersionRow): ModelVersion {
  return {
    version: row.version,
    sql: row.sql,
    rowKey: row.row_key,
    columns: row.columns,
    createdAt: row.created_at,
    createdBy: row.created_by,
    before:
      row.sql_before === null
        ? null
        : { sql: row.sql_before, rowKey: row.row_key_before, columns: row.columns_before },
  };
}
