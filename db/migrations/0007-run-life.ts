// Creates what a run's life needs beyond its rows: schedules and their slots, pulses of running work, executions.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE syncs ADD COLUMN pause_note text,
      ADD CONSTRAINT syncs_pause_note_when_paused CHECK (pause_note IS NULL OR paused_at IS NOT NULL);

    -- The cadence of a sync, one row for each that has one. Temporal fires it; this is the definition.
    CREATE TABLE sync_schedules (
      sync_id text PRIMARY KEY,
      workspace_id text NOT NULL,
      interval_seconds integer,
      cron text,
      time_zone text NOT NULL DEFAULT 'UTC',
      jitter_seconds integer NOT NULL DEFAULT 0,
      catch_up_seconds integer NOT NULL DEFAULT 600,
      -- Raised by every change of the definition, of the pause and of the removal.
      revision bigint NOT NULL DEFAULT 1,
      -- The revision Temporal was last given, and the schedule as Temporal gave it back after that.
      applied_revision bigint,
      applied jsonb,
      -- Slots Temporal has counted as missed (beyond the catch-up window) at the last look.
      missed_slots bigint NOT NULL DEFAULT 0,
      checked_at timestamptz,
      -- Set when the schedule is to go; the row goes once Temporal has let go of it.
      removed_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT sync_schedules_sync_in_workspace FOREIGN KEY (workspace_id, sync_id) REFERENCES syncs (workspace_id, id),
      CONSTRAINT sync_schedules_one_cadence CHECK (num_nonnulls(interval_seconds, cron) = 1),
      CONSTRAINT sync_schedules_interval_positive CHECK (interval_seconds > 0),
      CONSTRAINT sync_schedules_jitter_not_negative CHECK (jitter_seconds >= 0),
      -- Temporal's own least catch-up window.
      CONSTRAINT sync_schedules_catch_up_possible CHECK (catch_up_seconds >= 10),
      CONSTRAINT sync_schedules_applied_is_whole CHECK ((applied IS NULL) = (applied_revision IS NULL))
    );
    CREATE INDEX sync_schedules_to_check ON sync_schedules (checked_at NULLS FIRST);

    -- slot_at: the nominal time of a scheduled run. execution_run_id: the Temporal execution that served the run last; a
    -- reset or continue-as-new makes a new one under the same workflow id.
    ALTER TABLE runs ADD COLUMN slot_at timestamptz,
      ADD COLUMN execution_run_id text,
      ADD CONSTRAINT runs_slot_is_scheduled CHECK (slot_at IS NULL OR trigger = 'schedule');
    CREATE INDEX runs_by_retry_of ON runs (retry_of) WHERE retry_of IS NOT NULL;
    CREATE INDEX runs_by_slot ON runs (sync_id, slot_at DESC) WHERE slot_at IS NOT NULL;

    -- Signs of life of a run whose work takes longer than a moment; also when the reconciler last asked Temporal.
    CREATE TABLE run_pulses (
      run_id text PRIMARY KEY,
      workspace_id text NOT NULL,
      heartbeat_at timestamptz,
      -- When a counter of the work last moved.
      progressed_at timestamptz,
      rows_read bigint,
      checked_at timestamptz,
      CONSTRAINT run_pulses_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs (workspace_id, id)
    ) WITH (fillfactor = 50);

    ALTER TABLE run_phases ADD COLUMN waiting_until timestamptz;

    -- Events of the sync itself: slots that did not become runs, pauses, schedules put back.
    CREATE INDEX run_events_of_syncs ON run_events (sync_id, id) WHERE run_id IS NULL;
    -- A slot is skipped once, however often its workflow asks.
    CREATE UNIQUE INDEX run_events_slot_skipped_once ON run_events ((detail ->> 'workflow_id'))
      WHERE type = 'slot_skipped';
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP INDEX run_events_slot_skipped_once, run_events_of_syncs;
    ALTER TABLE run_phases DROP COLUMN waiting_until;
    DROP TABLE run_pulses;
    DROP INDEX runs_by_slot, runs_by_retry_of;
    ALTER TABLE runs DROP COLUMN slot_at, DROP COLUMN execution_run_id;
    DROP TABLE sync_schedules;
    ALTER TABLE syncs DROP COLUMN pause_note;
  `);
}
