// Owns how a run comes into being: its row, its place in the sync's queue, and whether it may start at once.
import type { Knex } from 'knex';
import type { RunKind, RunTrigger } from '../../domain/run';
import { newId } from '../new-id';
import { admit } from './lease';
import { writeEvent } from './run-events';

/** Thrown when the sync is not there (or deleted, or another workspace's). */
export class SyncNotFoundError extends Error {
  override readonly name = 'SyncNotFoundError';
}

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
}

export interface EnqueuedRun {
  readonly runId: string;
  readonly workflowId: string;
  /** Whether the run holds its sync's lease; else it waits for the hand-off signal. */
  readonly admitted: boolean;
}

/** Writes the run's row at the end of its sync's queue and admits it when the queue was empty. One transaction. */
export async function enqueueRun(knex: Knex, input: EnqueueInput): Promise<EnqueuedRun> {
  return knex.transaction(async (trx) => {
    // The sync's row lock serialises triggers, so places are numbered in order of arrival. NO KEY, as every event of a
    // run that works holds a key share of this row while its writer holds the lease: the plain lock would deadlock.
    const { rows: locked } = await trx.raw<{ rows: unknown[] }>(
      `SELECT 1 FROM syncs WHERE workspace_id = ? AND id = ? AND deleted_at IS NULL FOR NO KEY UPDATE`,
      [input.workspaceId, input.syncId],
    );
    if (locked.length === 0) throw new SyncNotFoundError(`sync ${input.syncId} does not exist`);
    const existing = input.workflowId ? await findByWorkflow(trx, input.workflowId) : null;
    const runId = existing ?? newId('run');
    const workflowId = input.workflowId ?? runId;
    if (!existing) {
      await trx.raw(
        `INSERT INTO runs (id, workspace_id, sync_id, queue_no, kind, trigger, triggered_by, note, allow_deletes,
           workflow_id, queued_at)
         SELECT ?, ?, ?, coalesce(max(queue_no), 0) + 1, ?, ?, ?, ?, ?, ?, clock_timestamp()
         FROM runs WHERE sync_id = ?`,
        [
          runId,
          input.workspaceId,
          input.syncId,
          input.kind,
          input.trigger,
          input.triggeredBy,
          input.note,
          input.allowDeletes,
          workflowId,
          input.syncId,
        ],
      );
      await writeEvent(trx, { ...input, runId }, 'run_queued', { trigger: input.trigger, kind: input.kind });
    }
    const holder = await admit(trx, input.workspaceId, input.syncId);
    return { runId, workflowId, admitted: holder?.runId === runId };
  });
}

async function findByWorkflow(trx: Knex.Transaction, workflowId: string): Promise<string | null> {
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(`SELECT id FROM runs WHERE workflow_id = ?`, [
    workflowId,
  ]);
  return rows[0]?.id ?? null;
}

/** Notes which Temporal execution serves the run; returns whether it holds the lease, and whether it has ended. */
export async function claimRun(
  knex: Knex,
  runId: string,
  firstExecutionRunId: string,
): Promise<{ admitted: boolean; closed: boolean }> {
  const { rows } = await knex.raw<{ rows: { admitted: boolean; closed: boolean }[] }>(
    `UPDATE runs SET first_execution_run_id = coalesce(first_execution_run_id, ?)
     WHERE id = ?
     RETURNING completed_at IS NOT NULL AS closed,
       EXISTS (SELECT 1 FROM sync_leases l WHERE l.sync_id = runs.sync_id AND l.run_id = runs.id) AS admitted`,
    [firstExecutionRunId, runId],
  );
  const run = rows[0];
  if (!run) throw new Error(`run ${runId} does not exist`);
  return run;
}
