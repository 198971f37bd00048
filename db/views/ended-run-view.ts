// Owns what is told of one ended run to those who measure: times, counts, batches. No names.
import type { Knex } from 'knex';
import type { RunCounts } from '../../domain/counts';
import type { FailureCode } from '../../domain/failure';
import type { FinalStatus, RunKind, RunOutcome, RunTrigger } from '../../domain/run';
import { type CountRow, countColumns, mapCounts } from '../runs/count-columns';

export interface EndedRun {
  readonly id: string;
  readonly syncId: string;
  readonly workflowId: string;
  readonly status: FinalStatus;
  readonly outcome: RunOutcome;
  readonly trigger: RunTrigger;
  readonly kind: RunKind;
  readonly queuedAt: Date;
  /** Null: it ended in the queue. */
  readonly startedAt: Date | null;
  readonly completedAt: Date;
  readonly failureCode: FailureCode | null;
  readonly counts: RunCounts;
  /** Batches that were sent, and how often one was sent again. */
  readonly batches: number;
  readonly batchRetries: number;
}

interface EndedRow extends CountRow {
  id: string;
  sync_id: string;
  workflow_id: string;
  status: FinalStatus;
  outcome: RunOutcome;
  trigger: RunTrigger;
  kind: RunKind;
  queued_at: Date;
  started_at: Date | null;
  completed_at: Date;
  failure_code: FailureCode | null;
  batches: number;
  batch_retries: number;
}

/** Null when the run has not ended, or is gone. */
export async function endedRun(knex: Knex, runId: string): Promise<EndedRun | null> {
  const { rows } = await knex.raw<{ rows: EndedRow[] }>(
    `SELECT id, sync_id, workflow_id, status, outcome, trigger, kind, queued_at, started_at, completed_at, failure_code,
       ${countColumns.join(', ')}, sent.batches, sent.batch_retries
     FROM runs r CROSS JOIN LATERAL (
       SELECT count(*) AS batches, coalesce(sum(attempts - 1), 0)::bigint AS batch_retries
       FROM batches WHERE run_id = r.id AND attempts > 0) sent
     WHERE r.id = ? AND r.completed_at IS NOT NULL`,
    [runId],
  );
  const [row] = rows;
  if (!row) return null;
  return {
    id: row.id,
    syncId: row.sync_id,
    workflowId: row.workflow_id,
    status: row.status,
    outcome: row.outcome,
    trigger: row.trigger,
    kind: row.kind,
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    failureCode: row.failure_code,
    counts: mapCounts(row),
    batches: row.batches,
    batchRetries: row.batch_retries,
  };
}
