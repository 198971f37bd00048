// Owns a sync's runs as its trends show them: one by one, or summed up by day. Judges none of them.
import type { Knex } from 'knex';
import type { SyncPlace } from '../../configuration/sync-lock';
import { mapRunView, type RunView, type RunViewRow, runViewSelection } from '../run-view';

/** A run that has ended. */
export type EndedRun = RunView & { readonly completedAt: Date };

/** The last `most` runs that have ended, in the order they ended. */
export async function lastEndedRuns(
  knex: Knex,
  { workspaceId, syncId }: SyncPlace,
  most: number,
): Promise<EndedRun[]> {
  const rows: RunViewRow[] = await knex('runs')
    .where({ workspace_id: workspaceId, sync_id: syncId })
    .whereNotNull('completed_at')
    .select<RunViewRow[]>(runViewSelection(knex))
    .orderBy([
      { column: 'completed_at', order: 'desc' },
      { column: 'queue_no', order: 'desc' },
    ])
    .limit(most);
  return rows.map(mapRunView).filter(hasEnded).toReversed();
}

function hasEnded(run: RunView): run is EndedRun {
  return run.completedAt !== null;
}

/** What the runs that ended within a time amount to; dry runs are left out of all of it. */
export interface TrendFigures {
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly rowsProcessed: number;
  readonly rowsCreated: number;
  readonly rowsUpdated: number;
  readonly rowsDeleted: number;
  readonly rowsFailed: number;
  /** Of the completed ones, milliseconds; null when there was none. */
  readonly durationP50Ms: number | null;
  readonly durationP95Ms: number | null;
}

/** One day of UTC. */
export interface TrendDay extends TrendFigures {
  /** `2026-01-15`. */
  readonly day: string;
}

interface FiguresRow {
  day: string | null;
  completed: number;
  failed: number;
  cancelled: number;
  rows_processed: number;
  rows_created: number;
  rows_updated: number;
  rows_deleted: number;
  rows_failed: number;
  p50_ms: number | null;
  p95_ms: number | null;
}

/** The days from `from` until before `until` on which any run ended, oldest first, and all of them together. */
export async function trendDays(
  knex: Knex,
  { workspaceId, syncId }: SyncPlace,
  from: Date,
  until: Date,
): Promise<{ days: TrendDay[]; all: TrendFigures }> {
  // The workspace is asked of the sync: the index of its runs does not know it, and answers alone.
  const { rows } = await knex.raw<{ rows: FiguresRow[] }>(
    `SELECT to_char(completed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
       count(*) FILTER (WHERE status = 'completed') AS completed,
       count(*) FILTER (WHERE status = 'failed') AS failed,
       count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
       coalesce(sum(rows_processed), 0)::bigint AS rows_processed, coalesce(sum(rows_created), 0)::bigint AS rows_created,
       coalesce(sum(rows_updated), 0)::bigint AS rows_updated, coalesce(sum(rows_deleted), 0)::bigint AS rows_deleted,
       coalesce(sum(rows_failed), 0)::bigint AS rows_failed, ${percentile(0.5)} AS p50_ms, ${percentile(0.95)} AS p95_ms
     FROM runs
     WHERE sync_id = (SELECT id FROM syncs WHERE workspace_id = :workspaceId AND id = :syncId)
       AND completed_at >= :from AND completed_at < :until AND kind <> 'dry_run'
     GROUP BY GROUPING SETS ((1), ()) ORDER BY 1 NULLS FIRST`,
    { workspaceId, syncId, from, until },
  );
  const [all, ...days] = rows;
  if (!all) throw new Error('the sum of all days is missing');
  return { days: days.map((row) => ({ day: row.day ?? '', ...mapFigures(row) })), all: mapFigures(all) };
}

function percentile(share: number): string {
  const durationMs = `extract(epoch FROM completed_at - started_at)::float8 * 1000`;
  return `percentile_disc(${share}) WITHIN GROUP (ORDER BY ${durationMs}) FILTER (WHERE status = 'completed')`;
}

function mapFigures(row: FiguresRow): TrendFigures {
  return {
    completed: row.completed,
    failed: row.failed,
    cancelled: row.cancelled,
    rowsProcessed: row.rows_processed,
    rowsCreated: row.rows_created,
    rowsUpdated: row.rows_updated,
    rowsDeleted: row.rows_deleted,
    rowsFailed: row.rows_failed,
    durationP50Ms: row.p50_ms,
    durationP95Ms: row.p95_ms,
  };
}
