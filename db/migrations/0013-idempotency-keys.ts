// Creates the place where answers to keyed requests are kept, so that a repeated request is answered and not done again.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- A row is written in the transaction of the effect it answers for, and never changed.
    CREATE TABLE idempotency_keys (
      -- SHA-256 of workspace, method, path and key. The key itself is not kept: callers put what they like into it.
      id bytea PRIMARY KEY,
      workspace_id text NOT NULL REFERENCES workspaces (id),
      -- SHA-256 of the query and the body: another request under the same key is told apart.
      request_hash bytea NOT NULL,
      -- Status, headers and body. Sealed, as an answer may hold a secret that is shown once.
      answer_sealed bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT idempotency_keys_id_is_sha256 CHECK (octet_length(id) = 32),
      CONSTRAINT idempotency_keys_request_is_sha256 CHECK (octet_length(request_hash) = 32)
    );
    CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE idempotency_keys');
}
