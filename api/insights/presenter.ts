// Owns how a workspace's health and a sync's trends look on the wire.
import type { OpenAlerts } from '../../db/views/alerts/open-alerts-view';
import type { ScheduleProgress } from '../../db/views/insights/schedule-progress-view';
import type { Offender, RunFigures, SyncHealth } from '../../db/views/insights/sync-health-view';
import type { EndedRun, TrendDay } from '../../db/views/insights/trend-view';
import { type AnomalyKind, likelyCauses } from '../../domain/trends/anomaly';
import type { Anomaly } from '../../domain/trends/find-anomalies';
import { errorRate, isComparable } from '../../domain/trends/measured-run';
import type { Overdue } from '../../temporal/overdue-schedules';
import { cadenceInWords } from '../syncs/schedule/words';
import { preciseWireTime, wireTime, wireTimeOrNull } from '../wire-time';
import type { HealthWindowName } from './schema';
import type { JudgedRun, Percentiles, TrendsByDay, TrendsByRun } from './trends';

// Some hundred syncs that are all late are one trouble, and the first of them name it.
const mostOverdue = 100;

/** GET /insights/sync-health. */
export function presentSyncHealth(
  window: HealthWindowName,
  { from, until }: { from: Date; until: Date },
  { now, before, worstOffenders }: SyncHealth,
  overdue: readonly Overdue<ScheduleProgress>[],
  openAlerts: OpenAlerts,
): object {
  const lengthMs = until.getTime() - from.getTime();
  const of = (figure: (figures: RunFigures) => number | null): object => compare(figure(now), figure(before));
  return {
    window,
    period: presentPeriod(from, until),
    period_before: presentPeriod(new Date(from.getTime() - lengthMs), from),
    total_runs: of(totalRuns),
    success_rate: of(({ completed, failed }) => ratio(completed, completed + failed)),
    average_duration_seconds: of((figures) => figures.averageDurationSeconds),
    rows_synced: of((figures) => figures.rowsSynced),
    syncs_with_errors: of((figures) => figures.syncsWithErrors),
    runs: { completed: now.completed, failed: now.failed, cancelled: now.cancelled, dry_runs: now.dryRuns },
    worst_offenders: worstOffenders.map(presentOffender),
    overdue_schedules: {
      total: overdue.length,
      data: overdue.slice(0, mostOverdue).map(presentOverdue),
    },
    open_alerts: {
      total: openAlerts.critical + openAlerts.warning,
      critical: openAlerts.critical,
      warning: openAlerts.warning,
      acknowledged: openAlerts.acknowledged,
    },
  };
}

function totalRuns({ completed, failed, cancelled, dryRuns }: RunFigures): number {
  return completed + failed + cancelled + dryRuns;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function compare(value: number | null, before: number | null): object {
  const change = value === null || before === null ? null : value - before;
  return {
    value: rounded(value),
    before: rounded(before),
    change: rounded(change),
    change_ratio: rounded(change === null || !before ? null : change / before),
  };
}

/** To six digits after the point: finer is noise of the arithmetic. */
function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e6) / 1e6;
}

function presentPeriod(from: Date, until: Date): object {
  return { from: preciseWireTime(from), until: preciseWireTime(until) };
}

function presentOffender({
  syncId,
  name,
  runs,
  runsFailed,
  rowsFailed,
  lastRunWithErrors,
}: Offender): object {
  const sync = syncPath(syncId);
  return {
    sync_id: syncId,
    name,
    runs,
    runs_failed: runsFailed,
    rows_failed: rowsFailed,
    last_run_with_errors: lastRunWithErrors,
    links: {
      sync,
      runs: `${sync}/runs`,
      trends: `${sync}/trends`,
      last_run_with_errors: `${sync}/runs/${lastRunWithErrors}`,
    },
  };
}

function presentOverdue(overdue: Overdue<ScheduleProgress>): object {
  const sync = syncPath(overdue.syncId);
  return {
    sync_id: overdue.syncId,
    name: overdue.name,
    cadence: cadenceInWords(overdue.schedule),
    due_at: wireTime(overdue.dueAt),
    late_seconds: Math.floor(overdue.lateMs / 1_000),
    last_slot_at: wireTimeOrNull(overdue.lastRunSlot),
    applied: overdue.isApplied,
    links: { sync, schedule: `${sync}/schedule` },
  };
}

/** GET /syncs/{id}/trends. */
export function presentTrends(syncId: string, trends: TrendsByRun | TrendsByDay): object {
  return {
    by: trends.by,
    sync_id: syncId,
    series: trends.by === 'run' ? trends.series.map(presentRunPoint) : trends.series.map(presentDayPoint),
    duration_seconds: presentPercentiles(trends.durations),
    anomalies: trends.anomalies.map((anomaly) => presentAnomaly(syncId, anomaly)),
    judged_runs: trends.judged,
    judged_since: wireTimeOrNull(trends.since),
  };
}

function presentRunPoint(run: EndedRun): object {
  const { counts, startedAt, completedAt } = run;
  return {
    run_id: run.id,
    status: run.status,
    outcome: run.outcome,
    kind: run.kind,
    trigger: run.trigger,
    retry_of: run.retryOf,
    comparable: isComparable(run),
    started_at: wireTimeOrNull(startedAt),
    completed_at: wireTime(completedAt),
    rows_processed: counts.processed,
    rows_created: counts.created,
    rows_updated: counts.updated,
    rows_deleted: counts.deleted,
    rows_failed: counts.failed,
    error_rate: rounded(errorRate(counts.failed, counts.processed)),
    duration_seconds: startedAt && inSeconds(completedAt.getTime() - startedAt.getTime()),
  };
}

function presentDayPoint(day: TrendDay): object {
  return {
    day: day.day,
    runs: { completed: day.completed, failed: day.failed, cancelled: day.cancelled },
    rows_processed: day.rowsProcessed,
    rows_created: day.rowsCreated,
    rows_updated: day.rowsUpdated,
    rows_deleted: day.rowsDeleted,
    rows_failed: day.rowsFailed,
    error_rate: rounded(errorRate(day.rowsFailed, day.rowsProcessed)),
    duration_seconds: presentPercentiles({ p50: day.durationP50Ms, p95: day.durationP95Ms }),
  };
}

function presentPercentiles({ p50, p95 }: Percentiles): object {
  return { p50: p50 === null ? null : inSeconds(p50), p95: p95 === null ? null : inSeconds(p95) };
}

const units: Readonly<Record<AnomalyKind, 'rows' | 'share' | 'seconds'>> = {
  row_count_spike: 'rows',
  row_count_drop: 'rows',
  error_rate_increase: 'share',
  duration_increase: 'seconds',
};

function presentAnomaly(syncId: string, { kind, run, ...found }: Anomaly<JudgedRun>): object {
  const unit = units[kind];
  const onWire = (value: number): number | null => (unit === 'seconds' ? inSeconds(value) : rounded(value));
  return {
    kind,
    run_id: run.id,
    started_at: wireTime(new Date(run.startedAt)),
    baseline: onWire(found.baseline),
    observed: onWire(found.observed),
    unit,
    score: Math.round(found.score * 10) / 10,
    runs_in_a_row: found.runsInARow,
    likely_causes: likelyCauses[kind],
    links: { run: `${syncPath(syncId)}/runs/${run.id}` },
  };
}

/** To the millisecond. */
function inSeconds(ms: number): number {
  return Math.round(ms) / 1_000;
}

function syncPath(syncId: string): string {
  return `/api/v1/syncs/${syncId}`;
}
