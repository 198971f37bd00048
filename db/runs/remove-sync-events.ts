// Owns removing events of syncs themselves by age: skipped slots, pauses, changed schedules. A run's go with the run.
import type { Knex } from 'knex';
import { chunkRows } from './continue-removals';

/**
 * Removes one chunk of the events that belong to no run and are more than `days` old; returns how many, 0 when none is
 * left or others are at all of them.
 */
export async function removeSyncEvents(knex: Knex, days: number, most = chunkRows): Promise<number> {
  // Events are numbered as they come, so the old ones are among the first: no more than a chunk is read, however many there
  // are. Ordered by `run_id` too, though it is null in all of them, as only so the planner sees that the index has the order.
  const { rows } = await knex.raw<{ rows: { removed: number }[] }>(
    `WITH gone AS (
       DELETE FROM run_events WHERE id = ANY (ARRAY(
         SELECT id FROM run_events WHERE id = ANY (ARRAY(
           SELECT id FROM (
             SELECT id, at FROM run_events WHERE run_id IS NULL ORDER BY run_id, id LIMIT :most) AS first
           WHERE at < statement_timestamp() - make_interval(days => :days::integer)))
         FOR UPDATE SKIP LOCKED))
       RETURNING 1)
     SELECT count(*) AS removed FROM gone`,
    { days, most },
  );
  return rows[0]?.removed ?? 0;
}
