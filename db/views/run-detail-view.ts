// Owns everything the detail of one run shows beside its history line: phases, calls, versions; progress is beside it.
import type { Knex } from 'knex';
import type { Phase } from '../../domain/phase';
import { phases } from '../../domain/phase';
import { type QueuePlace, queuePlace, type RunProgress, runProgress } from './run-progress-view';
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

export interface RunDetailView extends RunView {
  readonly note: string | null;
  readonly triggeredBy: string | null;
  readonly allowDeletes: boolean;
  readonly cancelRequestedAt: Date | null;
  readonly counterMismatch: number;
  readonly syncVersion: number | null;
  readonly modelVersion: number | null;
  readonly workflowId: string;
  /** Temporal's id of the execution that serves the run, the last one after a reset; null until a worker has taken it. */
  readonly executionRunId: string | null;
  readonly phases: readonly RunPhaseView[];
  readonly calls: CallTimes;
  /** Null unless the run is running. */
  readonly progress: RunProgress | null;
  /** Null unless the run is queued. */
  readonly queue: QueuePlace | null;
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
  execution_run_id: string | null;
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
  'execution_run_id',
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
  const [phaseViews, calls, progress, queue] = await Promise.all([
    readPhases(knex, runId),
    readCallTimes(knex, runId),
    row.status === 'running' ? runProgress(knex, runId) : null,
    row.status === 'queued' ? queuePlace(knex, syncId, runId) : null,
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
    executionRunId: row.execution_run_id,
    phases: phaseViews,
    calls,
    progress,
    queue,
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
