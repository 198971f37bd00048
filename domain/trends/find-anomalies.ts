// Owns which runs of a sync changed suddenly against the runs before them. Knows no table, and never looks ahead.
import { type AnomalyKind, anomalyKinds } from './anomaly';
import type { MeasuredRun } from './measured-run';
import { type Measure, measures } from './measures';
import { bestSeason, Season } from './season';

/** A sudden change, at the run it begins with. Values are rows, a share of 0 to 1, or milliseconds. */
export interface Anomaly<Run extends MeasuredRun> {
  readonly kind: AnomalyKind;
  readonly run: Run;
  /** What was expected of the run. */
  readonly baseline: number;
  readonly observed: number;
  /** How many usual spreads lie between the two. */
  readonly score: number;
  /** How many comparable runs one after the other show it, this one included. */
  readonly runsInARow: number;
}

export interface FoundAnomalies<Run extends MeasuredRun> {
  /** In the order of their runs. */
  readonly anomalies: readonly Anomaly<Run>[];
  /** Runs before which enough others lay to judge them by. */
  readonly judged: number;
}

// Of normally scattered values one in 16,000 lies four spreads off; of the spreads themselves nobody is that sure.
const leastScore = 4;
// A change that has come at least so far, twice in five weeks, is how this sync is.
const asFar = 0.6;
const mostBefore = 1;

/** Judges `runs`, oldest first, by those before them; `earlier` ones, older than all of these, only tell what is usual. All are comparable. */
export function findAnomalies<Run extends MeasuredRun>(
  earlier: readonly MeasuredRun[],
  runs: readonly Run[],
): FoundAnomalies<Run> {
  const found = measures.map((measure) => watch(measure, earlier, runs));
  const anomalies = found.flatMap((each) => each.anomalies);
  const order = (one: Anomaly<Run>): number => anomalyKinds.indexOf(one.kind);
  anomalies.sort((one, other) => one.run.startedAt - other.run.startedAt || order(one) - order(other));
  return { anomalies, judged: Math.max(...found.map((each) => each.judged)) };
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

function watch<Run extends MeasuredRun>(
  measure: Measure,
  earlier: readonly MeasuredRun[],
  runs: readonly Run[],
): FoundAnomalies<Run> {
  const seasons = measure.seasons.map((name) => new Season(name));
  const anomalies: Mutable<Anomaly<Run>>[] = [];
  let judged = 0;
  let goingOn: Mutable<Anomaly<Run>> | null = null;
  for (const run of earlier) learn(measure, seasons, run);
  for (const run of runs) {
    const verdict = judge(measure, seasons, run);
    if (verdict.isJudged) judged += 1;
    if (!verdict.anomaly) goingOn = verdict.isSilent ? goingOn : null;
    else if (goingOn?.kind === verdict.anomaly.kind) goingOn.runsInARow += 1;
    else anomalies.push((goingOn = { ...verdict.anomaly, run, runsInARow: 1 }));
    learn(measure, seasons, run);
  }
  return { anomalies, judged };
}

function learn(measure: Measure, seasons: readonly Season[], run: MeasuredRun): void {
  const value = measure.valueOf(run);
  if (value === null) return;
  for (const season of seasons) season.learn(run.startedAt, measure.toScale(value));
}

interface Verdict {
  readonly isJudged: boolean;
  /** The run says nothing of what is watched. */
  readonly isSilent: boolean;
  readonly anomaly: Omit<Anomaly<MeasuredRun>, 'run' | 'runsInARow'> | null;
}

function judge(measure: Measure, seasons: readonly Season[], run: MeasuredRun): Verdict {
  const observed = measure.valueOf(run);
  const best = bestSeason(seasons, run.startedAt);
  const isSilent = observed === null;
  if (isSilent || !best) return { isJudged: false, isSilent, anomaly: null };
  const { errors } = best.season;
  const error = measure.toScale(observed) - best.expected;
  const kind = error > 0 ? measure.up : measure.down;
  const score = Math.abs(error) / Math.max(errors.spread, measure.leastSpread(run));
  const baseline = measure.fromScale(best.expected);
  const isAnomaly =
    kind !== null &&
    score >= leastScore &&
    measure.isLarge(observed, baseline, run) &&
    errors.countBeyond(error * asFar) <= mostBefore;
  return { isJudged: true, isSilent, anomaly: isAnomaly ? { kind, baseline, observed, score } : null };
}
