// Creates sources, models, destinations and syncs, the last two kinds with versions that runs pin.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE sources (
      id text PRIMARY KEY,
      workspace_id text NOT NULL REFERENCES workspaces,
      name text NOT NULL,
      kind text NOT NULL,
      config jsonb NOT NULL,
      secrets_sealed bytea,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT sources_name_unique UNIQUE (workspace_id, name),
      CONSTRAINT sources_id_in_workspace UNIQUE (workspace_id, id)
    );

    CREATE TABLE destinations (
      id text PRIMARY KEY,
      workspace_id text NOT NULL REFERENCES workspaces,
      name text NOT NULL,
      kind text NOT NULL,
      config jsonb NOT NULL,
      secrets_sealed bytea,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT destinations_name_unique UNIQUE (workspace_id, name),
      CONSTRAINT destinations_id_in_workspace UNIQUE (workspace_id, id)
    );

    CREATE TABLE models (
      id text PRIMARY KEY,
      workspace_id text NOT NULL REFERENCES workspaces,
      name text NOT NULL,
      source_id text NOT NULL,
      version integer NOT NULL DEFAULT 1,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT models_name_unique UNIQUE (workspace_id, name),
      CONSTRAINT models_id_in_workspace UNIQUE (workspace_id, id),
      -- Composite foreign keys hold every reference inside its workspace.
      CONSTRAINT models_source_in_workspace FOREIGN KEY (workspace_id, source_id) REFERENCES sources (workspace_id, id)
    );

    CREATE TABLE model_versions (
      model_id text NOT NULL,
      version integer NOT NULL,
      workspace_id text NOT NULL,
      sql text NOT NULL,
      row_key text[] NOT NULL,
      columns jsonb NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (model_id, version),
      CONSTRAINT model_versions_model_in_workspace FOREIGN KEY (workspace_id, model_id) REFERENCES models (workspace_id, id),
      CONSTRAINT model_versions_have_a_key CHECK (cardinality(row_key) > 0)
    );

    CREATE TABLE syncs (
      id text PRIMARY KEY,
      workspace_id text NOT NULL REFERENCES workspaces,
      name text NOT NULL,
      model_id text NOT NULL,
      destination_id text NOT NULL,
      version integer NOT NULL DEFAULT 1,
      overlap_policy text NOT NULL DEFAULT 'queue_one',
      paused_at timestamptz,
      deleted_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT syncs_id_in_workspace UNIQUE (workspace_id, id),
      CONSTRAINT syncs_model_in_workspace FOREIGN KEY (workspace_id, model_id) REFERENCES models (workspace_id, id),
      CONSTRAINT syncs_destination_in_workspace
        FOREIGN KEY (workspace_id, destination_id) REFERENCES destinations (workspace_id, id),
      CONSTRAINT syncs_overlap_policy_known CHECK (overlap_policy IN ('queue_one', 'queue_all', 'skip'))
    );
    CREATE UNIQUE INDEX syncs_name_unique ON syncs (workspace_id, name) WHERE deleted_at IS NULL;

    CREATE TABLE sync_versions (
      sync_id text NOT NULL,
      version integer NOT NULL,
      workspace_id text NOT NULL,
      mode text NOT NULL,
      mapping jsonb NOT NULL,
      object jsonb NOT NULL,
      settings jsonb NOT NULL,
      created_by text,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (sync_id, version),
      CONSTRAINT sync_versions_sync_in_workspace FOREIGN KEY (workspace_id, sync_id) REFERENCES syncs (workspace_id, id),
      CONSTRAINT sync_versions_mode_known CHECK (mode IN ('upsert', 'insert', 'update', 'mirror'))
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE sync_versions, syncs, model_versions, models, destinations, sources');
}
