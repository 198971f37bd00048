// Owns the table api_tokens: what a token is bound to. Keeps hashes only; nobody can read a token back.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Knex } from 'knex';
import { newId } from '../new-id';

export const tokenScopes = ['read', 'trigger', 'write', 'admin'] as const;
export type TokenScope = (typeof tokenScopes)[number];

interface TokenRow {
  id: string;
  workspace_id: string;
  name: string;
  token_hash: Buffer;
  scopes: TokenScope[];
}

export interface StoredToken {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
}

/** `token` is the secret itself; only its SHA-256 is stored. */
export interface NewToken {
  readonly workspaceId: string;
  readonly name: string;
  readonly token: string;
  readonly scopes: readonly TokenScope[];
}

export class TokenStore {
  constructor(private readonly knex: Knex) {}

  /** Stores a token. Throws when the same token is stored already. */
  async create(input: NewToken): Promise<StoredToken> {
    const { workspaceId, name, token, scopes } = input;
    const id = newId('token');
    await this.knex('api_tokens').insert({
      id,
      workspace_id: workspaceId,
      name,
      token_hash: hashOf(token),
      scopes: [...scopes],
    });
    return { id, workspaceId, name, scopes };
  }

  /** What a presented token may do, or null when it is unknown or revoked. */
  async findByToken(token: string): Promise<StoredToken | null> {
    const hash = hashOf(token);
    const row: TokenRow | undefined = await this.knex('api_tokens')
      .where({ token_hash: hash })
      .whereNull('revoked_at')
      .first('id', 'workspace_id', 'name', 'token_hash', 'scopes');
    // The index finds by hash, which an attacker cannot steer; the comparison that decides is in constant time.
    if (!row || !timingSafeEqual(row.token_hash, hash)) return null;
    return { id: row.id, workspaceId: row.workspace_id, name: row.name, scopes: row.scopes };
  }

  /** Makes `token` the only valid one of this name: others of the name are revoked, itself is stored or revived. */
  async replaceNamed(input: NewToken): Promise<void> {
    const { workspaceId, name, token, scopes } = input;
    const hash = hashOf(token);
    await this.knex.transaction(async (trx) => {
      await trx('api_tokens')
        .where({ workspace_id: workspaceId, name })
        .whereNull('revoked_at')
        .whereNot({ token_hash: hash })
        .update({ revoked_at: trx.fn.now() });
      const row = {
        id: newId('token'),
        workspace_id: workspaceId,
        name,
        token_hash: hash,
        scopes: [...scopes],
      };
      await trx('api_tokens')
        .insert({ ...row, revoked_at: null })
        .onConflict('token_hash')
        .merge(['revoked_at']);
    });
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
