// What is made of the run that has just ended: the same whether those before it are followed one by one or not.
import * as fc from 'fast-check';
import { Watch } from '../../../domain/trends/find-anomalies';
import { judgeLast, type TrendVerdicts } from '../../../domain/trends/judge-last';
import type { MeasuredRun } from '../../../domain/trends/measured-run';
import { measures } from '../../../domain/trends/measures';
import { randomCases } from '../../support/cases';

const hourMs = 3_600_000;
const cases = randomCases(400);
jest.setTimeout(cases.limitMs);

const run = (usual: number) =>
  fc.record({
    rowsProcessed: mostly(usual, [1_000, 1_010, 1_100], [0, 2_500, 40_000]),
    rowsFailed: mostly(usual, [0, 1], [30, 700]),
    durationMs: mostly(usual, [30_000, 31_000], [45_000, 300_000]),
  });

/** One of `these` so many times, then one of `those` once. */
function mostly(times: number, these: readonly number[], those: readonly number[]): fc.Arbitrary<number> {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...these), weight: times },
    { arbitrary: fc.constantFrom(...those), weight: 1 },
  );
}

// Around what a season has to have learnt before it says anything, and past what is remembered.
const history = fc.record({
  stepHours: fc.constantFrom(1, 6, 24, 168),
  earlier: fc.array(run(40), { maxLength: 60, size: 'max' }),
  last: run(1),
});

/** As it is defined: every run is judged and learnt in its turn. */
function judgedInTurn(earlier: readonly MeasuredRun[], last: MeasuredRun): TrendVerdicts {
  const verdicts: Record<string, unknown> = {};
  for (const measure of measures) {
    const watch = new Watch(measure);
    for (const before of earlier) watch.learn(before, watch.judge(before));
    const shown = watch.goingOn;
    const verdict = watch.judge(last);
    if (verdict === 'not judged') continue;
    for (const kind of [measure.up, measure.down]) if (kind) verdicts[kind] = 'usual';
    if (verdict !== 'usual') verdicts[verdict.kind] = { change: verdict, isNews: shown !== verdict.kind };
  }
  return verdicts;
}

test('what is told at once of a run is what following all runs before it would tell', () => {
  const seen = { usual: 0, changed: 0, notJudged: 0 };
  fc.assert(
    fc.property(history, ({ stepHours, ...made }) => {
      const startedAt = (at: number) => 1_800_000_000_000 + at * stepHours * hourMs;
      const earlier = made.earlier.map((each, at) => ({ ...each, startedAt: startedAt(at) }));
      const last = { ...made.last, startedAt: startedAt(earlier.length) };
      const verdicts = judgeLast({ earlier, previous: null }, last);
      expect(verdicts).toEqual(judgedInTurn(earlier, last));
      const found = Object.values(verdicts);
      if (found.length === 0) seen.notJudged += 1;
      else if (found.every((verdict) => verdict === 'usual')) seen.usual += 1;
      else seen.changed += 1;
    }),
    cases.options,
  );
  // Histories of all three kinds were among them.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(cases.options.numRuns / 40);
});
