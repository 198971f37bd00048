// Row errors can lose the values of their rows before they go themselves (docs/decisions/0026-personal-data.md).
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Set before the first value is removed.
    ALTER TABLE runs ADD COLUMN raw_values_removed_at timestamptz;
    -- Syncs that remove them look for runs that are due by it, and find none that is done.
    CREATE INDEX runs_with_raw_values ON runs (sync_id, completed_at)
      WHERE rows_failed > 0 AND raw_values_removed_at IS NULL AND row_errors_removed_at IS NULL;

    ALTER TABLE run_removals
      -- How far the row errors of the run have lost their values.
      ADD COLUMN after_row_no bigint NOT NULL DEFAULT -1,
      DROP CONSTRAINT run_removals_what_known,
      ADD CONSTRAINT run_removals_what_known CHECK (what IN ('raw_values', 'row_errors', 'run'));
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DELETE FROM run_removals WHERE what = 'raw_values';
    ALTER TABLE run_removals
      DROP COLUMN after_row_no,
      DROP CONSTRAINT run_removals_what_known,
      ADD CONSTRAINT run_removals_what_known CHECK (what IN ('row_errors', 'run'));
    DROP INDEX runs_with_raw_values;
    ALTER TABLE runs DROP COLUMN raw_values_removed_at;
  `);
}
