// Owns telling that a run was reset after its end in a way that reaches none of its activities. Changes no run's end.
import type { Knex } from 'knex';
import { writeEventOfRun } from '../run-events';

export interface EndedExecution {
  readonly workflowId: string;
  readonly executionRunId: string;
  readonly startedAt: Date;
}

/** Writes `run_reset` for each run of which an execution began after its end that no activity has told of; returns them. */
export async function noteLateResets(knex: Knex, ended: readonly EndedExecution[]): Promise<string[]> {
  if (ended.length === 0) return [];
  return knex.transaction(async (trx) => {
    // Compare-and-set on the execution the run knows of: the event is written once, whoever finds it.
    const { rows } = await trx.raw<{ rows: { id: string }[] }>(
      `UPDATE runs SET execution_run_id = late.execution_run_id
       FROM (SELECT DISTINCT ON (workflow_id) * FROM unnest(?::text[], ?::text[], ?::timestamptz[])
               AS listed (workflow_id, execution_run_id, started_at)
             ORDER BY workflow_id, started_at DESC) late
       WHERE runs.workflow_id = late.workflow_id AND runs.completed_at < late.started_at
         AND runs.execution_run_id IS DISTINCT FROM late.execution_run_id
       RETURNING runs.id`,
      [
        ended.map(({ workflowId }) => workflowId),
        ended.map(({ executionRunId }) => executionRunId),
        ended.map(({ startedAt }) => startedAt),
      ],
    );
    for (const { id } of rows) await writeEventOfRun(trx, id, 'run_reset', { after_its_end: true });
    return rows.map(({ id }) => id);
  });
}
