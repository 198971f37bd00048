// Owns telling which of the workflows that Temporal has open should be open no longer, by one statement.
import type { Knex } from 'knex';
import { schedulePrefix } from '../../../domain/schedule';

/** A workflow that goes on though its run has ended, or is not there. */
export interface Overdue {
  readonly workflowId: string;
  /** Null: Postgres has no such run. */
  readonly runId: string | null;
  /** Milliseconds since its run ended; since the workflow began, when there is no run. */
  readonly forMs: number;
}

export interface ListedWorkflow {
  readonly workflowId: string;
  readonly startedAt: Date;
}

/** The overdue ones among `listed`: ended, or without a run, for longer than `graceMs`. */
export async function overdueWorkflows(
  knex: Knex,
  listed: readonly ListedWorkflow[],
  graceMs: number,
): Promise<Overdue[]> {
  if (listed.length === 0) return [];
  // A workflow that a schedule started makes its row itself, however long it waits for a worker.
  const { rows } = await knex.raw<{ rows: { workflow_id: string; run_id: string | null; for_ms: number }[] }>(
    `SELECT listed.workflow_id, r.id AS run_id,
       (extract(epoch FROM statement_timestamp() - coalesce(r.completed_at, listed.started_at)) * 1000)::float8 AS for_ms
     FROM unnest(?::text[], ?::timestamptz[]) AS listed (workflow_id, started_at)
     LEFT JOIN runs r ON r.workflow_id = listed.workflow_id
     WHERE (r.id IS NULL AND NOT starts_with(listed.workflow_id, ?) AND listed.started_at < ${graceAgo(graceMs)})
        OR r.completed_at < ${graceAgo(graceMs)}`,
    [listed.map(({ workflowId }) => workflowId), listed.map(({ startedAt }) => startedAt), schedulePrefix],
  );
  return rows.map((row) => ({ workflowId: row.workflow_id, runId: row.run_id, forMs: row.for_ms }));
}

function graceAgo(graceMs: number): string {
  return `statement_timestamp() - make_interval(secs => ${graceMs / 1_000})`;
}
