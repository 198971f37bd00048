// Lets tokens expire and be listed, and tells which token made or changed what.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Until now two programs that started at once with different tokens could leave both valid.
    UPDATE api_tokens older SET revoked_at = now() WHERE revoked_at IS NULL AND EXISTS (
      SELECT 1 FROM api_tokens newer WHERE newer.workspace_id = older.workspace_id AND newer.name = older.name
        AND newer.revoked_at IS NULL AND newer.id > older.id);

    -- last_used_at is written once in some minutes, not with every request. revoked_by stays empty where a new API_TOKEN took
    -- the place of the one before: that one may come back.
    ALTER TABLE api_tokens
      ADD COLUMN expires_at timestamptz,
      ADD COLUMN last_used_at timestamptz,
      ADD COLUMN created_by text,
      ADD COLUMN revoked_by text,
      ADD CONSTRAINT api_tokens_id_in_workspace UNIQUE (workspace_id, id),
      ADD CONSTRAINT api_tokens_revoked_by_has_time CHECK (revoked_by IS NULL OR revoked_at IS NOT NULL);
    ALTER TABLE api_tokens
      ADD CONSTRAINT api_tokens_created_by_in_workspace
        FOREIGN KEY (workspace_id, created_by) REFERENCES api_tokens (workspace_id, id),
      ADD CONSTRAINT api_tokens_revoked_by_in_workspace
        FOREIGN KEY (workspace_id, revoked_by) REFERENCES api_tokens (workspace_id, id);
    CREATE UNIQUE INDEX api_tokens_name_unique ON api_tokens (workspace_id, name) WHERE revoked_at IS NULL;

    -- updated_by goes with updated_at: null when nobody of ours was it, as with a pause made in Temporal.
    ALTER TABLE syncs ADD COLUMN created_by text, ADD COLUMN updated_by text;
    UPDATE syncs s SET created_by = v.created_by,
        updated_by = CASE WHEN s.updated_at = s.created_at THEN v.created_by END
      FROM sync_versions v WHERE v.sync_id = s.id AND v.version = 1;
    ALTER TABLE syncs
      ADD CONSTRAINT syncs_created_by_in_workspace
        FOREIGN KEY (workspace_id, created_by) REFERENCES api_tokens (workspace_id, id),
      ADD CONSTRAINT syncs_updated_by_in_workspace
        FOREIGN KEY (workspace_id, updated_by) REFERENCES api_tokens (workspace_id, id);
    ALTER TABLE sync_versions
      ADD CONSTRAINT sync_versions_created_by_in_workspace
        FOREIGN KEY (workspace_id, created_by) REFERENCES api_tokens (workspace_id, id);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE sync_versions DROP CONSTRAINT sync_versions_created_by_in_workspace;
    ALTER TABLE syncs DROP COLUMN created_by, DROP COLUMN updated_by;
    DROP INDEX api_tokens_name_unique;
    ALTER TABLE api_tokens DROP COLUMN created_by, DROP COLUMN revoked_by;
    ALTER TABLE api_tokens DROP CONSTRAINT api_tokens_id_in_workspace,
      DROP COLUMN expires_at,
      DROP COLUMN last_used_at;
  `);
}
