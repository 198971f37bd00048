// Makes workspaces and tokens for tests.
import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import {
  type StoredToken,
  type TokenScope,
  TokenStore,
  tokenScopes,
} from '../../db/configuration/token-store';
import { type StoredWorkspace, WorkspaceStore } from '../../db/configuration/workspace-store';

/** Seals what factories store; readers of it open it with the same key. */
export const testSecretKey = Buffer.alloc(32, 7);

/** A suffix that makes a name unique within a test database. */
export function uniqueSuffix(): string {
  return randomBytes(5).toString('hex');
}

export function aWorkspace(knex: Knex, name = `Workspace ${uniqueSuffix()}`): Promise<StoredWorkspace> {
  return new WorkspaceStore(knex).ensure(name);
}

/** A valid token of the workspace; `token` is what a client presents. */
export async function aToken(
  knex: Knex,
  workspaceId: string,
  scopes: readonly TokenScope[] = tokenScopes,
  expiresAt: Date | null = null,
): Promise<StoredToken & { token: string }> {
  const token = randomBytes(32).toString('base64url');
  const stored = await new TokenStore(knex).create({
    workspaceId,
    name: `token ${uniqueSuffix()}`,
    token,
    scopes,
    expiresAt,
  });
  return { ...stored, token };
}
