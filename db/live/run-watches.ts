// Owns run_watches: which runs' events are worth a notification, because somebody watches. Notifies nobody itself.
import type { Knex } from 'knex';

/** The channel on which the id of a watched run comes when an event of it is there. */
export const runEventsChannel = 'run_events';

export interface WatchedRun {
  readonly runId: string;
  readonly workspaceId: string;
}

/** How often a watcher has to say that it still watches: three times within the time its word holds. */
export const watchRefreshMs = 30_000;
const watchHoldsMs = 3 * watchRefreshMs;

/** Lets `watcher`, any name of its own, be told of events of these runs from now on; and removes what others left behind. */
export async function watchRuns(knex: Knex, watcher: string, runs: readonly WatchedRun[]): Promise<void> {
  await knex.raw(
    `WITH left_behind AS (
       SELECT run_id, watcher FROM run_watches WHERE until < clock_timestamp() FOR UPDATE SKIP LOCKED),
     removed AS (
       DELETE FROM run_watches USING left_behind
       WHERE run_watches.run_id = left_behind.run_id AND run_watches.watcher = left_behind.watcher
         AND run_watches.watcher <> :watcher)
     INSERT INTO run_watches (run_id, watcher, workspace_id, until)
     SELECT run_id, :watcher, workspace_id, clock_timestamp() + :holdsMs * interval '1 millisecond'
     FROM unnest(:runIds::text[], :workspaceIds::text[]) AS watched (run_id, workspace_id)
     ON CONFLICT (run_id, watcher) DO UPDATE SET until = excluded.until`,
    {
      watcher,
      holdsMs: watchHoldsMs,
      runIds: runs.map(({ runId }) => runId),
      workspaceIds: runs.map(({ workspaceId }) => workspaceId),
    },
  );
}

/** Takes all of its watches back. */
export async function watchNothing(knex: Knex, watcher: string): Promise<void> {
  await knex('run_watches').where({ watcher }).delete();
}
