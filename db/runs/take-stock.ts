// Owns the counters of a run: summed up from journal, plan and ledger when it closes, never kept on the way.
import type { Knex } from 'knex';
import { type RunCounts, addCounts, zeroCounts } from '../../domain/counts';

interface Stock {
  lines_read: number | null;
  unchanged: number;
  journal_skipped: number;
  journalled: number;
  has_plan: boolean;
  plan_skipped: number;
  plan_failed: number;
  planned_deletes: number;
  skipped_deletes: number;
  has_spool: boolean;
  batches: number;
  created: number;
  updated: number;
  deleted: number;
  skipped: number;
  failed: number;
  not_attempted: number;
  unknown: number;
  open_batches: number;
}

/** What a run amounts to by its tables. */
export interface TakenStock {
  readonly counts: RunCounts;
  readonly planAnswered: boolean;
  /** Whether it has any batch, and any journal line or journal that was never published. */
  readonly hasBatches: boolean;
  readonly hasSpool: boolean;
}

/**
 * Derives every counter from journal, plan and ledger; nothing is incremented anywhere. The caller holds the lock of the
 * lease if it is the run's; a run without it has nothing in the ledger.
 */
export async function takeStock(trx: Knex.Transaction, runId: string): Promise<TakenStock> {
  // A transaction is committed only after its answers are stored: without them it was certainly never applied.
  const { rows } = await trx.raw<{ rows: Stock[] }>(
    `WITH settled AS (
       UPDATE batches SET state = 'planned', transaction_id = NULL
       WHERE run_id = :runId AND state = 'sent' AND transaction_id IS NOT NULL AND outcomes IS NULL
       RETURNING batch_no),
     ledger AS (
       SELECT coalesce(sum(created), 0)::bigint AS created, coalesce(sum(updated), 0)::bigint AS updated,
         coalesce(sum(deleted), 0)::bigint AS deleted, coalesce(sum(skipped), 0)::bigint AS skipped,
         coalesce(sum(failed), 0)::bigint AS failed,
         coalesce(sum(creates + updates + deletes) FILTER (WHERE planned), 0)::bigint AS not_attempted,
         coalesce(sum(creates + updates + deletes) FILTER (WHERE state = 'sent' AND NOT planned), 0)::bigint AS unknown,
         count(*) FILTER (WHERE state <> 'acked') AS open_batches, count(*) AS batches
       FROM (SELECT b.*, b.state = 'planned' OR b.batch_no IN (SELECT batch_no FROM settled) AS planned
             FROM batches b WHERE b.run_id = :runId) b)
     SELECT ledger.*, j.lines_read, j.unchanged, j.skipped AS journal_skipped, j.journalled,
       p.run_id IS NOT NULL AS has_plan, p.skipped AS plan_skipped, p.failed AS plan_failed, p.planned_deletes,
       p.skipped_deletes,
       EXISTS (SELECT 1 FROM journals WHERE run_id = :runId AND published_at IS NULL)
         OR EXISTS (SELECT 1 FROM journal_batches WHERE run_id = :runId) AS has_spool
     FROM ledger LEFT JOIN journals j ON j.run_id = :runId AND j.published_at IS NOT NULL
     LEFT JOIN change_plans p ON p.run_id = :runId`,
    { runId },
  );
  const [stock] = rows;
  if (!stock) throw new Error(`ledger of run ${runId} could not be summed`);
  return {
    ...countsOf(stock),
    hasBatches: stock.batches > 0,
    hasSpool: stock.has_spool,
  };
}

function countsOf(stock: Stock): Pick<TakenStock, 'counts' | 'planAnswered'> {
  if (stock.lines_read === null) return { counts: { ...zeroCounts }, planAnswered: false };
  const read = {
    ...zeroCounts,
    processed: stock.lines_read,
    unchanged: stock.unchanged,
    skipped: stock.journal_skipped,
  };
  if (!stock.has_plan) return { counts: { ...read, notAttempted: stock.journalled }, planAnswered: false };
  const counts = addCounts(read, {
    created: stock.created,
    updated: stock.updated,
    deleted: stock.deleted,
    skipped: stock.plan_skipped + stock.skipped_deletes + stock.skipped,
    failed: stock.plan_failed + stock.failed,
    notAttempted: stock.not_attempted,
    unknown: stock.unknown,
    plannedDeletes: stock.planned_deletes,
  });
  return { counts, planAnswered: stock.open_batches === 0 };
}
