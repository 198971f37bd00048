// Owns which runs, and which row errors, are old enough to go. Marks them; removing what is marked is beside it.
import type { Knex } from 'knex';
import { eventInsert } from './run-events';

/** What is removed: whole runs with everything about them, or only their row errors. */
export type Removal = 'run' | 'row_errors';

// So many runs are marked in one transaction: it holds their syncs' locks for some milliseconds.
const page = 200;

// A run that an open one retries, or that an open one retries through others, tells that one its rows. Runs that were not
// planned hand the question on to the run they retried: hence all the way up.
const isRetriedByOpen = `EXISTS (
  WITH RECURSIVE later AS (
    SELECT id, completed_at FROM runs WHERE retry_of = r.id
    UNION SELECT next.id, next.completed_at FROM runs next JOIN later ON next.retry_of = later.id)
  SELECT 1 FROM later WHERE completed_at IS NULL)`;

const sent = (run: string): string =>
  `(${run}.outcome = 'partial' OR ${run}.rows_created + ${run}.rows_updated + ${run}.rows_deleted + ${run}.rows_unknown > 0)`;

const newer = `SELECT 1 FROM runs newer WHERE newer.sync_id = r.sync_id AND newer.queue_no > r.queue_no`;

const mayGo = {
  row_errors: `r.rows_failed > 0 AND r.row_errors_removed_at IS NULL AND NOT ${isRetriedByOpen}`,
  // A run goes after the runs that retry it, so that what those say of it stays true. The last run of a sync stays, as does
  // the last that sent a row: without it a lost snapshot would look like a sync that never sent any.
  run: `NOT EXISTS (SELECT 1 FROM runs later WHERE later.retry_of = r.id) AND EXISTS (${newer})
    AND (NOT ${sent('r')} OR EXISTS (${newer} AND ${sent('newer')}))`,
} as const satisfies Record<Removal, string>;

/**
 * Marks up to a page of runs that ended more than `days` ago, those that ended first; returns their ids. Nobody can retry
 * a run that is marked to go, nor those rows of a run that only its row errors can tell.
 */
export async function beginRemovals(knex: Knex, what: Removal, days: number): Promise<string[]> {
  return knex.transaction(async (trx) => {
    const old = `r.completed_at < statement_timestamp() - make_interval(days => :days::integer) AND ${mayGo[what]}
      AND NOT EXISTS (SELECT 1 FROM run_removals WHERE run_id = r.id)`;
    // A retry is queued under its sync's lock. Whoever holds one now has the next turn.
    const { rows: locked } = await trx.raw<{ rows: { id: string }[] }>(
      `SELECT r.id FROM (SELECT id, sync_id, completed_at FROM runs r WHERE ${old} ORDER BY completed_at LIMIT ${page}) r
       JOIN syncs s ON s.id = r.sync_id FOR NO KEY UPDATE OF s SKIP LOCKED`,
      { days },
    );
    if (locked.length === 0) return [];
    // Asked again under the locks: what was queued just before them counts.
    const { rows } = await trx.raw<{ rows: { run_id: string }[] }>(
      `WITH begun AS (
         INSERT INTO run_removals (run_id, workspace_id, what)
         SELECT r.id, r.workspace_id, :what FROM runs r WHERE r.id = ANY (:ids) AND ${old}
         ON CONFLICT DO NOTHING RETURNING run_id)
       ${what === 'row_errors' ? `, ${rowErrorsMark}` : ''}
       SELECT run_id FROM begun`,
      { what, days, ids: locked.map(({ id }) => id) },
    );
    return rows.map((row) => row.run_id);
  });
}

// Told by the run itself, as its list of row errors will not show what its counter says.
const rowErrorsMark = `marked AS (
    UPDATE runs SET row_errors_removed_at = clock_timestamp() FROM begun WHERE runs.id = begun.run_id
    RETURNING runs.workspace_id, runs.sync_id, runs.id AS run_id, runs.rows_failed),
  told AS (${eventInsert('row_errors_removed', 'marked', `jsonb_build_object('row_errors', rows_failed)`)})`;
