// Owns everything the detail of one run shows beside its history line: phases, calls, progress, versions.
import type { Knex } from 'knex';
import type { Phase } from '../../domain/phase';
import { phases } from '../../domain/phase';
import { mapRunView, type RunView, type RunViewRow, runViewColumns } from './run-view';

/** One phase as far as it has come. `waitedMs`: time spent waiting out limits and outages. */
export interface RunPhaseView {
  readonly phase: Phase;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly attempts: number;
  readonly waitedMs: number;
}

/** Calls to the destination, milliseconds; the percentiles are null when there was no call. */
export interface CallTimes {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** Trouble a run waits out, in the words of the failure it would become. */
export interface WaitView {
  readonly reason: string;
  readonly since: Date;
}

/** How far a running run has come; planned is null until the changes are known. */
export interface RunProgress {
  readonly rowsRead: number | null;
  readonly rowsPlanned: number | null;
  readonly rowsAnswered: number;
  /** Null while the run works. */
  readonly waitingFor: WaitView | null;
}

export interface RunDetailView extends RunView {
  readonly note: string | null;
  readonly triggeredBy: string | null;
  readonly allowDeletes: boolean;
  readonly cancelRequestedAt: Date | null;
  readonly counterMismatch: number;
  readonly syncVersion: number | null;
  readonly modelVersion: number | null;
  readonly workflowId: string;
  /** Temporal's id of the first execution; null until a worker has taken the run. */
  readonly firstExecutionRunId: string | null;
  readonly phases: readonly RunPhaseView[];
  readonly calls: CallTimes;
  /** Null unless the run is running. */
  readonly progress: RunProgress | null;
}

interface RunDetailRow extends RunViewRow {
  note: string | null;
  triggered_by: string | null;
  allow_deletes: boolean;
  cancel_requested_at: Date | null;
  counter_mismatch: number;
  sync_version: number | null;
  model_version: number | null;
  workflow_id: string;
  first_execution_run_id: string | null;
}

const detailColumns = [
  ...runViewColumns,
  'note',
  'triggered_by',
  'allow_deletes',
  'cancel_requested_at',
  'counter_mismatch',
  'sync_version',
  'model_version',
  'workflow_id',
  'first_execution_run_id',
] as const satisfies readonly (keyof RunDetailRow)[];

/** One run of one sync, or null when that sync of that workspace has no such run. */
export async function runDetail(
  knex: Knex,
  workspaceId: string,
  syncId: string,
  runId: string,
): Promise<RunDetailView | null> {
  const row = await knex('runs')
    .where({ workspace_id: workspaceId, sync_id: syncId, id: runId })
    .first<RunDetailRow | undefined>(detailColumns);
  if (!row) return null;
  const [phaseViews, calls, progress] = await Promise.all([
    readPhases(knex, runId),
    readCallTimes(knex, runId),
    row.status === 'running' ? readProgress(knex, runId) : null,
  ]);
  return {
    ...mapRunView(row),
    note: row.note,
    triggeredBy: row.triggered_by,
    allowDeletes: row.allow_deletes,
    cancelRequestedAt: row.cancel_requested_at,
    counterMismatch: row.counter_mismatch,
    syncVersion: row.sync_version,
    modelVersion: row.model_version,
    workflowId: row.workflow_id,
    firstExecutionRunId: row.first_execution_run_id,
    phases: phaseViews,
    calls,
    progress,
  };
}

async function readPhases(knex: Knex, runId: string): Promise<RunPhaseView[]> {
  interface PhaseRow {
    phase: Phase;
    started_at: Date;
    ended_at: Date | null;
    attempts: number;
    waited_ms: number;
  }
  const rows: PhaseRow[] = await knex('run_phases').where({ run_id: runId });
  return rows
    .toSorted((one, other) => phases.indexOf(one.phase) - phases.indexOf(other.phase))
    .map((row) => ({
      phase: row.phase,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      attempts: row.attempts,
      waitedMs: row.waited_ms,
    }));
}

async function readCallTimes(knex: Knex, runId: string): Promise<CallTimes> {
  const { rows } = await knex.raw<{ rows: CallTimes[] }>(
    `SELECT count(*) AS count,
            percentile_disc(0.5) WITHIN GROUP (ORDER BY ms) AS p50,
            percentile_disc(0.95) WITHIN GROUP (ORDER BY ms) AS p95
       FROM batches, unnest(call_ms) AS ms
      WHERE run_id = ?`,
    [runId],
  );
  return rows[0] ?? { count: 0, p50: null, p95: null };
}

async function readProgress(knex: Knex, runId: string): Promise<RunProgress> {
  interface ProgressRow {
    rows_read: number | null;
    rows_planned: number | null;
    rows_answered: number;
    waiting_since: Date | null;
    waiting_reason: string | null;
  }
  // sum() of integers is a bigint, of bigints a numeric that the driver would give as text: hence the cast.
  const { rows } = await knex.raw<{ rows: ProgressRow[] }>(
    `SELECT (SELECT lines_read FROM journals WHERE run_id = :runId AND published_at IS NOT NULL) AS rows_read,
            (SELECT creates + updates + planned_deletes - skipped_deletes
               FROM change_plans WHERE run_id = :runId) AS rows_planned,
            (SELECT coalesce(sum(creates + updates + deletes), 0)::bigint
               FROM batches WHERE run_id = :runId AND state = 'acked') AS rows_answered,
            (SELECT max(waiting_since) FROM run_phases WHERE run_id = :runId) AS waiting_since,
            (SELECT detail ->> 'reason' FROM run_events WHERE run_id = :runId AND type = 'waiting'
              ORDER BY id DESC LIMIT 1) AS waiting_reason`,
    { runId },
  );
  const [row] = rows;
  return {
    rowsRead: row?.rows_read ?? null,
    rowsPlanned: row?.rows_planned ?? null,
    rowsAnswered: row?.rows_answered ?? 0,
    waitingFor: row?.waiting_since
      ? { reason: row.waiting_reason ?? 'unknown', since: row.waiting_since }
      : null,
  };
}
