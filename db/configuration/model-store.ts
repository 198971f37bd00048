// Owns the tables models and model_versions. Does not run or parse a model's SQL.
import type { Knex } from 'knex';
import { newId } from '../new-id';
import { offsetOf, type Page, type PageRequest } from '../page';
import { type Author, authorIn } from './author';
import type { NameFilter } from './connection-store';
import { mostUsers, type Removal, type RemovalPlace, type RevisionPlace, type User } from './edited';
import { withUniqueName } from './name-taken';

/** One column of a model's result when it was described; `type` is the source's own name for it. */
export interface StoredColumn {
  readonly name: string;
  readonly type: string;
}

/** What is versioned of a model. */
export interface ModelContent {
  readonly sql: string;
  readonly rowKey: readonly string[];
  readonly columns: readonly StoredColumn[];
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
  revision: number;
  created_at: Date;
  created_by: Author | null;
  updated_at: Date;
  updated_by: Author | null;
}

/** A model with its current version. */
export interface StoredModel extends ModelContent {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly sourceId: string;
  /** Counts its contents. Runs pin it. */
  readonly version: number;
  /** Counts all its changes, those of the name too. */
  readonly revision: number;
  readonly createdAt: Date;
  readonly createdBy: Author | null;
  readonly updatedAt: Date;
  readonly updatedBy: Author | null;
}

/** `createdBy` is the token's id; absent: none. */
export interface NewModel extends ModelContent {
  readonly workspaceId: string;
  readonly name: string;
  readonly sourceId: string;
  readonly createdBy?: string | null;
}

/** What is to be different; what is undefined stays. `content` becomes a new version. */
export interface ModelChange {
  readonly name?: string | undefined;
  readonly content?: ModelContent | undefined;
  /** The token's id, null for none. */
  readonly updatedBy: string | null;
}

/** A sync that reads the model, and the columns that it maps. */
export interface MappingSync extends User {
  readonly columns: readonly string[];
}

const columns = 'id workspace_id name source_id version revision created_at updated_at'.split(' ');

/** Models that are not deleted; every method answers for one workspace alone. */
export class ModelStore {
  constructor(private readonly knex: Knex) {}

  /** Stores a model as version 1. Throws NameTakenError. */
  async create(input: NewModel): Promise<StoredModel> {
    const { workspaceId, name, sourceId, sql, rowKey, columns, createdBy = null } = input;
    const id = newId('model');
    const row = { id, workspace_id: workspaceId, name, source_id: sourceId };
    return withUniqueName(name, () =>
      this.knex.transaction(async (trx) => {
        await trx('models').insert({ ...row, created_by: createdBy, updated_by: createdBy });
        await trx('model_versions').insert({
          ...versionRow({ sql, rowKey, columns }, createdBy),
          model_id: id,
          version: 1,
          workspace_id: workspaceId,
        });
        return this.get(trx, workspaceId, id);
      }),
    );
  }

  async find(workspaceId: string, modelId: string): Promise<StoredModel | null> {
    const row = await this.current(workspaceId).where('models.id', modelId).first();
    return row ? mapRow(row) : null;
  }

  /**
   * As `find`, and from then on nobody changes it until the transaction has ended. For whoever stores what must fit its
   * columns: a sync.
   */
  static async held(
    trx: Knex.Transaction,
    workspaceId: string,
    modelId: string,
  ): Promise<StoredModel | null> {
    await trx.raw('SELECT 1 FROM models WHERE workspace_id = ? AND id = ? FOR SHARE', [workspaceId, modelId]);
    return new ModelStore(trx).find(workspaceId, modelId);
  }

  /** In order of creation. */
  async list(workspaceId: string, filter: NameFilter, page: PageRequest): Promise<Page<StoredModel>> {
    const counting = this.knex('models').where({ workspace_id: workspaceId }).whereNull('deleted_at');
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

  /**
   * Null: it was changed or deleted since that revision, and stays as it is. `assertFit` is given the syncs that read it, to
   * which none is added meanwhile, and keeps it from being changed by what it throws. Throws NameTakenError.
   */
  async update(
    { workspaceId, id, revision }: RevisionPlace,
    { name, content, updatedBy }: ModelChange,
    assertFit: (content: ModelContent, syncs: readonly MappingSync[]) => void,
  ): Promise<StoredModel | null> {
    return withUniqueName(name ?? '', () =>
      this.knex.transaction(async (trx) => {
        const [changed] = await trx('models')
          .where({ workspace_id: workspaceId, id, revision })
          .whereNull('deleted_at')
          .update({
            ...(name === undefined ? {} : { name }),
            ...(content === undefined ? {} : { version: trx.raw('version + 1') }),
            ...touched(trx, updatedBy),
          })
          .returning<Pick<ModelRow, 'version'>[]>(['version']);
        if (!changed) return null;
        if (content) {
          // Asked for once the row is locked: a sync that was stored before then is among them, a later one has waited.
          assertFit(content, await new ModelStore(trx).mappingSyncs(workspaceId, id));
          await trx('model_versions').insert({
            ...versionRow(content, updatedBy),
            model_id: id,
            version: changed.version,
            workspace_id: workspaceId,
          });
        }
        return this.get(trx, workspaceId, id);
      }),
    );
  }

  /** Removes it from sight; history that refers to it stays readable. Null: it is not there, or not in that revision. */
  async remove(
    { workspaceId, id, revision }: RemovalPlace,
    removedBy: string | null,
  ): Promise<Removal | null> {
    return this.knex.transaction(async (trx) => {
      // The whole lock: who inserts a reference to it waits, and then finds it deleted.
      const row: Pick<ModelRow, 'revision'> | undefined = await trx('models')
        .where({ workspace_id: workspaceId, id })
        .whereNull('deleted_at')
        .forUpdate()
        .first('revision');
      if (!row || (revision !== undefined && row.revision !== revision)) return null;
      const users = await trx('syncs')
        .where({ workspace_id: workspaceId, model_id: id })
        .whereNull('deleted_at')
        .orderBy(['created_at', 'id'])
        .limit(mostUsers + 1)
        .select<User[]>('id', 'name');
      if (users.length > 0) return { isRemoved: false, users };
      await trx('models')
        .where({ workspace_id: workspaceId, id })
        .update({ deleted_at: trx.fn.now(), ...touched(trx, removedBy) });
      return { isRemoved: true };
    });
  }

  /** The syncs that read it, in order of creation. */
  async mappingSyncs(workspaceId: string, modelId: string): Promise<MappingSync[]> {
    const { rows } = await this.knex.raw<{ rows: MappingSync[] }>(
      `SELECT s.id, s.name, ARRAY(SELECT pair->>'column' FROM jsonb_array_elements(v.mapping) AS pair) AS columns
       FROM syncs s JOIN sync_versions v ON v.sync_id = s.id AND v.version = s.version
       WHERE s.workspace_id = ? AND s.model_id = ? AND s.deleted_at IS NULL ORDER BY s.created_at, s.id`,
      [workspaceId, modelId],
    );
    return rows;
  }

  private async get(knex: Knex, workspaceId: string, modelId: string): Promise<StoredModel> {
    const row = await this.current(workspaceId, knex).where('models.id', modelId).first();
    if (!row) throw new Error(`model ${modelId} vanished while it was written`);
    return mapRow(row);
  }

  private current(workspaceId: string, knex: Knex = this.knex): Knex.QueryBuilder<ModelRow, ModelRow[]> {
    return knex('models')
      .join('model_versions as current', (on) =>
        on.on('current.model_id', 'models.id').andOn('current.version', 'models.version'),
      )
      .where('models.workspace_id', workspaceId)
      .whereNull('models.deleted_at')
      .select(
        ...columns.map((column) => `models.${column}`),
        'current.sql',
        'current.row_key',
        'current.columns',
        authorIn(knex, 'models', 'created_by'),
        authorIn(knex, 'models', 'updated_by'),
      ) as Knex.QueryBuilder<ModelRow, ModelRow[]>;
  }
}

function versionRow({ sql, rowKey, columns }: ModelContent, createdBy: string | null): object {
  return { sql, row_key: [...rowKey], columns: JSON.stringify(columns), created_by: createdBy };
}

function touched(knex: Knex, by: string | null): object {
  return { revision: knex.raw('revision + 1'), updated_at: knex.fn.now(), updated_by: by };
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
    revision: row.revision,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}
