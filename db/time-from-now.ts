// Owns what time it is when something is decided: the database's, one for all workers, whatever their own clocks say.
import type { Knex } from 'knex';

/** The time `ms` milliseconds from now; a negative number looks back. */
export async function timeFromNow(knex: Knex, ms: number): Promise<Date> {
  const { rows } = await knex.raw<{ rows: { at: Date }[] }>(
    `SELECT clock_timestamp() + make_interval(secs => ?) AS at`,
    [ms / 1_000],
  );
  const at = rows[0]?.at;
  if (!at) throw new Error('the database did not say what time it is');
  return at;
}
