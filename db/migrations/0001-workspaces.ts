// Creates workspaces and their API tokens.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE workspaces (
      id text PRIMARY KEY,
      name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT workspaces_name_unique UNIQUE (name)
    );

    -- Only the SHA-256 of a token is kept: a stolen dump opens nothing.
    CREATE TABLE api_tokens (
      id text PRIMARY KEY,
      workspace_id text NOT NULL REFERENCES workspaces,
      name text NOT NULL,
      token_hash bytea NOT NULL,
      scopes text[] NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      revoked_at timestamptz,
      CONSTRAINT api_tokens_hash_unique UNIQUE (token_hash),
      CONSTRAINT api_tokens_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
      CONSTRAINT api_tokens_scopes_known CHECK (scopes <@ ARRAY['read', 'trigger', 'write', 'admin'] AND scopes <> '{}')
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE api_tokens, workspaces');
}
