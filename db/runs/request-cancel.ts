// Owns remembering that a run's cancel was asked for. Neither tells Temporal nor ends the run.
import type { Knex } from 'knex';
import { finalStatuses, type RunStatus } from '../../domain/run';
import { writeEvent } from './run-events';

export interface CancelRequest {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly runId: string;
  /** Id of the token or person who asks. */
  readonly by: string;
}

/** The run as the request found it. A request for a run that has ended changes nothing. */
export interface CancelTarget {
  readonly status: RunStatus;
  readonly workflowId: string;
}

// A run that is being closed is locked until its snapshot has moved, which takes a big run longer than a caller waits.
const lockWaitMs = 3_000;

/**
 * Notes the request unless the run has ended; of several the first one counts. Null when that sync of that workspace has
 * no such run, or was deleted, which it is only once all of them have ended. Only the run's row is locked: whoever ends the run holds it too, so the request comes before the end or
 * finds it. The sync and its lease stay free, as cancelling must not wait for what is being written.
 */
export async function requestCancel(knex: Knex, request: CancelRequest): Promise<CancelTarget | null> {
  return knex.transaction(async (trx) => {
    await trx.raw(`SET LOCAL statement_timeout = ${lockWaitMs}`);
    const { rows } = await trx.raw<{ rows: FoundRow[] }>(
      `SELECT status, workflow_id, cancel_requested_at FROM runs
       WHERE workspace_id = ? AND sync_id = ? AND id = ?
         AND EXISTS (SELECT 1 FROM syncs WHERE syncs.id = runs.sync_id AND deleted_at IS NULL)
       FOR NO KEY UPDATE`,
      [request.workspaceId, request.syncId, request.runId],
    );
    const found = rows[0];
    if (!found) return null;
    const isNew = !isFinal(found.status) && found.cancel_requested_at === null;
    if (isNew) {
      await trx.raw(`UPDATE runs SET cancel_requested_at = clock_timestamp() WHERE id = ?`, [request.runId]);
      await writeEvent(trx, request, 'cancel_requested', { by: request.by });
    }
    return { status: found.status, workflowId: found.workflow_id };
  });
}

interface FoundRow {
  status: RunStatus;
  workflow_id: string;
  cancel_requested_at: Date | null;
}

function isFinal(status: RunStatus): boolean {
  return (finalStatuses as readonly RunStatus[]).includes(status);
}
