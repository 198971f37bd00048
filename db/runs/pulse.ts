// Owns the signs of life of a run whose work takes longer than a moment. Written often, read by progress and reconciler.
import type { Knex } from 'knex';

/** What a beat tells. `rowsRead` is null outside the query phase; `moved`: a counter of the work moved since the last beat. */
export interface Beat {
  readonly rowsRead: number | null;
  readonly moved: boolean;
}

/** Writes one beat of the run. */
export async function beatPulse(knex: Knex, runId: string, { rowsRead, moved }: Beat): Promise<void> {
  await knex.raw(
    `INSERT INTO run_pulses AS pulse (run_id, workspace_id, heartbeat_at, progressed_at, rows_read)
     SELECT id, workspace_id, clock_timestamp(), CASE WHEN ? THEN clock_timestamp() END, ? FROM runs WHERE id = ? AND completed_at IS NULL
     ON CONFLICT (run_id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at,
       progressed_at = coalesce(excluded.progressed_at, pulse.progressed_at),
       rows_read = coalesce(excluded.rows_read, pulse.rows_read)`,
    [moved, rowsRead, runId],
  );
}
