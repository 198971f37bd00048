// Owns the table api_tokens: what a token is bound to, and its end. Keeps hashes only; nobody can read a token back.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Knex } from 'knex';
import { gathered } from '../gathered';
import { newId } from '../new-id';
import { withUniqueName } from './name-taken';
import { lockWorkspace } from './workspace-store';

export const tokenScopes = ['read', 'trigger', 'write', 'admin'] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** Name of the token that the variable API_TOKEN makes; no other token is given it. */
export const environmentTokenName = 'API_TOKEN';

interface TokenRow {
  id: string;
  workspace_id: string;
  name: string;
  token_hash: Buffer;
  scopes: TokenScope[];
}

interface PresentedRow extends TokenRow {
  use_is_due: boolean;
}

export interface StoredToken {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
}

/** A token that somebody presents. `isUseDue`: when it was last used has not been noted for some minutes. */
export interface PresentedToken extends StoredToken {
  readonly isUseDue: boolean;
}

/** `token` is the secret itself; only its SHA-256 is stored. */
export interface NewToken {
  readonly workspaceId: string;
  readonly name: string;
  readonly token: string;
  readonly scopes: readonly TokenScope[];
  /** From when on it is refused; absent or null: never. */
  readonly expiresAt?: Date | null;
  /** Id of the token that made it; absent or null: none did. */
  readonly createdBy?: string | null;
}

/** Without this token nobody could make or revoke another one in its workspace, now or once the others have expired. */
export class LastAdminTokenError extends Error {
  override readonly name = 'LastAdminTokenError';
}

// Ten minutes: enough to tell a token that is in use from a forgotten one, at one write in thousands of requests.
const useIsDue = `(last_used_at IS NULL OR last_used_at < now() - interval '10 minutes')`;

/** Whether a row of api_tokens is a token that is taken now. */
const isValid = `revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`;

// Twenty lookups: what a question that hangs costs those who would have gone with the next one.
const longestWaitMs = 20;

export class TokenStore {
  // Every request begins with it: under load one statement serves all that came during the one before.
  private readonly findByHash = gathered((hashes: readonly Buffer[]) => this.findAll(hashes), longestWaitMs);

  constructor(private readonly knex: Knex) {}

  /** Stores a token. Throws NameTakenError while another of the name is not revoked, and when the secret is stored already. */
  async create(input: NewToken): Promise<StoredToken> {
    const { workspaceId, name, token, scopes, expiresAt = null, createdBy = null } = input;
    const id = newId('token');
    await withUniqueName(name, async () =>
      this.knex('api_tokens').insert({
        id,
        workspace_id: workspaceId,
        name,
        token_hash: hashOf(token),
        scopes: [...scopes],
        expires_at: expiresAt,
        created_by: createdBy,
      }),
    );
    return { id, workspaceId, name, scopes };
  }

  /** What a presented token may do, or null when it is unknown, expired or revoked. */
  async findByToken(token: string): Promise<PresentedToken | null> {
    return this.findByHash(hashOf(token));
  }

  /** Notes that the token is in use, unless somebody has done so in the last minutes. */
  async noteUse(tokenId: string): Promise<void> {
    await this.knex.raw(`UPDATE api_tokens SET last_used_at = now() WHERE id = ? AND ${useIsDue}`, [tokenId]);
  }

  /**
   * Revokes a token for good; one that is revoked already stays as it is. False: the workspace has no such token. Throws
   * LastAdminTokenError.
   */
  async revoke(workspaceId: string, tokenId: string, by: string): Promise<boolean> {
    return this.knex.transaction(async (trx) => {
      // One at a time: two admin tokens that revoke each other would leave none.
      await lockWorkspace(trx, workspaceId);
      // One that lasts is needed for as long as no other one does; one that expires, while there is no other at all.
      const { rows } = await trx.raw<{ rows: { is_revoked: boolean; is_last_admin: boolean }[] }>(
        `WITH admins AS (
           SELECT id, expires_at IS NULL AS lasts FROM api_tokens
           WHERE workspace_id = :workspaceId AND 'admin' = ANY (scopes) AND ${isValid})
         SELECT token.revoked_at IS NOT NULL AS is_revoked, own.id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM admins WHERE id <> :tokenId AND (lasts OR NOT own.lasts)) AS is_last_admin
         FROM api_tokens AS token LEFT JOIN admins AS own ON own.id = token.id
         WHERE token.workspace_id = :workspaceId AND token.id = :tokenId`,
        { workspaceId, tokenId },
      );
      const found = rows[0];
      if (!found) return false;
      if (found.is_revoked) return true;
      if (found.is_last_admin) throw new LastAdminTokenError(`${tokenId} is the last admin token`);
      await trx('api_tokens')
        .where({ workspace_id: workspaceId, id: tokenId })
        .update({ revoked_at: trx.fn.now(), revoked_by: by });
      return true;
    });
  }

  /**
   * Makes `token` the only valid one of this name: others of the name are revoked, itself is stored or revived. One that
   * was revoked by a token stays revoked.
   */
  async replaceNamed(input: NewToken): Promise<void> {
    const { workspaceId, name, token, scopes } = input;
    const hash = hashOf(token);
    await this.knex.transaction(async (trx) => {
      // Programs that start at once do this at once.
      await lockWorkspace(trx, workspaceId);
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
        .merge(['revoked_at'])
        .whereNull('api_tokens.revoked_by');
    });
  }

  private async findAll(hashes: readonly Buffer[]): Promise<(PresentedToken | null)[]> {
    const { rows } = await this.knex.raw<{ rows: PresentedRow[] }>(
      `SELECT id, workspace_id, name, token_hash, scopes, ${useIsDue} AS use_is_due
       FROM api_tokens WHERE token_hash = ANY (?) AND ${isValid}`,
      [[...hashes]],
    );
    return hashes.map((hash) => {
      // The index finds by hash, which an attacker cannot steer; the comparison that decides is in constant time.
      const row = rows.find(({ token_hash: stored }) => timingSafeEqual(stored, hash));
      return row ? presented(row) : null;
    });
  }
}

function presented(row: PresentedRow): PresentedToken {
  const { id, workspace_id: workspaceId, name, scopes, use_is_due: isUseDue } = row;
  return { id, workspaceId, name, scopes, isUseDue };
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
