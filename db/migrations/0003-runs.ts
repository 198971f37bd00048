// Creates runs with their lease, phases and events. The CHECKs repeat the rules of domain/run-transitions and outcome.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE runs (
      id text PRIMARY KEY,
      workspace_id text NOT NULL,
      sync_id text NOT NULL,
      -- Place in the sync's queue, numbered under the sync's row lock.
      queue_no bigint NOT NULL,
      kind text NOT NULL DEFAULT 'normal',
      trigger text NOT NULL,
      triggered_by text,
      note text,
      allow_deletes boolean NOT NULL DEFAULT false,
      retry_of text REFERENCES runs,
      retry_scope text,
      status text NOT NULL DEFAULT 'queued',
      outcome text,
      sync_version integer,
      model_version integer,
      workflow_id text NOT NULL,
      first_execution_run_id text,
      queued_at timestamptz NOT NULL DEFAULT now(),
      started_at timestamptz,
      completed_at timestamptz,
      budget_ends_at timestamptz,
      cancel_requested_at timestamptz,
      rows_processed bigint NOT NULL DEFAULT 0,
      rows_unchanged bigint NOT NULL DEFAULT 0,
      rows_skipped bigint NOT NULL DEFAULT 0,
      rows_created bigint NOT NULL DEFAULT 0,
      rows_updated bigint NOT NULL DEFAULT 0,
      rows_deleted bigint NOT NULL DEFAULT 0,
      rows_failed bigint NOT NULL DEFAULT 0,
      rows_not_attempted bigint NOT NULL DEFAULT 0,
      rows_unknown bigint NOT NULL DEFAULT 0,
      planned_deletes bigint NOT NULL DEFAULT 0,
      counter_mismatch bigint NOT NULL DEFAULT 0,
      failure_code text,
      failure_message text,
      failure_cause text,
      CONSTRAINT runs_id_in_workspace UNIQUE (workspace_id, id),
      CONSTRAINT runs_sync_in_workspace FOREIGN KEY (workspace_id, sync_id) REFERENCES syncs (workspace_id, id),
      CONSTRAINT runs_queue_place_unique UNIQUE (sync_id, queue_no),
      CONSTRAINT runs_workflow_unique UNIQUE (workflow_id),
      CONSTRAINT runs_status_known CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
      CONSTRAINT runs_trigger_known CHECK (trigger IN ('schedule', 'manual', 'api')),
      CONSTRAINT runs_kind_known CHECK (kind IN ('normal', 'full_resync', 'dry_run')),
      CONSTRAINT runs_retry_has_scope CHECK ((retry_of IS NULL) = (retry_scope IS NULL)),
      CONSTRAINT runs_retry_scope_known CHECK (retry_scope IN ('all', 'failed', 'not_attempted')),
      CONSTRAINT runs_final_has_end CHECK ((status IN ('completed', 'failed', 'cancelled')) = (completed_at IS NOT NULL)),
      CONSTRAINT runs_outcome_fits_status CHECK (CASE status
        WHEN 'completed' THEN outcome IN ('no_changes', 'clean', 'with_row_errors', 'planned')
        WHEN 'failed' THEN outcome IN ('nothing_applied', 'partial')
        WHEN 'cancelled' THEN outcome IN ('nothing_applied', 'partial')
        ELSE outcome IS NULL END),
      CONSTRAINT runs_outcome_present CHECK ((outcome IS NULL) = (completed_at IS NULL)),
      CONSTRAINT runs_failed_has_failure CHECK ((status = 'failed') = (failure_code IS NOT NULL)),
      CONSTRAINT runs_failure_has_message CHECK ((failure_code IS NULL) = (failure_message IS NULL)),
      CONSTRAINT runs_started_when_running CHECK (status NOT IN ('running', 'completed') OR started_at IS NOT NULL),
      CONSTRAINT runs_started_pins_versions CHECK (started_at IS NULL OR (sync_version IS NOT NULL AND model_version IS NOT NULL)),
      CONSTRAINT runs_times_in_order CHECK (completed_at >= started_at AND started_at >= queued_at),
      CONSTRAINT runs_counts_not_negative CHECK (least(rows_processed, rows_unchanged, rows_skipped, rows_created,
        rows_updated, rows_deleted, rows_failed, rows_not_attempted, rows_unknown, planned_deletes) >= 0),
      CONSTRAINT runs_counts_identity CHECK (rows_processed + planned_deletes = rows_unchanged + rows_skipped
        + rows_created + rows_updated + rows_deleted + rows_failed + rows_not_attempted + rows_unknown + counter_mismatch)
    );
    CREATE INDEX runs_by_sync ON runs (sync_id, id DESC);
    CREATE INDEX runs_open ON runs (sync_id, queue_no) WHERE status IN ('queued', 'running');

    -- One row per sync that ever ran; run_id is null while nobody holds the lease.
    CREATE TABLE sync_leases (
      sync_id text PRIMARY KEY,
      workspace_id text NOT NULL,
      run_id text,
      epoch bigint NOT NULL DEFAULT 0,
      no_write_before timestamptz,
      CONSTRAINT sync_leases_sync_in_workspace FOREIGN KEY (workspace_id, sync_id) REFERENCES syncs (workspace_id, id),
      CONSTRAINT sync_leases_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs (workspace_id, id)
    );

    CREATE TABLE run_phases (
      run_id text NOT NULL,
      phase text NOT NULL,
      workspace_id text NOT NULL,
      attempts integer NOT NULL DEFAULT 1,
      started_at timestamptz NOT NULL,
      ended_at timestamptz,
      waited_ms bigint NOT NULL DEFAULT 0,
      -- Since when the phase waits out trouble; null while it works.
      waiting_since timestamptz,
      PRIMARY KEY (run_id, phase),
      CONSTRAINT run_phases_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs (workspace_id, id),
      CONSTRAINT run_phases_phase_known CHECK (phase IN ('query', 'change_detection', 'destination_writes', 'finalization')),
      CONSTRAINT run_phases_times_in_order CHECK (ended_at >= started_at)
    );

    CREATE TABLE run_events (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      workspace_id text NOT NULL,
      sync_id text NOT NULL,
      run_id text,
      at timestamptz NOT NULL DEFAULT now(),
      type text NOT NULL,
      detail jsonb NOT NULL DEFAULT '{}',
      CONSTRAINT run_events_sync_in_workspace FOREIGN KEY (workspace_id, sync_id) REFERENCES syncs (workspace_id, id),
      CONSTRAINT run_events_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs (workspace_id, id)
    );
    CREATE INDEX run_events_by_run ON run_events (run_id, id);
    CREATE INDEX run_events_by_sync ON run_events (sync_id, id);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE run_events, run_phases, sync_leases, runs');
}
