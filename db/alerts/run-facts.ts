// Owns the facts of a run as alerts and messages tell of them, read from its row.
import type { Knex } from 'knex';
import type { RunFacts } from '../../domain/alerts/alert';
import type { FailureCode } from '../../domain/failure';
import type { RunOutcome, RunStatus, RunTrigger } from '../../domain/run';

/** Columns of a run's row that its facts are read from. */
export interface RunFactsRow {
  id: string;
  status: RunStatus;
  outcome: RunOutcome | null;
  trigger: RunTrigger;
  started_at: Date | null;
  completed_at: Date | null;
  rows_processed: number;
  rows_created: number;
  rows_updated: number;
  rows_deleted: number;
  rows_failed: number;
  failure_code: FailureCode | null;
  failure_message: string | null;
}

/** The same as a list for a SELECT from `runs`. */
export const runFactsColumns = `id, status, outcome, trigger, started_at, completed_at, rows_processed, rows_created,
  rows_updated, rows_deleted, rows_failed, failure_code, failure_message`;

export interface FactsOfRun extends RunFacts {
  readonly sync: { readonly id: string; readonly name: string };
}

/** Null: the run is gone, or never was in the workspace. */
export async function factsOfRun(knex: Knex, workspaceId: string, runId: string): Promise<FactsOfRun | null> {
  const { rows } = await knex.raw<{ rows: (RunFactsRow & { sync_id: string; sync_name: string })[] }>(
    `SELECT ${runFactsColumns}, sync_id, (SELECT name FROM syncs WHERE syncs.id = sync_id) AS sync_name
     FROM runs WHERE workspace_id = ? AND id = ?`,
    [workspaceId, runId],
  );
  const [row] = rows;
  return row ? { ...runFactsOf(row), sync: { id: row.sync_id, name: row.sync_name } } : null;
}

export function runFactsOf(row: RunFactsRow): RunFacts {
  const { started_at: startedAt, completed_at: completedAt, failure_code: code } = row;
  return {
    id: row.id,
    status: row.status,
    outcome: row.outcome,
    trigger: row.trigger,
    startedAt: startedAt?.toISOString() ?? null,
    completedAt: completedAt?.toISOString() ?? null,
    durationMs: startedAt && completedAt ? completedAt.getTime() - startedAt.getTime() : null,
    rowsProcessed: row.rows_processed,
    rowsCreated: row.rows_created,
    rowsUpdated: row.rows_updated,
    rowsDeleted: row.rows_deleted,
    rowsFailed: row.rows_failed,
    failure: code && { code, message: row.failure_message ?? code },
  };
}
