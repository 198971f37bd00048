// Creates the snapshot of each sync: what its destination has acknowledged, as a base and deltas.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- identity: what a difference in makes the snapshot useless (keys, hash, destination object); it is then re-baselined.
    CREATE TABLE snapshots (
      sync_id text PRIMARY KEY,
      workspace_id text NOT NULL,
      version integer NOT NULL DEFAULT 1,
      last_delta bigint NOT NULL DEFAULT 0,
      identity jsonb NOT NULL,
      base_rows bigint NOT NULL DEFAULT 0,
      delta_rows bigint NOT NULL DEFAULT 0,
      -- Update mode: when rows the destination lacks were last offered again.
      missing_offered_at timestamptz,
      updated_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT snapshots_sync_in_workspace FOREIGN KEY (workspace_id, sync_id) REFERENCES syncs (workspace_id, id)
    );

    -- Entries of 24 bytes sorted by key hash, about 1 MB a chunk, and the row keys beside them in the same order.
    CREATE TABLE snapshot_chunks (
      sync_id text NOT NULL,
      version integer NOT NULL,
      chunk_no integer NOT NULL,
      workspace_id text NOT NULL,
      entries bytea NOT NULL,
      row_keys bytea NOT NULL,
      PRIMARY KEY (sync_id, version, chunk_no),
      CONSTRAINT snapshot_chunks_sync FOREIGN KEY (sync_id) REFERENCES snapshots (sync_id)
    );

    -- What one run's batches changed. outcomes null: sent, no answer. kind all_unsure: a full resync began.
    CREATE TABLE snapshot_deltas (
      sync_id text NOT NULL,
      delta_no bigint NOT NULL,
      workspace_id text NOT NULL,
      run_id text NOT NULL,
      kind text NOT NULL,
      mode text,
      entries bytea,
      operations bytea,
      outcomes bytea,
      row_keys bytea,
      PRIMARY KEY (sync_id, delta_no),
      CONSTRAINT snapshot_deltas_sync FOREIGN KEY (sync_id) REFERENCES snapshots (sync_id),
      CONSTRAINT snapshot_deltas_kind_known CHECK (kind IN ('batch', 'all_unsure')),
      CONSTRAINT snapshot_deltas_batch_is_whole CHECK (kind <> 'batch' OR num_nonnulls(mode, entries, operations, row_keys) = 4)
    );
    ALTER TABLE snapshot_chunks ALTER COLUMN entries SET STORAGE EXTERNAL;
    ALTER TABLE snapshot_deltas ALTER COLUMN entries SET STORAGE EXTERNAL;
    ALTER TABLE batches ALTER COLUMN entries SET STORAGE EXTERNAL;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE snapshot_deltas, snapshot_chunks, snapshots');
}
