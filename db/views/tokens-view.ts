// Owns reading tokens for people: who made them, whether they are still taken, when they were last used. Never their hash.
import type { Knex } from 'knex';
import type { NameFilter } from '../configuration/connection-store';
import { type Author, authorIn } from '../configuration/author';
import type { TokenScope } from '../configuration/token-store';
import { offsetOf, type Page, type PageRequest } from '../page';

/** A revoked token is not called expired, whenever it would have been. */
export const tokenStatuses = ['active', 'expired', 'revoked'] as const;
export type TokenStatus = (typeof tokenStatuses)[number];

export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly status: TokenStatus;
  readonly createdAt: Date;
  /** Null: no token made it, as with the first one. */
  readonly createdBy: Author | null;
  /** Null: never. */
  readonly expiresAt: Date | null;
  /** To within some minutes. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: Author | null;
}

interface TokenViewRow {
  id: string;
  name: string;
  scopes: TokenScope[];
  status: TokenStatus;
  created_at: Date;
  created_by: Author | null;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
  revoked_by: Author | null;
}

/** In order of creation; revoked and expired ones too. */
export async function tokenList(
  knex: Knex,
  workspaceId: string,
  filter: NameFilter,
  page: PageRequest,
): Promise<Page<TokenView>> {
  const counting = knex('api_tokens').where({ workspace_id: workspaceId });
  const matching = shown(knex, workspaceId);
  if (filter.name !== undefined) {
    void counting.where({ name: filter.name });
    void matching.where('t.name', filter.name);
  }
  const [rows, counted] = await Promise.all([
    matching.orderBy(['t.created_at', 't.id']).limit(page.perPage).offset(offsetOf(page)),
    counting.count<{ total: number }[]>({ total: '*' }),
  ]);
  return { rows: rows.map(mapRow), total: counted[0]?.total ?? 0 };
}

/** Null: the workspace has no such token. */
export async function findToken(knex: Knex, workspaceId: string, tokenId: string): Promise<TokenView | null> {
  const row: TokenViewRow | undefined = await shown(knex, workspaceId).where('t.id', tokenId).first();
  return row ? mapRow(row) : null;
}

function shown(knex: Knex, workspaceId: string): Knex.QueryBuilder<TokenViewRow, TokenViewRow[]> {
  return knex('api_tokens as t')
    .where('t.workspace_id', workspaceId)
    .select(
      't.id',
      't.name',
      't.scopes',
      't.created_at',
      authorIn(knex, 't', 'created_by'),
      't.expires_at',
      't.last_used_at',
      't.revoked_at',
      authorIn(knex, 't', 'revoked_by'),
      knex.raw(`CASE WHEN t.revoked_at IS NOT NULL THEN 'revoked'
        WHEN t.expires_at <= now() THEN 'expired' ELSE 'active' END AS status`),
    ) as Knex.QueryBuilder<TokenViewRow, TokenViewRow[]>;
}

function mapRow(row: TokenViewRow): TokenView {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    status: row.status,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
    revokedBy: row.revoked_by,
  };
}
