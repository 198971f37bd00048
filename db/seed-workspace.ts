// Owns what a fresh installation starts with: one workspace and its first admin token.
import type { Knex } from 'knex';
import { environmentTokenName, TokenStore, tokenScopes } from './configuration/token-store';
import { WorkspaceStore } from './configuration/workspace-store';

/** `apiToken` null: no token is made, those there are stay. */
export interface SeedWorkspaceInput {
  readonly workspaceName: string;
  readonly apiToken: string | null;
}

/**
 * Makes the workspace and its admin token where they are missing; repeating it changes nothing. Another `apiToken` than the
 * time before revokes that one.
 */
export async function seedWorkspace(knex: Knex, input: SeedWorkspaceInput): Promise<{ workspaceId: string }> {
  const workspace = await new WorkspaceStore(knex).ensure(input.workspaceName);
  if (input.apiToken !== null) {
    await new TokenStore(knex).replaceNamed({
      workspaceId: workspace.id,
      name: environmentTokenName,
      token: input.apiToken,
      scopes: tokenScopes,
    });
  }
  return { workspaceId: workspace.id };
}
