// Owns the timeline of a run: one row per thing worth telling a person.
import type { Knex } from 'knex';

/** What a run event can say; more may follow. Details hold counts and reasons, never row data. */
export type RunEventType =
  | 'run_queued'
  | 'run_admitted'
  | 'run_started'
  | 'waiting'
  | 'snapshot_rebaselined'
  | 'model_read'
  | 'changes_planned'
  | 'deletes_held'
  | 'vanished_rows_kept'
  | 'may_be_partial'
  | 'writes_finished'
  | 'counter_mismatch'
  | 'run_completed'
  | 'run_failed'
  | 'run_cancelled';

export interface RunEventPlace {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly runId: string;
}

/** Writes one event, in the transaction of the thing it tells. */
export async function writeEvent(
  trx: Knex,
  place: RunEventPlace,
  type: RunEventType,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await trx.raw(
    `INSERT INTO run_events (workspace_id, sync_id, run_id, at, type, detail)
     VALUES (?, ?, ?, clock_timestamp(), ?, ?)`,
    [place.workspaceId, place.syncId, place.runId, type, JSON.stringify(detail)],
  );
}
