// Owns how runs look on the wire: the product page's keys first and exactly, then more.
import type { RunDetailView, RunPhaseView } from '../../db/views/run-detail-view';
import type { RunProgress } from '../../db/views/run-progress-view';
import type { RunView } from '../../db/views/run-view';
import type { Phase } from '../../domain/phase';
import type { TemporalUi } from '../../temporal/web-ui';
import { preciseWireTime, wireTime, wireTimeOrNull } from '../wire-time';
import { presentConfiguration } from './configuration-presenter';
import { presentLinks } from './links-presenter';

/** A run as in the run history. */
export function presentRun(run: RunView): object {
  const { counts } = run;
  return {
    id: run.id,
    sync_id: run.syncId,
    status: run.status,
    trigger: run.trigger,
    started_at: wireTimeOrNull(run.startedAt),
    completed_at: wireTimeOrNull(run.completedAt),
    duration_seconds: durationSeconds(run),
    rows_processed: counts.processed,
    rows_created: counts.created,
    rows_updated: counts.updated,
    rows_deleted: counts.deleted,
    rows_failed: counts.failed,
    outcome: run.outcome,
    kind: run.kind,
    rows_skipped: counts.skipped,
    rows_unchanged: counts.unchanged,
    rows_not_attempted: counts.notAttempted,
    rows_unknown: counts.unknown,
    queued_at: wireTime(run.queuedAt),
    retry_of: run.retryOf,
    retry_scope: run.retryScope,
    failure: run.failure && { ...run.failure },
    triggered_by: run.triggeredBy,
    triggered_by_name: run.triggeredByName,
  };
}

/** A run with its summary, phases and performance. `ui` null: there is no Web UI to link to. */
export function presentRunDetail(run: RunDetailView, ui: TemporalUi | null): object {
  const { counts } = run;
  return {
    ...presentRun(run),
    note: run.note,
    slot_at: wireTimeOrNull(run.slotAt),
    allow_deletes: run.allowDeletes,
    cancel_requested_at: wireTimeOrNull(run.cancelRequestedAt),
    summary: {
      total_rows: counts.processed,
      created: counts.created,
      updated: counts.updated,
      deleted: counts.deleted,
      failed: counts.failed,
      skipped: counts.skipped,
      unchanged: counts.unchanged,
      not_attempted: counts.notAttempted,
      unknown: counts.unknown,
      planned_deletes: counts.plannedDeletes,
      counter_mismatch: run.counterMismatch,
    },
    phases: run.phases.map(presentPhase),
    performance: presentPerformance(run),
    progress: run.progress && presentProgress(run.progress),
    queue: run.queue && {
      position: run.queue.position,
      ahead_run_id: run.queue.aheadRunId,
      holder_run_id: run.queue.holderRunId,
    },
    configuration: presentConfiguration(run),
    row_errors_removed_at: wireTimeOrNull(run.rowErrorsRemovedAt),
    raw_values_removed_at: wireTimeOrNull(run.rawValuesRemovedAt),
    links: presentLinks(run, ui),
  };
}

export function presentProgress(progress: RunProgress): object {
  const { waitingFor, lastHeartbeatAt } = progress;
  return {
    phase: progress.phase,
    rows_read: progress.rowsRead,
    rows_planned: progress.rowsPlanned,
    rows_answered: progress.rowsAnswered,
    rows_per_second: progress.rowsPerSecond,
    waiting_for: waitingFor && {
      reason: waitingFor.reason,
      since: wireTime(waitingFor.since),
      until: wireTimeOrNull(waitingFor.until),
    },
    last_heartbeat_at: lastHeartbeatAt && preciseWireTime(lastHeartbeatAt),
  };
}

function presentPhase(phase: RunPhaseView): object {
  return {
    phase: phase.phase,
    started_at: preciseWireTime(phase.startedAt),
    ended_at: phase.endedAt && preciseWireTime(phase.endedAt),
    duration_ms: durationMs(phase),
    attempts: phase.attempts,
    waited_ms: phase.waitedMs,
  };
}

// The page's breakdown: processing is everything but the query, so the two add up to the whole.
function presentPerformance(run: RunDetailView): object {
  const of = (wanted: Phase): number | null => {
    const phase = run.phases.find((candidate) => candidate.phase === wanted);
    return phase ? durationMs(phase) : null;
  };
  const totalMs = run.startedAt && run.completedAt && run.completedAt.getTime() - run.startedAt.getTime();
  const queryMs = of('query');
  return {
    total_ms: totalMs,
    query_ms: queryMs,
    processing_ms: totalMs === null ? null : Math.max(0, totalMs - (queryMs ?? 0)),
    change_detection_ms: of('change_detection'),
    destination_writes_ms: of('destination_writes'),
    finalization_ms: of('finalization'),
    api_call_ms: { ...run.calls },
  };
}

function durationMs({ startedAt, endedAt }: RunPhaseView): number | null {
  return endedAt && endedAt.getTime() - startedAt.getTime();
}

function durationSeconds({ startedAt, completedAt }: RunView): number | null {
  return startedAt && completedAt && Math.round((completedAt.getTime() - startedAt.getTime()) / 1_000);
}
