// Owns the counters of a run: summed up from journal, plan and ledger when it closes, never kept on the way.
import type { Knex } from 'knex';
import { type RunCounts, addCounts, zeroCounts } from '../../domain/counts';
import { publishedJournal } from '../ledger/journal-store';
import { publishedPlan } from '../ledger/plan-store';

interface LedgerSums {
  created: number;
  updated: number;
  deleted: number;
  skipped: number;
  failed: number;
  not_attempted: number;
  unknown: number;
  open_batches: number;
}

/** Derives every counter from journal, plan and ledger; nothing is incremented anywhere. */
export async function takeStock(
  trx: Knex.Transaction,
  runId: string,
): Promise<{ counts: RunCounts; planAnswered: boolean }> {
  const journal = await publishedJournal(trx, runId);
  if (!journal) return { counts: { ...zeroCounts }, planAnswered: false };
  const read = {
    ...zeroCounts,
    processed: journal.linesRead,
    unchanged: journal.unchanged,
    skipped: journal.skipped,
  };
  const plan = await publishedPlan(trx, runId);
  if (!plan) return { counts: { ...read, notAttempted: journal.journalled }, planAnswered: false };
  // A transaction is committed only after its answers are stored: without them it was certainly never applied.
  const { rows } = await trx.raw<{ rows: LedgerSums[] }>(
    `WITH settled AS (
       UPDATE batches SET state = 'planned', transaction_id = NULL
       WHERE run_id = ? AND state = 'sent' AND transaction_id IS NOT NULL AND outcomes IS NULL
       RETURNING batch_no)
     SELECT coalesce(sum(created), 0)::bigint AS created, coalesce(sum(updated), 0)::bigint AS updated,
       coalesce(sum(deleted), 0)::bigint AS deleted, coalesce(sum(skipped), 0)::bigint AS skipped,
       coalesce(sum(failed), 0)::bigint AS failed,
       coalesce(sum(creates + updates + deletes) FILTER (WHERE planned), 0)::bigint AS not_attempted,
       coalesce(sum(creates + updates + deletes) FILTER (WHERE state = 'sent' AND NOT planned), 0)::bigint AS unknown,
       count(*) FILTER (WHERE state <> 'acked') AS open_batches
     FROM (SELECT b.*, b.state = 'planned' OR b.batch_no IN (SELECT batch_no FROM settled) AS planned
           FROM batches b WHERE b.run_id = ?) b`,
    [runId, runId],
  );
  const sums = rows[0];
  if (!sums) throw new Error(`ledger of run ${runId} could not be summed`);
  const counts = addCounts(read, {
    created: sums.created,
    updated: sums.updated,
    deleted: sums.deleted,
    skipped: plan.skipped + plan.skippedDeletes + sums.skipped,
    failed: plan.failed + sums.failed,
    notAttempted: sums.not_attempted,
    unknown: sums.unknown,
    plannedDeletes: plan.plannedDeletes,
  });
  return { counts, planAnswered: sums.open_batches === 0 };
}
