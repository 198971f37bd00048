// Owns how a run comes into being: its row, its place in the sync's queue, and whether it may start at once.
import type { Knex } from 'knex';
import type { RetryScope, RunKind, RunTrigger, RunStatus } from '../../domain/run';
import { lockSync } from '../configuration/sync-lock';
import { newId } from '../new-id';
import { noteExecution } from './executions';
import { admit, RunNotFoundError } from './lease';
import { isQueueFullSql, QueueFullError } from './queue-limit';
import { eventInsert } from './run-events';

export interface EnqueueInput {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly trigger: RunTrigger;
  readonly kind: RunKind;
  /** Id of the token or person; null for schedules. */
  readonly triggeredBy: string | null;
  readonly note: string | null;
  readonly allowDeletes: boolean;
  /** Workflow that already exists and asks for its row (schedules); absent: the run id is the workflow id. */
  readonly workflowId?: string;
  /** Nominal time of the slot of a scheduled run. */
  readonly slotAt?: Date | null;
  /** The run this one retries, and which of its rows; absent: it retries none. */
  readonly retry?: { readonly of: string; readonly scope: RetryScope };
}

export interface EnqueuedRun {
  readonly runId: string;
  readonly workflowId: string;
  /** Whether the run holds its sync's lease; else it waits for the hand-off signal. */
  readonly admitted: boolean;
}

/** Writes the run's row at the end of its sync's queue and admits it when the queue was empty. Throws QueueFullError. */
export async function enqueueRun(knex: Knex, input: EnqueueInput): Promise<EnqueuedRun> {
  return knex.transaction(async (trx) => {
    // Serialises triggers, so places are numbered in order of arrival.
    await lockSync(trx, input);
    return enqueueLocked(trx, input);
  });
}

/** enqueueRun for a caller that holds the sync's row lock and has found the sync. Throws QueueFullError. */
export async function enqueueLocked(trx: Knex.Transaction, input: EnqueueInput): Promise<EnqueuedRun> {
  const existing = input.workflowId ? await findByWorkflow(trx, input.workflowId) : null;
  const runId = existing ?? newId('run');
  const workflowId = input.workflowId ?? runId;
  if (!existing) {
    const { trigger, kind, retry } = input;
    const origin = retry ? { retry_of: retry.of, retry_scope: retry.scope } : {};
    const { rowCount } = await trx.raw<{ rowCount: number }>(
      `WITH queued AS (
         INSERT INTO runs (id, workspace_id, sync_id, queue_no, kind, trigger, triggered_by, note, allow_deletes,
           workflow_id, retry_of, retry_scope, slot_at, queued_at)
         SELECT :runId, :workspaceId, :syncId, coalesce(max(queue_no), 0) + 1, :kind, :trigger, :triggeredBy, :note,
           :allowDeletes::boolean, :workflowId, :retryOf, :retryScope, :slotAt::timestamptz, clock_timestamp()
         FROM runs WHERE sync_id = :syncId
         HAVING NOT ${isQueueFullSql}
         RETURNING workspace_id, sync_id, id AS run_id)
       ${eventInsert('run_queued', 'queued', ':told::jsonb')}`,
      {
        runId,
        workspaceId: input.workspaceId,
        syncId: input.syncId,
        kind,
        trigger,
        triggeredBy: input.triggeredBy,
        note: input.note,
        allowDeletes: input.allowDeletes,
        workflowId,
        retryOf: retry?.of ?? null,
        retryScope: retry?.scope ?? null,
        slotAt: input.slotAt ?? null,
        told: JSON.stringify({ trigger, kind, ...origin }),
      },
    );
    if (rowCount === 0) throw new QueueFullError();
  }
  const holder = await admit(trx, input.workspaceId, input.syncId);
  return { runId, workflowId, admitted: holder?.runId === runId };
}

async function findByWorkflow(trx: Knex.Transaction, workflowId: string): Promise<string | null> {
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(`SELECT id FROM runs WHERE workflow_id = ?`, [
    workflowId,
  ]);
  return rows[0]?.id ?? null;
}

/** The Temporal execution that asks for a run: its own id, and that of the first under its workflow id. */
export interface ClaimingExecution {
  readonly runId: string;
  readonly firstRunId: string;
}

export interface ClaimedRun {
  /** Whether the run holds its sync's lease. */
  readonly admitted: boolean;
  /** Whether it has ended already. */
  readonly closed: boolean;
  readonly status: RunStatus;
  /** Whether its cancel was asked for: it must not start any more. */
  readonly cancelRequested: boolean;
}

interface ClaimedRow {
  admitted: boolean;
  closed: boolean;
  status: RunStatus;
  cancel_requested: boolean;
  execution_run_id: string | null;
}

/** Notes which Temporal execution serves the run, and tells how the run stands. */
export async function claimRun(knex: Knex, runId: string, execution: ClaimingExecution): Promise<ClaimedRun> {
  // A reset keeps the first execution. Another first one is a slot that was fired once more, by a backfill for instance: of
  // a run that has ended it is noted all the same, so that nobody takes it for a reset later, and no event says it is one.
  const { rows } = await knex.raw<{ rows: ClaimedRow[] }>(
    `UPDATE runs SET first_execution_run_id = coalesce(first_execution_run_id, :first),
       execution_run_id = CASE WHEN completed_at IS NOT NULL AND first_execution_run_id <> :first THEN :present
         ELSE coalesce(execution_run_id, :present) END
     WHERE id = :runId
     RETURNING completed_at IS NOT NULL AS closed, status, cancel_requested_at IS NOT NULL AS cancel_requested, execution_run_id,
       EXISTS (SELECT 1 FROM sync_leases l WHERE l.sync_id = runs.sync_id AND l.run_id = runs.id) AS admitted`,
    { first: execution.firstRunId, present: execution.runId, runId },
  );
  const run = rows[0];
  if (!run) throw new RunNotFoundError(`run ${runId} does not exist`);
  if (run.execution_run_id !== execution.runId)
    await noteExecution(knex, runId, { runId: execution.runId, continuedFrom: null });
  const { admitted, closed, status, cancel_requested: cancelRequested } = run;
  return { admitted, closed, status, cancelRequested };
}
