// Owns what the trends make of the run that has just ended: changed, still changed, or as usual. Looks at no later one.
import type { AnomalyKind } from './anomaly';
import { type Change, judgeQuickly, type Verdict, Watch } from './find-anomalies';
import type { MeasuredRun } from './measured-run';
import { type Measure, measures, readingOf } from './measures';
import { expectedWellAfter, type Reading } from './season';

/** News: the first run to show the change. Usual: the run shows none of this kind. */
export type TrendVerdict = { readonly change: Change; readonly isNews: boolean } | 'usual';
/** A kind is absent where too few runs came before to judge it. */
export type TrendVerdicts = Readonly<Partial<Record<AnomalyKind, TrendVerdict>>>;

/**
 * Judges `run` by `earlier` ones, oldest first; all are comparable. `previous`: the run right before it where that is not the
 * last of these; it says whether a change is news.
 */
export function judgeLast(
  { earlier, previous }: { readonly earlier: readonly MeasuredRun[]; readonly previous: MeasuredRun | null },
  run: MeasuredRun,
): TrendVerdicts {
  const verdicts: Partial<Record<AnomalyKind, TrendVerdict>> = {};
  for (const measure of measures) {
    const quick = judgeAtOnce(measure, earlier, run);
    if (quick === 'not judged') continue;
    for (const kind of [measure.up, measure.down]) if (kind) verdicts[kind] = 'usual';
    if (quick === 'usual') continue;
    const watch = new Watch(measure);
    for (const before of earlier) watch.learn(before, watch.judge(before));
    const shown = previous ? kindOf(watch.judge(previous)) : watch.goingOn;
    const verdict = watch.judge(run);
    if (typeof verdict === 'object')
      verdicts[verdict.kind] = { change: verdict, isNews: shown !== verdict.kind };
  }
  return verdicts;
}

/** Nearly every run is usual or cannot be judged, and that can be told without following those before it. Null: it cannot. */
function judgeAtOnce(
  measure: Measure,
  earlier: readonly MeasuredRun[],
  run: MeasuredRun,
): 'usual' | 'not judged' | null {
  const reading = readingOf(measure, run);
  if (!reading) return 'not judged';
  const telling = earlier.filter((before) => measure.valueOf(before) !== null);
  const read = (before: MeasuredRun): Reading => readingOf(measure, before) as Reading;
  const expected = measure.seasons.map((name) => expectedWellAfter(name, telling, read, run.startedAt));
  return judgeQuickly(measure, run, reading, expected);
}

function kindOf(verdict: Verdict): AnomalyKind | null {
  return typeof verdict === 'object' ? verdict.kind : null;
}
