// Owns which Temporal execution serves a run: a reset makes another one under the same workflow id, and the run says so.
import type { Knex } from 'knex';
import { writeEventOfRun } from './run-events';

/** A Temporal execution that works on a run. */
export interface ServingExecution {
  readonly runId: string;
  /** The execution with too long a history that it goes on from; null: none. */
  readonly continuedFrom: string | null;
}

/**
 * Notes that this execution works on the run now. Another one before it, unless this one goes on from it, means that an
 * operator has reset the workflow: an event tells it.
 */
export async function noteExecution(trx: Knex, runId: string, execution: ServingExecution): Promise<void> {
  const { rows } = await trx.raw<{ rows: { before: string | null; has_ended: boolean }[] }>(
    `UPDATE runs SET execution_run_id = ?
     FROM (SELECT id, execution_run_id AS before FROM runs WHERE id = ? FOR NO KEY UPDATE) old
     WHERE runs.id = old.id AND runs.execution_run_id IS DISTINCT FROM ?
     RETURNING old.before, runs.completed_at IS NOT NULL AS has_ended`,
    [execution.runId, runId, execution.runId],
  );
  const moved = rows[0];
  // A reset of an execution that went on from another one keeps that other one's id: only the last one served counts.
  if (!moved?.before || moved.before === execution.continuedFrom) return;
  await writeEventOfRun(trx, runId, 'run_reset', { after_its_end: moved.has_ended });
}
