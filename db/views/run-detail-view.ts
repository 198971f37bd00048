// Owns everything the detail of one run shows beside its history line: phases, calls, neighbours, what it ran with;
// progress is beside it.
import type { Knex } from 'knex';
import type { ConfigurationChanges } from '../../domain/configuration-changes';
import type { Phase } from '../../domain/phase';
import { phases } from '../../domain/phase';
import { changesBetween, type PinnedVersions } from './run-detail/configuration-changes-view';
import { type QueuePlace, queuePlace, type RunProgress, runProgress } from './run-progress-view';
import { mapRunView, type RunView, type RunViewRow, runViewSelection } from './run-view';

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

/** What differs from the configuration of the last run before this one that had started. */
export interface ChangesSince extends ConfigurationChanges {
  readonly previousRunId: string;
}

export interface RunDetailView extends RunView {
  readonly note: string | null;
  /** Nominal time of the slot of a scheduled run. */
  readonly slotAt: Date | null;
  readonly allowDeletes: boolean;
  readonly cancelRequestedAt: Date | null;
  readonly counterMismatch: number;
  readonly syncVersion: number | null;
  readonly modelVersion: number | null;
  /** Null until the run has started, and for the first that has. */
  readonly changes: ChangesSince | null;
  /** Since when row errors of it are removed for their age; null: all are there. */
  readonly rowErrorsRemovedAt: Date | null;
  readonly rawValuesRemovedAt: Date | null;
  /** Its neighbours in the sync's queue. */
  readonly previousRunId: string | null;
  readonly nextRunId: string | null;
  /** Its sync was deleted: it can be read, and nothing can be done with it. */
  readonly isOfDeletedSync: boolean;
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
  slot_at: Date | null;
  allow_deletes: boolean;
  cancel_requested_at: Date | null;
  counter_mismatch: number;
  sync_version: number | null;
  model_version: number | null;
  row_errors_removed_at: Date | null;
  raw_values_removed_at: Date | null;
  workflow_id: string;
  execution_run_id: string | null;
  previous_run_id: string | null;
  next_run_id: string | null;
  is_of_deleted_sync: boolean;
  last_started: { id: string; sync: number; model: number } | null;
}

const detailColumns = [
  'note',
  'slot_at',
  'allow_deletes',
  'cancel_requested_at',
  'counter_mismatch',
  'sync_version',
  'model_version',
  'row_errors_removed_at',
  'raw_values_removed_at',
  'workflow_id',
  'execution_run_id',
] as const satisfies readonly (keyof RunDetailRow)[];

// Each is one step along the sync's queue. What has not started has pinned nothing to compare with.
const before = `FROM runs other WHERE other.sync_id = runs.sync_id AND other.queue_no < runs.queue_no`;
const after = `FROM runs other WHERE other.sync_id = runs.sync_id AND other.queue_no > runs.queue_no`;
const around = `
  (SELECT deleted_at IS NOT NULL FROM syncs WHERE syncs.id = runs.sync_id) AS is_of_deleted_sync,
  (SELECT id ${before} ORDER BY queue_no DESC LIMIT 1) AS previous_run_id,
  (SELECT id ${after} ORDER BY queue_no LIMIT 1) AS next_run_id,
  (SELECT jsonb_build_object('id', id, 'sync', sync_version, 'model', model_version) ${before}
     AND started_at IS NOT NULL ORDER BY queue_no DESC LIMIT 1) AS last_started`;

/** One run of one sync, or null when that sync of that workspace has no such run. */
export async function runDetail(
  knex: Knex,
  workspaceId: string,
  syncId: string,
  runId: string,
): Promise<RunDetailView | null> {
  const row = await knex('runs')
    .where({ workspace_id: workspaceId, sync_id: syncId, id: runId })
    .first<RunDetailRow | undefined>([...runViewSelection(knex), ...detailColumns, knex.raw(around)]);
  if (!row) return null;
  const [phaseViews, calls, changes, progress, queue] = await Promise.all([
    readPhases(knex, runId),
    readCallTimes(knex, runId),
    readChanges(knex, { workspaceId, syncId }, row),
    row.status === 'running' ? runProgress(knex, runId) : null,
    row.status === 'queued' ? queuePlace(knex, syncId, runId) : null,
  ]);
  return {
    ...mapRunView(row),
    note: row.note,
    slotAt: row.slot_at,
    allowDeletes: row.allow_deletes,
    cancelRequestedAt: row.cancel_requested_at,
    counterMismatch: row.counter_mismatch,
    syncVersion: row.sync_version,
    modelVersion: row.model_version,
    changes,
    rowErrorsRemovedAt: row.row_errors_removed_at,
    rawValuesRemovedAt: row.raw_values_removed_at,
    previousRunId: row.previous_run_id,
    nextRunId: row.next_run_id,
    isOfDeletedSync: row.is_of_deleted_sync,
    workflowId: row.workflow_id,
    executionRunId: row.execution_run_id,
    phases: phaseViews,
    calls,
    progress,
    queue,
  };
}

async function readChanges(
  knex: Knex,
  place: { readonly workspaceId: string; readonly syncId: string },
  row: RunDetailRow,
): Promise<ChangesSince | null> {
  const previous: (PinnedVersions & { id: string }) | null = row.last_started;
  if (!previous || row.sync_version === null || row.model_version === null) return null;
  const now = { sync: row.sync_version, model: row.model_version };
  const changes = await changesBetween(knex, place, previous, now);
  return changes && { ...changes, previousRunId: previous.id };
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
