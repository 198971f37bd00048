// Owns folding what has come and gone into the totals of runs. What has is written down by the statements that change runs
// (0021-run-totals); how many there are is asked for beside the lists.
import type { Knex } from 'knex';

/** Most changes folded at once: some ten milliseconds. */
export const foldedAtOnce = 5_000;

const words = 'status, outcome, trigger, kind, has_errors';

/**
 * Folds changes into the totals and returns how many. Totals and changes together are the same before and after. Any
 * number of workers may: each takes changes that no other one has in hand, and the totals in the same order as all others.
 */
export async function foldRunTotals(knex: Knex, most = foldedAtOnce): Promise<number> {
  const { rows } = await knex.raw<{ rows: { folded: number }[] }>(
    `WITH gone AS (
       DELETE FROM run_total_changes WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM run_total_changes LIMIT ? FOR UPDATE SKIP LOCKED))
       RETURNING workspace_id, sync_id, ${words}, runs),
     folded AS (
       INSERT INTO run_totals (workspace_id, sync_id, ${words}, runs)
       SELECT workspace_id, sync_id, ${words}, sum(runs) FROM gone
       GROUP BY GROUPING SETS ((workspace_id, sync_id, ${words}), (workspace_id, ${words}))
       HAVING sum(runs) <> 0
       ORDER BY workspace_id, sync_id, ${words}
       ON CONFLICT ON CONSTRAINT run_totals_unique DO UPDATE SET runs = run_totals.runs + excluded.runs)
     SELECT count(*) AS folded FROM gone`,
    [most],
  );
  return rows[0]?.folded ?? 0;
}
