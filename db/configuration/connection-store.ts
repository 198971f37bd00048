// Owns what the tables sources and destinations have in common: a kind, a public config and sealed secrets.
import type { Knex } from 'knex';
import { newId } from '../new-id';
import { offsetOf, type Page, type PageRequest } from '../page';
import { openSecrets, sealSecrets, type SecretKey } from '../seal';
import { withUniqueName } from './name-taken';

interface ConnectionRow {
  id: string;
  workspace_id: string;
  name: string;
  kind: string;
  config: Record<string, unknown>;
  has_secrets: boolean;
  created_at: Date;
  updated_at: Date;
}

/** A source or destination as stored, without its secrets. */
export interface StoredConnection {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly hasSecrets: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** `secrets` null: the kind needs none, or none were given. */
export interface NewConnection {
  readonly workspaceId: string;
  readonly name: string;
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, unknown>> | null;
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

const columns = ['id', 'workspace_id', 'name', 'kind', 'config', 'created_at', 'updated_at'];

/** Connections of a workspace; every method answers for that workspace alone. SourceStore and DestinationStore name the table. */
export abstract class ConnectionStore {
  /** `secretKey` seals what is stored. */
  constructor(
    private readonly knex: Knex,
    private readonly secretKey: SecretKey,
    private readonly table: 'sources' | 'destinations',
  ) {}

  /** Stores a new connection, secrets sealed. Throws NameTakenError. */
  async create(input: NewConnection): Promise<StoredConnection> {
    const id = newId(this.table === 'sources' ? 'source' : 'destination');
    const { workspaceId, name, kind, config, secrets } = input;
    const sealed = secrets && sealSecrets(this.secretKey, { workspaceId, objectId: id }, secrets);
    const [row] = await withUniqueName(name, () =>
      this.knex(this.table)
        .insert({
          id,
          workspace_id: workspaceId,
          name,
          kind,
          config: JSON.stringify(config),
          secrets_sealed: sealed,
        })
        .returning<ConnectionRow[]>(this.shown()),
    );
    return mapRow(row as ConnectionRow);
  }

  async find(workspaceId: string, id: string): Promise<StoredConnection | null> {
    const row: ConnectionRow | undefined = await this.knex(this.table)
      .where({ workspace_id: workspaceId, id })
      .first(this.shown());
    return row ? mapRow(row) : null;
  }

  /** In order of creation. */
  async list(workspaceId: string, filter: NameFilter, page: PageRequest): Promise<Page<StoredConnection>> {
    const matching = this.knex(this.table).where({ workspace_id: workspaceId });
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
    return { rows: rows.map(mapRow), total: counted[0]?.total ?? 0 };
  }

  /** What its connector is opened with, secrets in clear. Throws when it is not there, or SealBrokenError. */
  async connection(workspaceId: string, id: string): Promise<OpenedConnection> {
    const row: (Pick<ConnectionRow, 'kind' | 'config'> & { secrets_sealed: Buffer | null }) | undefined =
      await this.knex(this.table)
        .where({ workspace_id: workspaceId, id })
        .first('kind', 'config', 'secrets_sealed');
    if (!row) throw new Error(`${id} is not in workspace ${workspaceId}`);
    const { kind, config, secrets_sealed: sealed } = row;
    const secrets = sealed ? openSecrets(this.secretKey, { workspaceId, objectId: id }, sealed) : {};
    return { kind, config, secrets };
  }

  private shown(): (string | Knex.Raw)[] {
    return [...columns, this.knex.raw('secrets_sealed IS NOT NULL AS has_secrets')];
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
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
