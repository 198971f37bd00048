// Owns putting a sync's trends together: the series, and the anomalies among its runs. Shapes no JSON.
import type { Knex } from 'knex';
import type { SyncPlace } from '../../db/configuration/sync-lock';
import { comparableRuns, earlierRuns } from '../../db/views/insights/comparable-runs-view';
import {
  type EndedRun,
  lastEndedRuns,
  type TrendDay,
  trendDays,
  type TrendFigures,
} from '../../db/views/insights/trend-view';
import { type Anomaly, findAnomalies } from '../../domain/trends/find-anomalies';
import { isComparable, type MeasuredRun } from '../../domain/trends/measured-run';
import { quantile } from '../../domain/trends/robust';

/** A run that was judged. */
export interface JudgedRun extends MeasuredRun {
  readonly id: string;
  readonly completedAt: Date;
}

/** Milliseconds; null of no runs. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
}

interface Judgement {
  readonly anomalies: readonly Anomaly<JudgedRun>[];
  /** Runs before which enough others lay. */
  readonly judged: number;
  /** When the first of the runs ended that could be judged at all; null when there was none. */
  readonly since: Date | null;
}

export interface TrendsByRun extends Judgement {
  readonly by: 'run';
  readonly series: readonly EndedRun[];
  readonly durations: Percentiles;
}

export interface TrendsByDay extends Judgement {
  readonly by: 'day';
  /** Every day, those without a run too. */
  readonly series: readonly TrendDay[];
  readonly durations: Percentiles;
}

// With both at their most a request works for some 60 ms. Ninety days of runs every hour are all judged; of runs that come
// more often, the newest.
const mostEarlier = 1_500;
const mostJudged = 2_200;
const dayMs = 86_400_000;

/** Trends over the last `runs` runs that have ended. */
export async function trendsByRun(knex: Knex, place: SyncPlace, runs: number): Promise<TrendsByRun> {
  const series = await lastEndedRuns(knex, place, runs);
  const durations = series
    .filter((run) => run.status === 'completed' && run.kind !== 'dry_run')
    .map(durationMs)
    .sort((one, other) => one - other);
  const judgement = await judge(knex, place, series.filter(isComparable).map(measured));
  return { by: 'run', series, durations: percentilesOf(durations), ...judgement };
}

/** Trends over the last `days` days of UTC until `now`, today included. */
export async function trendsByDay(
  knex: Knex,
  place: SyncPlace,
  days: number,
  now: Date,
): Promise<TrendsByDay> {
  const today = Math.floor(now.getTime() / dayMs) * dayMs;
  const from = new Date(today - (days - 1) * dayMs);
  const [found, runs] = await Promise.all([
    trendDays(knex, place, from, now),
    comparableRuns(knex, place, { from, until: now, most: mostJudged }),
  ]);
  const byDay = new Map(found.days.map((day) => [day.day, day]));
  const series = Array.from({ length: days }, (_, at) => {
    const day = new Date(from.getTime() + at * dayMs).toISOString().slice(0, 10);
    return byDay.get(day) ?? { day, ...noRuns };
  });
  const { durationP50Ms: p50, durationP95Ms: p95 } = found.all;
  return { by: 'day', series, durations: { p50, p95 }, ...(await judge(knex, place, runs)) };
}

async function judge(knex: Knex, place: SyncPlace, runs: readonly JudgedRun[]): Promise<Judgement> {
  const [first] = runs;
  if (!first) return { anomalies: [], judged: 0, since: null };
  const earlier = await earlierRuns(knex, place, first.completedAt, mostEarlier);
  return { ...findAnomalies(earlier, runs), since: first.completedAt };
}

function measured(run: EndedRun): JudgedRun {
  return {
    id: run.id,
    completedAt: run.completedAt,
    startedAt: startOf(run),
    durationMs: durationMs(run),
    rowsProcessed: run.counts.processed,
    rowsFailed: run.counts.failed,
  };
}

// What has completed has started (runs_started_when_running).
function startOf({ startedAt, completedAt }: EndedRun): number {
  return (startedAt ?? completedAt).getTime();
}

function durationMs(run: EndedRun): number {
  return run.completedAt.getTime() - startOf(run);
}

function percentilesOf(sorted: readonly number[]): Percentiles {
  if (sorted.length === 0) return { p50: null, p95: null };
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}

const noRuns: TrendFigures = {
  completed: 0,
  failed: 0,
  cancelled: 0,
  rowsProcessed: 0,
  rowsCreated: 0,
  rowsUpdated: 0,
  rowsDeleted: 0,
  rowsFailed: 0,
  durationP50Ms: null,
  durationP95Ms: null,
};
