// Owns what stays of a run's journal once it is closed: the packed indexes a retry of some of its rows will ask for.
import type { Knex } from 'knex';

/**
 * Empties the journal: raw lines go, and so do the indexes no retry needs. Those stay that hold lines the plan refused
 * or never sent (rows that were sent have their entries in the ledger). Row errors and batches are final by now.
 */
export async function keepIndexForRetries(trx: Knex.Transaction, runId: string): Promise<void> {
  // The range from the first to the last unsent line, as unsent batches are nearly always the end of a plan: asking
  // batch by batch would compare every index with every batch.
  await trx.raw(
    `WITH plan AS (SELECT count(*) > 0 AS published FROM change_plans WHERE run_id = :runId),
       unsent AS (SELECT min(line_from) AS first, max(line_to) AS past FROM batches
         WHERE run_id = :runId AND state <> 'acked' AND entries IS NULL)
     DELETE FROM journal_batches j USING plan, unsent
     WHERE j.run_id = :runId AND plan.published
       AND NOT coalesce(j.first_line < unsent.past AND j.first_line + j.lines > unsent.first, false)
       AND NOT EXISTS (SELECT 1 FROM row_errors e WHERE e.run_id = :runId AND e.operation = 'none'
         AND e.row_no >= j.first_line AND e.row_no < j.first_line + j.lines)`,
    { runId },
  );
  await trx.raw(`UPDATE journal_batches SET data = '' WHERE run_id = ?`, [runId]);
}

/** Whether indexes are gone that a retry of the run's refused or open rows would need. */
export async function isIndexGone(
  knex: Knex,
  runId: string,
  scope: 'failed' | 'not_attempted',
): Promise<boolean> {
  // Which lines the plan refused only their row errors tell, and those may have been removed for their age.
  const needed =
    scope === 'failed'
      ? `EXISTS (SELECT 1 FROM row_errors WHERE run_id = r.id AND operation = 'none')`
      : `CASE WHEN EXISTS (SELECT 1 FROM change_plans WHERE run_id = r.id)
           THEN EXISTS (SELECT 1 FROM batches WHERE run_id = r.id AND state <> 'acked' AND entries IS NULL)
           ELSE r.rows_not_attempted > 0 END`;
  const { rows } = await knex.raw<{ rows: { gone: boolean }[] }>(
    `SELECT (${needed}) AND NOT EXISTS (SELECT 1 FROM journal_batches WHERE run_id = r.id)
       OR :scope::text = 'failed' AND r.row_errors_removed_at IS NOT NULL
         AND EXISTS (SELECT 1 FROM change_plans WHERE run_id = r.id AND failed > 0) AS gone
     FROM runs r WHERE r.id = :runId`,
    { runId, scope },
  );
  return rows[0]?.gone ?? true;
}
