// Owns which runs a reconciler looks at next: one statement claims them, so that any number of workers share the load.
import type { Knex } from 'knex';
import type { RunKind, RunTrigger } from '../../../domain/run';

/** When a run is due for a look, milliseconds. The reasons for the numbers stand where they are set. */
export interface ClaimLimits {
  /** A run without a workflow is looked at once it is this old. */
  readonly unstartedMs: number;
  /** A run that has the lease and is still queued, once it has had it so long; and again after as long. */
  readonly untoldMs: number;
  /** A run whose cancel was asked for so long ago; and again after as long. */
  readonly uncancelledMs: number;
  /** A run with a heartbeat younger than this is at work. */
  readonly aliveMs: number;
  /** And looked at this often all the same. */
  readonly lookAnywayMs: number;
  /** Any other run is looked at this often. */
  readonly lookEveryMs: number;
  /** Most runs in one claim. */
  readonly page: number;
}

/** A run that this worker alone looks at now. */
export interface DueRun {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly syncName: string;
  readonly runId: string;
  readonly workflowId: string;
  readonly trigger: RunTrigger;
  readonly kind: RunKind;
  readonly note: string | null;
  readonly retryOf: string | null;
  /** `Users → CRM`, for the Temporal Web UI. */
  readonly title: string;
  /** Whether its workflow has ever reported. */
  readonly isClaimed: boolean;
  readonly cancelRequested: boolean;
  /** Whether it has held the lease long enough to have been told. */
  readonly isUntold: boolean;
}

interface DueRow {
  workspace_id: string;
  sync_id: string;
  sync_name: string;
  id: string;
  workflow_id: string;
  trigger: RunTrigger;
  kind: RunKind;
  note: string | null;
  retry_of: string | null;
  title: string;
  first_execution_run_id: string | null;
  cancel_requested: boolean;
  untold: boolean;
}

/**
 * Claims up to a page of the runs that are due: those whose cancel waits first, then those that may start and were not
 * told, then by their last look. Open runs only: a handful of index entries, however many have ended. A run that somebody
 * is closing or claiming right now is left out.
 */
export async function claimDueRuns(knex: Knex, limits: ClaimLimits): Promise<DueRun[]> {
  const ago = (ms: number): string => `statement_timestamp() - make_interval(secs => ${ms / 1_000})`;
  const soonestMs = Math.min(limits.untoldMs, limits.uncancelledMs, limits.lookEveryMs);
  const { rows } = await knex.raw<{ rows: DueRow[] }>(
    `WITH open AS (
       SELECT r.id, p.checked_at, p.heartbeat_at, r.status, r.cancel_requested_at, r.first_execution_run_id, r.queued_at,
         r.started_at,
         r.status = 'queued' AND EXISTS (SELECT 1 FROM sync_leases l WHERE l.sync_id = r.sync_id AND l.run_id = r.id)
           AND NOT EXISTS (SELECT 1 FROM run_events e
             WHERE e.run_id = r.id AND e.type = 'run_admitted' AND e.at > ${ago(limits.untoldMs)}) AS untold
       FROM runs r LEFT JOIN run_pulses p ON p.run_id = r.id
       WHERE r.status IN ('queued', 'running')),
     due AS (
       SELECT r.id, r.workspace_id, open.untold
       FROM open JOIN runs r ON r.id = open.id
       WHERE CASE
           -- Before it is asked whether somebody may still be on the way to start it: that one finds it closed.
           WHEN open.cancel_requested_at IS NOT NULL THEN open.cancel_requested_at < ${ago(limits.uncancelledMs)}
             AND (open.checked_at IS NULL OR open.checked_at < ${ago(limits.uncancelledMs)})
           WHEN open.first_execution_run_id IS NULL THEN open.queued_at < ${ago(limits.unstartedMs)}
             AND (open.checked_at IS NULL OR open.checked_at < ${ago(limits.lookEveryMs)})
           WHEN open.untold THEN open.checked_at IS NULL OR open.checked_at < ${ago(limits.untoldMs)}
           -- Young runs are at work too: most have ended before their first heartbeat is written.
           WHEN greatest(open.queued_at, open.started_at, open.heartbeat_at) < ${ago(limits.aliveMs)}
             THEN open.checked_at IS NULL OR open.checked_at < ${ago(limits.lookEveryMs)}
           -- A worker that has lost Temporal and not Postgres goes on beating for a run that was terminated.
           ELSE coalesce(open.checked_at, open.started_at, open.queued_at) < ${ago(limits.lookAnywayMs)} END
       ORDER BY open.cancel_requested_at IS NULL, NOT open.untold, open.checked_at NULLS FIRST, open.queued_at
       LIMIT ${limits.page} FOR NO KEY UPDATE OF r SKIP LOCKED),
     claimed AS (
       INSERT INTO run_pulses AS pulse (run_id, workspace_id, checked_at)
       SELECT id, workspace_id, clock_timestamp() FROM due
       ON CONFLICT (run_id) DO UPDATE SET checked_at = excluded.checked_at
         -- Another worker's claim, made after this statement had begun to look.
         WHERE pulse.checked_at IS NULL OR pulse.checked_at <= ${ago(soonestMs)}
       RETURNING run_id)
     SELECT r.workspace_id, r.sync_id, s.name AS sync_name, r.id, r.workflow_id, r.trigger, r.kind, r.note, r.retry_of,
       m.name || ' → ' || d.name AS title, r.first_execution_run_id,
       r.cancel_requested_at IS NOT NULL AS cancel_requested, due.untold
     FROM claimed JOIN due ON due.id = claimed.run_id JOIN runs r ON r.id = due.id JOIN syncs s ON s.id = r.sync_id
     JOIN models m ON m.id = s.model_id JOIN destinations d ON d.id = s.destination_id
     ORDER BY r.cancel_requested_at IS NULL, r.queued_at`,
  );
  return rows.map((row) => ({
    workspaceId: row.workspace_id,
    syncId: row.sync_id,
    syncName: row.sync_name,
    runId: row.id,
    workflowId: row.workflow_id,
    trigger: row.trigger,
    kind: row.kind,
    note: row.note,
    retryOf: row.retry_of,
    title: row.title,
    isClaimed: row.first_execution_run_id !== null,
    cancelRequested: row.cancel_requested,
    isUntold: row.untold,
  }));
}

/** Gives back claims that were not looked at, Temporal being away: they are due at once when it is back. */
export async function giveBackClaims(knex: Knex, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return;
  await knex.raw(`UPDATE run_pulses SET checked_at = NULL WHERE run_id = ANY (?)`, [[...runIds]]);
}
