// Owns what the tables sources, destinations and alert_channels have in common: a kind, a public config and sealed secrets,
// and how these are changed and deleted.
import type { Knex } from 'knex';
import { newId } from '../new-id';
import { offsetOf, type Page, type PageRequest } from '../page';
import { openSecrets, sealSecrets, type SecretKey } from '../seal';
import { type Author, authorIn } from './author';
import { mostUsers, type Removal, type RemovalPlace, type RevisionPlace, type User } from './edited';
import { withUniqueName } from './name-taken';

interface ConnectionRow {
  id: string;
  workspace_id: string;
  name: string;
  kind: string;
  config: Record<string, unknown>;
  has_secrets: boolean;
  revision: number;
  created_at: Date;
  created_by: Author | null;
  updated_at: Date;
  updated_by: Author | null;
}

/** A source, destination or alert channel as stored, without its secrets. */
export interface StoredConnection {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly hasSecrets: boolean;
  /** Counts its changes, those of its secrets too. */
  readonly revision: number;
  readonly createdAt: Date;
  readonly createdBy: Author | null;
  readonly updatedAt: Date;
  readonly updatedBy: Author | null;
}

/** `secrets` null: the kind needs none, or none were given. `createdBy` is the token's id; absent: none. */
export interface NewConnection {
  readonly workspaceId: string;
  readonly name: string;
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, unknown>> | null;
  readonly createdBy?: string | null;
}

/** What is to be different: all of a given value; what is undefined stays. `secrets` null removes them. */
export interface ConnectionChange {
  readonly name?: string | undefined;
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  readonly secrets?: Readonly<Record<string, unknown>> | null | undefined;
  /** The token's id, null for none. */
  readonly updatedBy: string | null;
}

/** What a connector is opened with; the secrets are in clear, so it is never stored, logged or shown. */
export interface OpenedConnection {
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, unknown>>;
}

/** Narrows a list; `name` matches exactly. */
export interface NameFilter {
  readonly name?: string | undefined;
}

const columns = ['id', 'workspace_id', 'name', 'kind', 'config', 'revision', 'created_at', 'updated_at'];

const idKinds = { sources: 'source', destinations: 'destination', alert_channels: 'channel' } as const;

/** What a table has beside what all of them have. */
export interface OwnColumns {
  readonly names: readonly string[];
  map(row: never): object;
}

const noOwnColumns: OwnColumns = { names: [], map: () => ({}) };

/**
 * Connections of a workspace that are not deleted; every method answers for that workspace alone. SourceStore,
 * DestinationStore and ChannelStore name the table.
 */
export abstract class ConnectionStore<Stored extends StoredConnection = StoredConnection> {
  /** `secretKey` seals what is stored. */
  constructor(
    protected readonly knex: Knex,
    private readonly secretKey: SecretKey,
    private readonly table: keyof typeof idKinds,
    private readonly own: OwnColumns = noOwnColumns,
  ) {}

  /** The living that need it, in order of creation. */
  protected abstract users(
    trx: Knex.Transaction,
    workspaceId: string,
    id: string,
    most: number,
  ): Promise<User[]>;

  /** Stores a new connection, secrets sealed. Throws NameTakenError. */
  async create(input: NewConnection): Promise<Stored> {
    const id = newId(idKinds[this.table]);
    const { workspaceId, name, kind, config, secrets, createdBy = null } = input;
    const [row] = await withUniqueName(name, () =>
      this.knex(this.table)
        .insert({
          id,
          workspace_id: workspaceId,
          name,
          kind,
          config: JSON.stringify(config),
          secrets_sealed: this.sealed(workspaceId, id, secrets),
          created_by: createdBy,
          updated_by: createdBy,
        })
        .returning<ConnectionRow[]>(this.shown()),
    );
    return this.stored(row as ConnectionRow);
  }

  async find(workspaceId: string, id: string): Promise<Stored | null> {
    const row: ConnectionRow | undefined = await this.living(workspaceId).where({ id }).first(this.shown());
    return row ? this.stored(row) : null;
  }

  /** In order of creation. */
  async list(workspaceId: string, filter: NameFilter, page: PageRequest): Promise<Page<Stored>> {
    const matching = this.living(workspaceId);
    if (filter.name !== undefined) void matching.where({ name: filter.name });
    const [rows, counted] = await Promise.all([
      matching
        .clone()
        .select<ConnectionRow[]>(this.shown())
        .orderBy(['created_at', 'id'])
        .limit(page.perPage)
        .offset(offsetOf(page)),
      matching.clone().count<{ total: number }[]>({ total: '*' }),
    ]);
    return { rows: rows.map((row) => this.stored(row)), total: counted[0]?.total ?? 0 };
  }

  /** Null: it was changed or deleted since that revision, and stays as it is. Throws NameTakenError. */
  update(place: RevisionPlace, change: ConnectionChange): Promise<Stored | null> {
    return this.updateIn(this.knex, place, change);
  }

  /**
   * Removes it from sight and its secrets for good; history that refers to it stays readable. Null: it is not there, or
   * not in that revision.
   */
  remove(place: RemovalPlace, removedBy: string | null): Promise<Removal | null> {
    return this.knex.transaction((trx) => this.removeIn(trx, place, removedBy));
  }

  /** What its connector is opened with, secrets in clear. Throws when it is not there, or SealBrokenError. */
  async connection(workspaceId: string, id: string, knex: Knex = this.knex): Promise<OpenedConnection> {
    const row: (Pick<ConnectionRow, 'kind' | 'config'> & { secrets_sealed: Buffer | null }) | undefined =
      await this.living(workspaceId, knex).where({ id }).first('kind', 'config', 'secrets_sealed');
    if (!row) throw new Error(`${id} is not in workspace ${workspaceId}`);
    const { kind, config, secrets_sealed: sealed } = row;
    const secrets = sealed ? openSecrets(this.secretKey, { workspaceId, objectId: id }, sealed) : {};
    return { kind, config, secrets };
  }

  protected async removeIn(
    trx: Knex.Transaction,
    { workspaceId, id, revision }: RemovalPlace,
    removedBy: string | null,
  ): Promise<Removal | null> {
    // The whole lock: who inserts a reference to it waits, and then finds it deleted.
    const row: Pick<ConnectionRow, 'revision'> | undefined = await this.living(workspaceId, trx)
      .where({ id })
      .forUpdate()
      .first('revision');
    if (!row || (revision !== undefined && row.revision !== revision)) return null;
    const users = await this.users(trx, workspaceId, id, mostUsers + 1);
    if (users.length > 0) return { isRemoved: false, users };
    const removed = { deleted_at: trx.fn.now(), secrets_sealed: null };
    await trx(this.table)
      .where({ workspace_id: workspaceId, id })
      .update({ ...removed, ...this.touched(removedBy) });
    return { isRemoved: true };
  }

  protected async updateIn(
    knex: Knex,
    { workspaceId, id, revision }: RevisionPlace,
    { name, config, secrets, updatedBy }: ConnectionChange,
    ownValues: Readonly<Record<string, unknown>> = {},
  ): Promise<Stored | null> {
    const [row] = await withUniqueName(name ?? '', () =>
      // Of two changes meant for one revision the second waits for the first one's row, and then finds another revision.
      this.living(workspaceId, knex)
        .where({ id, revision })
        .update({
          ...(name === undefined ? {} : { name }),
          ...(config === undefined ? {} : { config: JSON.stringify(config) }),
          ...(secrets === undefined ? {} : { secrets_sealed: this.sealed(workspaceId, id, secrets) }),
          ...ownValues,
          ...this.touched(updatedBy),
        })
        .returning<ConnectionRow[]>(this.shown()),
    );
    return row ? this.stored(row) : null;
  }

  protected living(workspaceId: string, knex: Knex = this.knex): Knex.QueryBuilder {
    return knex(this.table).where({ workspace_id: workspaceId }).whereNull('deleted_at');
  }

  private touched(by: string | null): object {
    const { knex } = this;
    return { revision: knex.raw('revision + 1'), updated_at: knex.fn.now(), updated_by: by };
  }

  private sealed(workspaceId: string, id: string, secrets: NewConnection['secrets']): Buffer | null {
    return secrets && sealSecrets(this.secretKey, { workspaceId, objectId: id }, secrets);
  }

  private shown(): (string | Knex.Raw)[] {
    const { knex, table } = this;
    return [
      ...columns,
      ...this.own.names,
      knex.raw('secrets_sealed IS NOT NULL AS has_secrets'),
      authorIn(knex, table, 'created_by'),
      authorIn(knex, table, 'updated_by'),
    ];
  }

  private stored(row: ConnectionRow): Stored {
    return { ...mapRow(row), ...this.own.map(row as never) } as Stored;
  }
}

function mapRow(row: ConnectionRow): StoredConnection {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    kind: row.kind,
    config: row.config,
    hasSecrets: row.has_secrets,
    revision: row.revision,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}
