// Owns what is watched of a sync's runs: row count, error rate, duration; on which scale, and which change is large enough.
import type { AnomalyKind } from './anomaly';
import { errorRate, type MeasuredRun } from './measured-run';
import type { Reading, SeasonName } from './season';

/** One thing that is watched. Values are rows, a share of 0 to 1, or milliseconds. */
export interface Measure {
  /** What a sudden change upwards is called, and downwards; null: nobody minds. */
  readonly up: AnomalyKind;
  readonly down: AnomalyKind | null;
  readonly seasons: readonly SeasonName[];
  /** Null: the run says nothing of it. */
  valueOf(run: MeasuredRun): number | null;
  /** On a scale on which usual values scatter alike, whatever their size. */
  toScale(value: number, run: MeasuredRun): number;
  /** The smallest spread that is believed, on the scale; else the least change of a constant series were an anomaly. */
  leastSpread(run: MeasuredRun): number;
  /** Whether a person would mind the change, however steady the sync was. */
  isLarge(observed: number, baseline: number, run: MeasuredRun): boolean;
}

const allSeasons = ['none', 'hour_of_day', 'day_of_week', 'hour_of_week'] as const;
// Twice as many, or half: data grows by a third over a holiday without anything being wrong.
const factor = 2;
// A tenth up or down is no news in any sync.
const tenth = Math.log(1.1);

// Ten rows more or less make no difference then between 0 and 5 rows, and none at all between 1,000 and 1,010.
const rowsOffset = 10;
// Fifty rows: below that "three times as many" is chance more often than not.
const leastRows = 50;

const rowCount: Measure = {
  up: 'row_count_spike',
  down: 'row_count_drop',
  seasons: allSeasons,
  valueOf: (run) => run.rowsProcessed,
  toScale: (rows) => Math.log(rows + rowsOffset),
  leastSpread: () => tenth,
  isLarge: (observed, baseline) =>
    Math.abs(observed - baseline) >= leastRows &&
    (observed >= baseline * factor || observed <= baseline / factor),
};

// The page: "A consistent error rate above 1% indicates a systematic issue".
const leastRate = 0.01;
// One or two refused rows in a small run are no trend.
const leastFailed = 5;
// On the scale a step from 0.1 % to 1 % is 0.07; with the score that is asked for, a sync without errors is told of it.
const leastRateSpread = 0.0175;

const rateOfErrors: Measure = {
  up: 'error_rate_increase',
  down: null,
  // Rows do not become wrong by the hour, and what is refused comes again with every run.
  seasons: ['none'],
  valueOf: (run) => errorRate(run.rowsFailed, run.rowsProcessed),
  // Anscombe's: shares of as many rows scatter alike, whatever the share, by half the root of their number.
  toScale: (rate, { rowsProcessed }) =>
    Math.asin(Math.sqrt((rate * rowsProcessed + 3 / 8) / (rowsProcessed + 3 / 4))),
  leastSpread: (run) => Math.max(leastRateSpread, 0.5 / Math.sqrt(run.rowsProcessed)),
  isLarge: (observed, baseline, run) =>
    observed - baseline >= leastRate &&
    observed >= baseline * factor &&
    run.rowsFailed - baseline * run.rowsProcessed >= leastFailed,
};

// A worker that is busy, or a deploy, makes any run some seconds longer.
const leastDurationMs = 10_000;
const durationOffsetMs = 1_000;

const duration: Measure = {
  up: 'duration_increase',
  down: null,
  seasons: allSeasons,
  valueOf: (run) => run.durationMs,
  toScale: (ms) => Math.log(ms + durationOffsetMs),
  leastSpread: () => tenth,
  isLarge: (observed, baseline) => observed - baseline >= leastDurationMs && observed >= baseline * factor,
};

export const measures: readonly Measure[] = [rowCount, rateOfErrors, duration];

/** What is measured of a run; null: it says nothing of it. */
export function readingOf(measure: Measure, run: MeasuredRun): Reading | null {
  const value = measure.valueOf(run);
  return value === null ? null : { value, scaled: measure.toScale(value, run) };
}
