// Owns which runs of a sync changed suddenly against the runs before them. Knows no table, and never looks ahead.
import { type AnomalyKind, anomalyKinds } from './anomaly';
import type { MeasuredRun } from './measured-run';
import { type Measure, measures } from './measures';
import { type Expectation, expectationsOf, type Reading, Season } from './season';

/** A sudden change of a run. Values are rows, a share of 0 to 1, or milliseconds. */
export interface Change {
  readonly kind: AnomalyKind;
  /** What was expected of the run. */
  readonly baseline: number;
  readonly observed: number;
  /** How many usual spreads lie between the two. */
  readonly score: number;
}

/** A sudden change, at the run it begins with. */
export interface Anomaly<Run extends MeasuredRun> extends Change {
  readonly run: Run;
  /** How many comparable runs one after the other show it, this one included. */
  readonly runsInARow: number;
}

export interface FoundAnomalies<Run extends MeasuredRun> {
  /** In the order of their runs. */
  readonly anomalies: readonly Anomaly<Run>[];
  /** Runs before which enough others lay to judge them by. */
  readonly judged: number;
}

/** Judges `runs`, oldest first, by those before them; `earlier` ones, older than all of these, only tell what is usual. All are comparable. */
export function findAnomalies<Run extends MeasuredRun>(
  earlier: readonly MeasuredRun[],
  runs: readonly Run[],
): FoundAnomalies<Run> {
  const found = measures.map((measure) => follow(new Watch(measure), earlier, runs));
  const anomalies = found.flatMap((each) => each.anomalies);
  const order = (one: Anomaly<Run>): number => anomalyKinds.indexOf(one.kind);
  anomalies.sort((one, other) => one.run.startedAt - other.run.startedAt || order(one) - order(other));
  return { anomalies, judged: Math.max(...found.map((each) => each.judged)) };
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

function follow<Run extends MeasuredRun>(
  watch: Watch,
  earlier: readonly MeasuredRun[],
  runs: readonly Run[],
): FoundAnomalies<Run> {
  const anomalies: Mutable<Anomaly<Run>>[] = [];
  let judged = 0;
  let goingOn: Mutable<Anomaly<Run>> | null = null;
  for (const run of earlier) watch.learn(run);
  for (const run of runs) {
    const verdict = watch.judge(run);
    if (verdict !== 'not judged') judged += 1;
    if (typeof verdict === 'object') {
      if (goingOn?.kind === verdict.kind) goingOn.runsInARow += 1;
      else {
        goingOn = { ...verdict, run, runsInARow: 1 };
        anomalies.push(goingOn);
      }
    } else if (verdict === 'usual') goingOn = null;
    watch.learn(run);
  }
  return { anomalies, judged };
}

// Of normally scattered values one in 2,000 lies so many spreads off; the seasons and what came before decide the rest.
const leastScore = 3.5;
// A change that has come at least so far, twice in five weeks, is how this sync is.
const asFar = 0.65;
const mostBefore = 1;

/** Follows one measure of a sync from run to run. */
export class Watch {
  private readonly seasons: readonly Season[];

  constructor(private readonly measure: Measure) {
    this.seasons = measure.seasons.map((name) => new Season(name));
  }

  /** Takes in what a run brought. */
  learn(run: MeasuredRun): void {
    const reading = this.read(run);
    if (reading) for (const season of this.seasons) season.learn(run.startedAt, reading);
  }

  /** The change a run shows against those learnt; `not judged` where it says nothing, or too few came before. */
  judge(run: MeasuredRun): Change | 'usual' | 'not judged' {
    const reading = this.read(run);
    const expectations = reading ? expectationsOf(this.seasons, run.startedAt) : [];
    if (!reading || expectations.length === 0) return 'not judged';
    let found: Change | null = null;
    // Each season that is to be believed has its say: none may find the run usual, and to one of them it has to be news.
    for (const { expected, errors } of expectations) {
      const change = this.changeOf(run, reading, { expected, errors });
      if (!change || (found && found.kind !== change.kind)) return 'usual';
      const error = reading.scaled - expected.scaled;
      if (!found && errors.timesBeyond(error * asFar) <= mostBefore) found = change;
    }
    return found ?? 'usual';
  }

  private read(run: MeasuredRun): Reading | null {
    const value = this.measure.valueOf(run);
    return value === null ? null : { value, scaled: this.measure.toScale(value, run) };
  }

  /** How the run differs from what was expected of it; null: not enough to be told. */
  private changeOf(run: MeasuredRun, reading: Reading, { expected, errors }: Expectation): Change | null {
    const { measure } = this;
    const error = reading.scaled - expected.scaled;
    const kind = error > 0 ? measure.up : measure.down;
    const score = Math.abs(error) / Math.max(errors.spread, measure.leastSpread(run));
    if (kind === null || score < leastScore || !measure.isLarge(reading.value, expected.value, run))
      return null;
    return { kind, baseline: expected.value, observed: reading.value, score };
  }
}
