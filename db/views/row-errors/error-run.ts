// Owns what has to be known of a run before its row errors are read.
import type { Knex } from 'knex';
import { type RunGroups, storedGroups } from '../../ledger/row-error-groups';

/** A run whose row errors are asked for. */
export interface ErrorRun {
  readonly id: string;
  readonly syncId: string;
  readonly queueNo: number;
  readonly startedAt: Date | null;
  /** Its row errors do not change any more, unless they are removed for their age. */
  readonly hasEnded: boolean;
  /** Its row errors are being removed, or are gone. */
  readonly isThinned: boolean;
}

/** The run, or null when that sync of that workspace has no such run. */
export async function findErrorRun(
  knex: Knex,
  workspaceId: string,
  syncId: string,
  runId: string,
): Promise<ErrorRun | null> {
  const { rows } = await knex.raw<{ rows: Omit<ErrorRun, 'id' | 'syncId'>[] }>(
    `SELECT queue_no AS "queueNo", started_at AS "startedAt", completed_at IS NOT NULL AS "hasEnded",
       row_errors_removed_at IS NOT NULL OR EXISTS (SELECT 1 FROM run_removals WHERE run_id = r.id) AS "isThinned"
     FROM runs r WHERE workspace_id = ? AND sync_id = ? AND id = ?`,
    [workspaceId, syncId, runId],
  );
  const [found] = rows;
  return found ? { id: runId, syncId, ...found } : null;
}

/** The groups that say how many row errors there are; null where only the row errors themselves can tell. */
export async function reliableGroups(knex: Knex, run: ErrorRun): Promise<RunGroups | null> {
  return run.hasEnded && !run.isThinned ? storedGroups(knex, run.id) : null;
}
