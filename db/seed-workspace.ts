// Owns what a fresh installation starts with: one workspace and its first admin token.
import type { Knex } from 'knex';
import { environmentTokenName, TokenStore, tokenScopes } from './configuration/token-store';
import { WorkspaceStore } from './configuration/workspace-store';

/** `apiToken` null: no token is made, those there are stay. */
export interface SeedWorkspaceInput {
  readonly workspaceName: string;
  readonly apiToken: string | null;
}

export interface SeededWorkspace {
  readonly workspaceId: string;
  /** The given token was revoked by another token, and stays so. */
  readonly isTokenRevoked: boolean;
}

/**
 * Makes the workspace and its admin token where they are missing; repeating it changes nothing. Another `apiToken` than the
 * time before revokes that one.
 */
export async function seedWorkspace(knex: Knex, input: SeedWorkspaceInput): Promise<SeededWorkspace> {
  const { id: workspaceId } = await new WorkspaceStore(knex).ensure(input.workspaceName);
  const { apiToken: token } = input;
  if (token === null) return { workspaceId, isTokenRevoked: false };
  const tokens = new TokenStore(knex);
  await tokens.replaceNamed({ workspaceId, name: environmentTokenName, token, scopes: tokenScopes });
  return { workspaceId, isTokenRevoked: (await tokens.findByToken(token)) === null };
}
