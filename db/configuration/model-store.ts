// Owns the tables models and model_versions. Does not run or parse a model's SQL.
import type { Knex } from 'knex';
import { newId } from '../new-id';
import { offsetOf, type Page, type PageRequest } from '../page';
import type { NameFilter } from './connection-store';
import { withUniqueName } from './name-taken';

/** One column of a model's result when it was described; `type` is the source's own name for it. */
export interface StoredColumn {
  readonly name: string;
  readonly type: string;
}

interface ModelRow {
  id: string;
  workspace_id: string;
  name: string;
  source_id: string;
  version: number;
  sql: string;
  row_key: string[];
  columns: StoredColumn[];
  created_at: Date;
  updated_at: Date;
}

/** A model with its current version. */
export interface StoredModel {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly sourceId: string;
  readonly version: number;
  readonly sql: string;
  readonly rowKey: readonly string[];
  readonly columns: readonly StoredColumn[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type NewModel = Omit<StoredModel, 'id' | 'version' | 'createdAt' | 'updatedAt'>;

export class ModelStore {
  constructor(private readonly knex: Knex) {}

  /** Stores a model as version 1. Throws NameTakenError. */
  async create(input: NewModel): Promise<StoredModel> {
    const { workspaceId, name, sourceId, sql, rowKey, columns } = input;
    const id = newId('model');
    return withUniqueName(name, () =>
      this.knex.transaction(async (trx) => {
        const [row] = await trx('models')
          .insert({ id, workspace_id: workspaceId, name, source_id: sourceId })
          .returning(['id', 'workspace_id', 'name', 'source_id', 'version', 'created_at', 'updated_at']);
        await trx('model_versions').insert({
          model_id: id,
          version: row.version,
          workspace_id: workspaceId,
          sql,
          row_key: [...rowKey],
          columns: JSON.stringify(columns),
        });
        return mapRow({ ...row, sql, row_key: [...rowKey], columns: [...columns] });
      }),
    );
  }

  async find(workspaceId: string, modelId: string): Promise<StoredModel | null> {
    const row: ModelRow | undefined = await this.current(workspaceId).where('models.id', modelId).first();
    return row ? mapRow(row) : null;
  }

  /** In order of creation. */
  async list(workspaceId: string, filter: NameFilter, page: PageRequest): Promise<Page<StoredModel>> {
    const counting = this.knex('models').where({ workspace_id: workspaceId });
    const matching = this.current(workspaceId);
    if (filter.name !== undefined) {
      void counting.where({ name: filter.name });
      void matching.where('models.name', filter.name);
    }
    const [rows, counted] = await Promise.all([
      matching.orderBy(['models.created_at', 'models.id']).limit(page.perPage).offset(offsetOf(page)),
      counting.count<{ total: number }[]>({ total: '*' }),
    ]);
    return { rows: rows.map(mapRow), total: counted[0]?.total ?? 0 };
  }

  private current(workspaceId: string): Knex.QueryBuilder<ModelRow, ModelRow[]> {
    return this.knex('models')
      .join('model_versions as current', (on) =>
        on.on('current.model_id', 'models.id').andOn('current.version', 'models.version'),
      )
      .where('models.workspace_id', workspaceId)
      .select('models.*', 'current.sql', 'current.row_key', 'current.columns') as Knex.QueryBuilder<
      ModelRow,
      ModelRow[]
    >;
  }
}

function mapRow(row: ModelRow): StoredModel {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    sourceId: row.source_id,
    version: row.version,
    sql: row.sql,
    rowKey: row.row_key,
    columns: row.columns,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
