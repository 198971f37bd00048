// Owns which runs of a sync changed suddenly against the runs before them. Knows no table, and never looks ahead.
import { type AnomalyKind, anomalyKinds } from './anomaly';
import type { MeasuredRun } from './measured-run';
import { type Measure, measures, readingOf } from './measures';
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

/** Judges `runs`, oldest first, by those before them; `earlier` ones, older than all of these, tell what is usual. All are comparable. */
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
  for (const run of earlier) watch.learn(run, watch.judge(run));
  for (const run of runs) {
    const { goingOn } = watch;
    const verdict = watch.judge(run);
    watch.learn(run, verdict);
    if (verdict === 'not judged') continue;
    judged += 1;
    if (verdict === 'usual') continue;
    const last = anomalies.at(-1);
    if (goingOn !== verdict.kind) anomalies.push({ ...verdict, run, runsInARow: 1 });
    else if (last) last.runsInARow += 1;
  }
  return { anomalies, judged };
}

// Of normally scattered values one in 2,000 lies so many spreads off; the seasons and what came before decide the rest.
const leastScore = 3.5;
// A change that has come at least so far, twice in five weeks, is how this sync is.
const asFar = 0.65;
const mostBefore = 1;
// What was usual before a change is still known as such for five weeks: coming back to it is the end of that change.
const returnMs = 35 * 86_400_000;

function isNews({ scaled }: Reading, { expected, errors, isSeasoned }: Expectation): boolean {
  return isSeasoned && errors.timesBeyond((scaled - expected.scaled) * asFar) <= mostBefore;
}

/** What the change would be called; null: it is not large, or nobody minds. */
function kindOf(
  { up, down, isLarge }: Measure,
  run: MeasuredRun,
  reading: Reading,
  expected: Reading,
): AnomalyKind | null {
  if (!isLarge(reading.value, expected.value, run)) return null;
  return reading.scaled > expected.scaled ? up : down;
}

/**
 * What can be said without finding which seasons are to be believed: of nearly every run it is enough. `expected`: what each
 * season expects well of it (Season.expectedWell). Null: nothing can.
 */
export function judgeQuickly(
  measure: Measure,
  run: MeasuredRun,
  reading: Reading,
  expected: readonly (Reading | null)[],
): 'usual' | 'not judged' | null {
  const known = expected.filter((each) => each !== null);
  if (known.some((each) => kindOf(measure, run, reading, each))) return null;
  return known.length > 0 ? 'usual' : 'not judged';
}

/** What the watch makes of a run; `not judged` where it says nothing of what is watched, or too few came before. */
export type Verdict = Change | 'usual' | 'not judged';

/** Follows one measure of a sync from run to run. */
export class Watch {
  private readonly seasons: readonly Season[];
  /** What was expected when the last change came, and when that was. */
  private lastUsual: { readonly at: number; readonly reading: Reading } | null = null;
  private shown: AnomalyKind | null = null;

  constructor(private readonly measure: Measure) {
    this.seasons = measure.seasons.map((name) => new Season(name));
  }

  /** The change that the last run of those learnt shows; null: none. */
  get goingOn(): AnomalyKind | null {
    return this.shown;
  }

  /** Takes in what a run brought, and what was made of it. */
  learn(run: MeasuredRun, verdict: Verdict): void {
    if (verdict !== 'not judged') this.shown = verdict === 'usual' ? null : verdict.kind;
    const reading = readingOf(this.measure, run);
    if (!reading) return;
    if (typeof verdict === 'object') {
      const value = verdict.baseline;
      this.lastUsual = { at: run.startedAt, reading: { value, scaled: this.measure.toScale(value, run) } };
    }
    for (const season of this.seasons) season.learn(run.startedAt, reading);
  }

  /** The change a run shows against those learnt. */
  judge(run: MeasuredRun): Verdict {
    const reading = readingOf(this.measure, run);
    if (!reading) return 'not judged';
    const expected = (season: Season): Reading | null => season.expectedWell(run.startedAt);
    const quick = judgeQuickly(this.measure, run, reading, this.seasons.map(expected));
    if (quick) return quick;
    const expectations = expectationsOf(this.seasons, run.startedAt);
    // Each season that is to be believed has its say: to none the run may be usual, and to one of them it has to be news. What
    // is cheap is asked first.
    if (!expectations.every(({ expected }) => kindOf(this.measure, run, reading, expected))) return 'usual';
    const news = expectations.find((expectation) => isNews(reading, expectation));
    if (!news) return 'usual';
    const kind = kindOf(this.measure, run, reading, news.expected);
    for (const expectation of expectations)
      if (this.changeOf(run, reading, expectation)?.kind !== kind || this.isReturn(run, reading, expectation))
        return 'usual';
    return this.changeOf(run, reading, news) ?? 'usual';
  }

  private isReturn(run: MeasuredRun, reading: Reading, expectation: Expectation): boolean {
    const { lastUsual } = this;
    if (!lastUsual || run.startedAt > lastUsual.at + returnMs) return false;
    return this.changeOf(run, reading, { ...expectation, expected: lastUsual.reading }) === null;
  }

  /** How the run differs from what was expected of it; null: not enough to be told. */
  private changeOf(run: MeasuredRun, reading: Reading, { expected, errors }: Expectation): Change | null {
    const kind = kindOf(this.measure, run, reading, expected);
    const spread = Math.max(errors.spread, this.measure.leastSpread(run));
    const score = Math.abs(reading.scaled - expected.scaled) / spread;
    if (kind === null || score < leastScore) return null;
    return { kind, baseline: expected.value, observed: reading.value, score };
  }
}
