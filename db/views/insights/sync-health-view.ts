// Owns the figures of a workspace's runs over one time and the time before it, and the syncs that did worst.
import type { Knex } from 'knex';

/** Times before `until` and not before `from`. The time before is as long, and ends where this one begins. */
export interface HealthWindow {
  readonly from: Date;
  readonly until: Date;
}

/** What the runs that ended within a time amount to. A run counts once, when it has ended. */
export interface RunFigures {
  /** All but dry runs, by their status. */
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly dryRuns: number;
  /** Mean of the completed ones that were no dry runs, from start to end; null when there was none. */
  readonly averageDurationSeconds: number | null;
  /** Created, updated or deleted in a destination, whatever became of the run afterwards. */
  readonly rowsSynced: number;
  /** Syncs of which a run failed or was refused rows; dry runs aside. */
  readonly syncsWithErrors: number;
}

/** A sync of which a run failed or was refused rows. */
export interface Offender {
  readonly syncId: string;
  readonly name: string;
  /** All that ended, dry runs aside. */
  readonly runs: number;
  readonly runsFailed: number;
  readonly rowsFailed: number;
  /** The newest of its runs that failed or was refused rows. */
  readonly lastRunWithErrors: string;
}

export interface SyncHealth {
  readonly now: RunFigures;
  readonly before: RunFigures;
  /** Most failed runs first, then most failed rows; syncs that were deleted since are left out. */
  readonly worstOffenders: readonly Offender[];
}

interface FiguresRow {
  is_now: boolean;
  completed: number;
  failed: number;
  cancelled: number;
  dry_runs: number;
  average_seconds: number | null;
  rows_synced: number;
  syncs_with_errors: number;
}

interface OffenderRow {
  id: string;
  name: string;
  runs: number;
  failed: number;
  rows_failed: number;
  last_run: string;
}

const noRuns: RunFigures = {
  completed: 0,
  failed: 0,
  cancelled: 0,
  dryRuns: 0,
  averageDurationSeconds: null,
  rowsSynced: 0,
  syncsWithErrors: 0,
};

const isWithErrors = `kind <> 'dry_run' AND (status = 'failed' OR rows_failed > 0)`;

/** Health of a workspace, with at most `mostOffenders` syncs that did worst. */
export async function syncHealth(
  knex: Knex,
  workspaceId: string,
  { from, until }: HealthWindow,
  mostOffenders: number,
): Promise<SyncHealth> {
  const before = new Date(from.getTime() - (until.getTime() - from.getTime()));
  // One statement, so that figures and offenders tell of the same runs and each is read once; sync by sync, as the index
  // stands (runs_of_sync_by_end).
  const { rows } = await knex.raw<{ rows: { figures: FiguresRow[]; offenders: OffenderRow[] }[] }>(
    `WITH by_sync AS MATERIALIZED (
       SELECT s.id, s.name, s.deleted_at, ended.*
       FROM syncs s CROSS JOIN LATERAL (
         SELECT completed_at >= :from AS is_now,
           count(*) FILTER (WHERE kind <> 'dry_run') AS runs,
           count(*) FILTER (WHERE kind <> 'dry_run' AND status = 'completed') AS completed,
           count(*) FILTER (WHERE kind <> 'dry_run' AND status = 'failed') AS failed,
           count(*) FILTER (WHERE kind <> 'dry_run' AND status = 'cancelled') AS cancelled,
           count(*) FILTER (WHERE kind = 'dry_run') AS dry_runs,
           sum(completed_at - started_at) FILTER (WHERE kind <> 'dry_run' AND status = 'completed') AS worked,
           sum(rows_created + rows_updated + rows_deleted) FILTER (WHERE kind <> 'dry_run') AS rows_synced,
           sum(rows_failed) FILTER (WHERE kind <> 'dry_run') AS rows_failed,
           max(completed_at) FILTER (WHERE ${isWithErrors}) AS last_error_at
         FROM runs
         WHERE sync_id = s.id AND completed_at >= :before AND completed_at < :until
         GROUP BY 1) ended
       WHERE s.workspace_id = :workspaceId),
     figures AS (
       SELECT is_now, sum(completed)::bigint AS completed, sum(failed)::bigint AS failed, sum(cancelled)::bigint AS cancelled,
         sum(dry_runs)::bigint AS dry_runs, (extract(epoch FROM sum(worked)) / nullif(sum(completed), 0))::float8 AS average_seconds,
         coalesce(sum(rows_synced), 0)::bigint AS rows_synced, count(last_error_at) AS syncs_with_errors
       FROM by_sync GROUP BY is_now),
     offenders AS (
       SELECT id, name, runs, failed, rows_failed::bigint AS rows_failed, last_error_at FROM by_sync
       WHERE is_now AND deleted_at IS NULL AND last_error_at IS NOT NULL
       ORDER BY failed DESC, rows_failed DESC, name LIMIT :mostOffenders),
     linked AS (
       SELECT offenders.*, last.id AS last_run FROM offenders CROSS JOIN LATERAL (
         SELECT id FROM runs
         WHERE sync_id = offenders.id AND completed_at = last_error_at AND ${isWithErrors}
         ORDER BY queue_no DESC LIMIT 1) last)
     SELECT (SELECT coalesce(json_agg(figures), '[]') FROM figures) AS figures,
       (SELECT coalesce(json_agg(linked ORDER BY failed DESC, rows_failed DESC, name), '[]') FROM linked) AS offenders`,
    { workspaceId, from, before, until, mostOffenders },
  );
  const { figures = [], offenders = [] } = rows[0] ?? {};
  const of = (isNow: boolean): RunFigures => {
    const row = figures.find((candidate) => candidate.is_now === isNow);
    return row ? mapFigures(row) : noRuns;
  };
  return { now: of(true), before: of(false), worstOffenders: offenders.map(mapOffender) };
}

function mapFigures(row: FiguresRow): RunFigures {
  return {
    completed: row.completed,
    failed: row.failed,
    cancelled: row.cancelled,
    dryRuns: row.dry_runs,
    averageDurationSeconds: row.average_seconds,
    rowsSynced: row.rows_synced,
    syncsWithErrors: row.syncs_with_errors,
  };
}

function mapOffender(row: OffenderRow): Offender {
  return {
    syncId: row.id,
    name: row.name,
    runs: row.runs,
    runsFailed: row.failed,
    rowsFailed: row.rows_failed,
    lastRunWithErrors: row.last_run,
  };
}
