// Owns reading the runs of a sync that may be compared with each other: those to be judged, and what is usual before them.
// Which those are is domain/trends/measured-run's rule, in SQL.
import type { Knex } from 'knex';
import type { MeasuredRun } from '../../../domain/trends/measured-run';
import type { SyncPlace } from '../../configuration/sync-lock';

/** A run to be judged. */
export interface ComparableRun extends MeasuredRun {
  readonly id: string;
  readonly completedAt: Date;
}

interface MeasuredRow {
  started_at: Date;
  completed_at: Date;
  rows_processed: number;
  rows_failed: number;
}

const isComparable = `status = 'completed' AND kind = 'normal' AND retry_of IS NULL`;
const measured = 'started_at, completed_at, rows_processed, rows_failed';
const ofSync = `sync_id = (SELECT id FROM syncs WHERE workspace_id = :workspaceId AND id = :syncId)`;

/** The newest `most` that ended from `from` until before `until`, in the order they ended. */
export async function comparableRuns(
  knex: Knex,
  { workspaceId, syncId }: SyncPlace,
  { from, until, most }: { from: Date; until: Date; most: number },
): Promise<ComparableRun[]> {
  const { rows } = await knex.raw<{ rows: (MeasuredRow & { id: string })[] }>(
    `SELECT id, ${measured} FROM runs
     WHERE ${ofSync} AND completed_at >= :from AND completed_at < :until AND ${isComparable}
     ORDER BY completed_at DESC LIMIT :most`,
    { workspaceId, syncId, from, until, most },
  );
  return rows.map((row) => ({ ...mapMeasured(row), id: row.id, completedAt: row.completed_at })).toReversed();
}

// The five weeks whose errors are remembered (domain/trends/recent-errors), and three before them, by which the first of these
// were expected; of syncs that run rarely the last so many runs.
const lookBackDays = 56;
const leastRuns = 30;

// The thirtieth last of all runs, not of comparable ones: a sync that has failed for a year would be read for a year.
const isWithinMemory = `completed_at < :before AND ${isComparable} AND completed_at >= least(
  :before::timestamptz - make_interval(days => ${lookBackDays}),
  coalesce((SELECT completed_at FROM runs WHERE ${ofSync} AND completed_at < :before
    ORDER BY completed_at DESC OFFSET ${leastRuns - 1} LIMIT 1), '-infinity'))`;

/**
 * What is usual before `before`: the comparable runs of eight weeks, oldest first. Of more than `most` every so manieth, evenly,
 * so that all of the time is seen.
 */
export async function earlierRuns(
  knex: Knex,
  { workspaceId, syncId }: SyncPlace,
  before: Date,
  most: number,
): Promise<MeasuredRun[]> {
  const { rows } = await knex.raw<{ rows: MeasuredRow[] }>(
    `SELECT ${measured} FROM (
       SELECT ${measured}, row_number() OVER (ORDER BY completed_at DESC) - 1 AS place, count(*) OVER () AS total
       FROM runs WHERE ${ofSync} AND ${isWithinMemory}) ended
     WHERE place % ceil(total::float8 / :most)::bigint = 0 ORDER BY completed_at`,
    { workspaceId, syncId, before, most },
  );
  return rows.map(mapMeasured);
}

/** What a run that has just ended is judged by. */
export interface RunsBefore {
  /** Oldest first. */
  readonly earlier: readonly MeasuredRun[];
  /** The last comparable run; null: it is the last of `earlier`, or there is none. */
  readonly previous: MeasuredRun | null;
}

// Eight weeks of a run every forty minutes. Of what runs more often one of every hour is enough, and costs no more.
const mostBefore = 2_016;

/** The comparable runs of eight weeks before `before`: all of them, or, where they are many, the first of each hour. */
export async function runsBefore(
  knex: Knex,
  { workspaceId, syncId }: SyncPlace,
  before: Date,
): Promise<RunsBefore> {
  const bound = { workspaceId, syncId, before };
  const newest = await measuredRuns(
    knex,
    `SELECT ${measured} FROM runs WHERE ${ofSync} AND ${isWithinMemory}
     ORDER BY completed_at DESC LIMIT ${mostBefore + 1}`,
    bound,
  );
  if (newest.length <= mostBefore) return { earlier: newest, previous: null };
  // Hour by hour, each by the index: read in one go it would be every run of eight weeks.
  const earlier = await measuredRuns(
    knex,
    `SELECT first.* FROM generate_series(
       date_trunc('hour', :before::timestamptz - make_interval(days => ${lookBackDays})), :before, '1 hour') hour (begins)
     CROSS JOIN LATERAL (
       SELECT ${measured} FROM runs
       WHERE ${ofSync} AND completed_at >= hour.begins AND completed_at < least(hour.begins + interval '1 hour', :before)
         AND ${isComparable}
       ORDER BY completed_at LIMIT 1) first`,
    bound,
  );
  return { earlier, previous: newest.at(-1) ?? null };
}

// As the driver reads a time: whole milliseconds, what is left of them cut off.
const epochMs = (column: string): string => `floor(extract(epoch FROM ${column}) * 1000)`;

/**
 * The runs that `query` selects (`measured`), oldest first. In one text: as rows they took the driver longer than they took the
 * database.
 */
async function measuredRuns(
  knex: Knex,
  query: string,
  bound: Readonly<Record<string, unknown>>,
): Promise<MeasuredRun[]> {
  const { rows } = await knex.raw<{ rows: { runs: [number, number, number, number][] | null }[] }>(
    `SELECT json_agg(json_build_array(${epochMs('started_at')}, ${epochMs('completed_at')}, rows_processed, rows_failed)
       ORDER BY completed_at) AS runs FROM (${query}) run`,
    bound,
  );
  return (rows[0]?.runs ?? []).map(([startedAt, completedAt, rowsProcessed, rowsFailed]) => ({
    startedAt,
    durationMs: completedAt - startedAt,
    rowsProcessed,
    rowsFailed,
  }));
}

function mapMeasured(row: MeasuredRow): MeasuredRun {
  return {
    startedAt: row.started_at.getTime(),
    durationMs: row.completed_at.getTime() - row.started_at.getTime(),
    rowsProcessed: row.rows_processed,
    rowsFailed: row.rows_failed,
  };
}
