// Makes history bearable at a million runs: indexes for what is listed and removed, and the list of what is being removed.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Everything the history is filtered by stands in the index: a page, and above all its total, reads no row it does not
    -- show. It takes the place of an index that nothing asked for any more.
    DROP INDEX runs_by_sync;
    CREATE INDEX runs_of_sync ON runs (sync_id, queue_no)
      INCLUDE (workspace_id, status, outcome, trigger, kind, started_at, rows_failed);
    -- Whether a sync has ever sent a row, and which run was the last to: small, as most runs of a quiet sync send none.
    CREATE INDEX runs_that_sent ON runs (sync_id, queue_no)
      WHERE outcome = 'partial' OR rows_created + rows_updated + rows_deleted + rows_unknown > 0;
    CREATE INDEX runs_by_end ON runs (completed_at) WHERE completed_at IS NOT NULL;

    -- Set before the first row error is removed for its age: what is left of them is not the whole any more.
    ALTER TABLE runs ADD COLUMN row_errors_removed_at timestamptz;
    CREATE INDEX runs_with_row_errors ON runs (completed_at) WHERE rows_failed > 0 AND row_errors_removed_at IS NULL;

    -- Runs that are being removed for their age, or only their row errors: chunk after chunk, by whichever worker comes.
    CREATE TABLE run_removals (
      run_id text PRIMARY KEY,
      workspace_id text NOT NULL,
      what text NOT NULL,
      began_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT run_removals_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs (workspace_id, id),
      CONSTRAINT run_removals_what_known CHECK (what IN ('row_errors', 'run'))
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TABLE run_removals;
    DROP INDEX runs_with_row_errors, runs_by_end, runs_that_sent, runs_of_sync;
    ALTER TABLE runs DROP COLUMN row_errors_removed_at;
    CREATE INDEX runs_by_sync ON runs (sync_id, id DESC);
  `);
}
