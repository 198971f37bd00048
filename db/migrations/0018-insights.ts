// Makes figures over the ended runs of a time cheap: of one sync for its trends, of all syncs of a workspace for its health.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- By sync, not by workspace: one index does for both, as a workspace has few syncs, and each is a range of its own.
    -- All that is summed up stands in it, so that a month of runs is read without reading the runs. A run comes in when it
    -- ends, and does not change any more after that; one that is queued or running costs nothing here.
    CREATE INDEX runs_of_sync_by_end ON runs (sync_id, completed_at)
      INCLUDE (status, kind, retry_of, started_at, rows_processed, rows_created, rows_updated, rows_deleted, rows_failed)
      WHERE completed_at IS NOT NULL;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`DROP INDEX runs_of_sync_by_end`);
}
