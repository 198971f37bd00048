// Lets sources, destinations and models be changed and deleted: revisions, authors, deletion that keeps history readable;
// and makes the table through which a preview's rows reach the API.
import type { Knex } from 'knex';

// True of what is there, null of what is deleted, so that a reference which includes it holds for the living alone: what a
// living model or sync refers to cannot be deleted, and what is deleted cannot be referred to any more.
const alive = `alive boolean GENERATED ALWAYS AS (CASE WHEN deleted_at IS NULL THEN true END) STORED`;

const edited = ['sources', 'destinations', 'models'] as const;

export async function up(knex: Knex): Promise<void> {
  for (const table of edited) {
    await knex.raw(`
      ALTER TABLE ${table}
        ADD COLUMN revision integer NOT NULL DEFAULT 1,
        ADD COLUMN created_by text REFERENCES api_tokens,
        ADD COLUMN updated_by text REFERENCES api_tokens,
        ADD COLUMN deleted_at timestamptz,
        ADD COLUMN ${alive},
        DROP CONSTRAINT ${table}_name_unique,
        ADD CONSTRAINT ${table}_alive_in_workspace UNIQUE (workspace_id, id, alive);
      -- A name is free again once its bearer is deleted.
      CREATE UNIQUE INDEX ${table}_name_unique ON ${table} (workspace_id, name) WHERE deleted_at IS NULL;
    `);
  }
  await knex.raw(`
    -- Credentials do not outlive what they open.
    ALTER TABLE sources ADD CONSTRAINT sources_deleted_without_secrets CHECK (deleted_at IS NULL OR secrets_sealed IS NULL);
    ALTER TABLE destinations
      ADD CONSTRAINT destinations_deleted_without_secrets CHECK (deleted_at IS NULL OR secrets_sealed IS NULL);

    ALTER TABLE models
      ADD CONSTRAINT models_source_alive FOREIGN KEY (workspace_id, source_id, alive) REFERENCES sources (workspace_id, id, alive);
    CREATE INDEX models_by_source ON models (workspace_id, source_id);
    ALTER TABLE model_versions ADD COLUMN created_by text REFERENCES api_tokens;

    ALTER TABLE syncs
      ADD COLUMN ${alive},
      ADD CONSTRAINT syncs_model_alive FOREIGN KEY (workspace_id, model_id, alive) REFERENCES models (workspace_id, id, alive),
      ADD CONSTRAINT syncs_destination_alive
        FOREIGN KEY (workspace_id, destination_id, alive) REFERENCES destinations (workspace_id, id, alive);
    CREATE INDEX syncs_by_model ON syncs (workspace_id, model_id);
    CREATE INDEX syncs_by_destination ON syncs (workspace_id, destination_id);

    -- What was left to the connector is spelled out, as new ones have it: reads show it, and later defaults do not change it.
    UPDATE destinations SET config = '{"atomic_rows": 100000, "lanes": 4}' || config WHERE kind = 'postgres';

    -- Rows of a source on their way to whoever asked: for seconds, sealed, and in no log, backup or replica.
    CREATE UNLOGGED TABLE previews (
      id text PRIMARY KEY,
      workspace_id text NOT NULL,
      source_id text NOT NULL,
      request_sealed bytea NOT NULL,
      answer_sealed bytea,
      expires_at timestamptz NOT NULL,
      CONSTRAINT previews_source_in_workspace FOREIGN KEY (workspace_id, source_id) REFERENCES sources (workspace_id, id)
    );
    CREATE INDEX previews_by_expiry ON previews (expires_at);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TABLE previews;
    DROP INDEX syncs_by_model, syncs_by_destination, models_by_source;
    ALTER TABLE syncs
      DROP CONSTRAINT syncs_model_alive,
      DROP CONSTRAINT syncs_destination_alive,
      DROP COLUMN alive;
    ALTER TABLE model_versions DROP COLUMN created_by;
    ALTER TABLE models DROP CONSTRAINT models_source_alive;
    ALTER TABLE sources DROP CONSTRAINT sources_deleted_without_secrets;
    ALTER TABLE destinations DROP CONSTRAINT destinations_deleted_without_secrets;
  `);
  for (const table of edited) {
    await knex.raw(`
      DROP INDEX ${table}_name_unique;
      ALTER TABLE ${table}
        DROP CONSTRAINT ${table}_alive_in_workspace,
        DROP COLUMN alive,
        DROP COLUMN revision,
        DROP COLUMN created_by,
        DROP COLUMN updated_by,
        DROP COLUMN deleted_at,
        ADD CONSTRAINT ${table}_name_unique UNIQUE (workspace_id, name);
    `);
  }
}
