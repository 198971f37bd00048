// Owns finding runs that were queued but never got a workflow: Temporal was away, or the API died in between.
import type { Knex } from 'knex';
import type { RunKind, RunTrigger } from '../../domain/run';

export interface LostStart {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly runId: string;
  readonly workflowId: string;
  readonly trigger: RunTrigger;
  readonly kind: RunKind;
  /** `Users → CRM`, for the Temporal Web UI. */
  readonly title: string;
}

interface LostRow {
  workspace_id: string;
  sync_id: string;
  id: string;
  workflow_id: string;
  trigger: RunTrigger;
  kind: RunKind;
  title: string;
}

// A start takes 20 ms; after ten seconds nobody is on the way to it any more.
const graceSeconds = 10;
// A round finds the rest: an outage of hours may leave thousands.
const page = 100;

/** Queued runs without a workflow, oldest first, at most 100. */
export async function lostStarts(knex: Knex): Promise<LostStart[]> {
  const { rows } = await knex.raw<{ rows: LostRow[] }>(
    `SELECT r.workspace_id, r.sync_id, r.id, r.workflow_id, r.trigger, r.kind, m.name || ' → ' || d.name AS title
     FROM runs r JOIN syncs s ON s.id = r.sync_id JOIN models m ON m.id = s.model_id
     JOIN destinations d ON d.id = s.destination_id
     WHERE r.status = 'queued' AND r.first_execution_run_id IS NULL
       AND r.queued_at < clock_timestamp() - interval '${graceSeconds} seconds'
     ORDER BY r.queued_at LIMIT ${page}`,
  );
  return rows.map((row) => ({
    workspaceId: row.workspace_id,
    syncId: row.sync_id,
    runId: row.id,
    workflowId: row.workflow_id,
    trigger: row.trigger,
    kind: row.kind,
    title: row.title,
  }));
}
