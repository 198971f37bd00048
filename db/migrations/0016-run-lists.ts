// Lets runs be listed across syncs, by their start, and walked through by cursor, at a million runs.
import type { Knex } from 'knex';

// All that lists are narrowed and ordered by: which runs are on a page, and above all how many there are, is told by an
// index alone.
const listed = `status, outcome, trigger, kind, queued_at, started_at, completed_at, rows_processed, rows_failed`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- One index for a place in the queue and for a sync's history: both have the same key, and every run is written to each
    -- index several times.
    ALTER TABLE runs DROP CONSTRAINT runs_queue_place_unique;
    DROP INDEX runs_of_sync;
    ALTER TABLE runs ADD CONSTRAINT runs_queue_place_unique UNIQUE (sync_id, queue_no) INCLUDE (workspace_id, ${listed});

    -- The queue's order across syncs, to walk along: narrow, as it is asked for most.
    CREATE INDEX runs_of_workspace ON runs (workspace_id, queued_at, id);
    -- A span of time, and whatever else a workspace's runs are narrowed by. A run that waits stands where it was queued.
    CREATE INDEX runs_by_start ON runs (workspace_id, coalesce(started_at, queued_at), id) INCLUDE (${listed});
    -- With the workspace before the sync, though that is known by the sync: else the planner takes this one's rows to lie
    -- far apart and rather looks for the sync's among those of all, which is long when it has not run lately.
    CREATE INDEX runs_of_sync_by_start ON runs (workspace_id, sync_id, coalesce(started_at, queued_at), queue_no);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP INDEX runs_of_sync_by_start, runs_by_start, runs_of_workspace;
    ALTER TABLE runs DROP CONSTRAINT runs_queue_place_unique;
    CREATE INDEX runs_of_sync ON runs (sync_id, queue_no)
      INCLUDE (workspace_id, status, outcome, trigger, kind, started_at, rows_failed);
    ALTER TABLE runs ADD CONSTRAINT runs_queue_place_unique UNIQUE (sync_id, queue_no);
  `);
}
