// Sudden changes of a sync: each kind with its baseline, the thresholds from both sides, and what holds for any history.
import * as fc from 'fast-check';
import { likelyCauses } from '../../../domain/trends/anomaly';
import { type Anomaly, findAnomalies } from '../../../domain/trends/find-anomalies';
import type { MeasuredRun } from '../../../domain/trends/measured-run';
import { seededRandom } from '../../chaos/place/seeded-random';
import { randomCases } from '../../support/cases';
import { aHistory, changes, dayMs, type MadeRun, steadyShapes } from './histories';

const cases = randomCases(60);
jest.setTimeout(cases.limitMs);

const usual = { rowsProcessed: 1_000, rowsFailed: 0, durationMs: 60_000 };
type Values = Partial<typeof usual>;

/** Daily runs: so many usual ones, then the given. */
function daily(usualRuns: number, ...then: Values[]): MadeRun[] {
  const values: Values[] = [...Array<Values>(usualRuns).fill({}), ...then];
  return values.map((value, place) => ({ place, startedAt: place * dayMs, ...usual, ...value }));
}

const told = (anomalies: readonly Anomaly<MadeRun>[]): string[] =>
  anomalies.map(({ kind, run }) => `${kind} ${run.place}`);
const kindsAfter = (usualRuns: number, ...then: Values[]): string[] =>
  told(findAnomalies([], daily(usualRuns, ...then)).anomalies);

test('each of the four changes is found at the run it comes with, with what was expected', () => {
  const found = (value: Values) => findAnomalies([], daily(20, value)).anomalies;
  const at20 = expect.objectContaining({ place: 20 });
  expect(found({ rowsProcessed: 3_000 })).toEqual([
    {
      kind: 'row_count_spike',
      run: at20,
      baseline: 1_000,
      observed: 3_000,
      score: expect.closeTo(11.47, 1),
      runsInARow: 1,
    },
  ]);
  expect(found({ rowsProcessed: 100 })).toEqual([
    {
      kind: 'row_count_drop',
      run: at20,
      baseline: 1_000,
      observed: 100,
      score: expect.closeTo(23.26, 1),
      runsInARow: 1,
    },
  ]);
  expect(found({ rowsFailed: 50 })).toEqual([
    {
      kind: 'error_rate_increase',
      run: at20,
      baseline: 0,
      observed: 0.05,
      score: expect.closeTo(11.82, 1),
      runsInARow: 1,
    },
  ]);
  expect(found({ durationMs: 180_000 })).toEqual([
    {
      kind: 'duration_increase',
      run: at20,
      baseline: 60_000,
      observed: 180_000,
      score: expect.closeTo(11.4, 1),
      runsInARow: 1,
    },
  ]);
});

// Each pair: the last value that is none of our business, and the first that is.
test.each<[string, Values, Values]>([
  ['twice as many rows', { rowsProcessed: 1_999 }, { rowsProcessed: 2_000 }],
  ['half as many rows', { rowsProcessed: 501 }, { rowsProcessed: 500 }],
  ['one row in a hundred', { rowsFailed: 9 }, { rowsFailed: 10 }],
  ['twice as long', { durationMs: 119_999 }, { durationMs: 120_000 }],
])('%s is where a change of a steady sync begins', (_, before, at) => {
  expect(kindsAfter(20, before)).toEqual([]);
  expect(kindsAfter(20, at)).toHaveLength(1);
});

test('a change that is small in numbers is none, whatever it is in shares', () => {
  const small = (value: Values, changed: Values) => {
    const runs = daily(20, changed).map((run, place) => (place < 20 ? { ...run, ...value } : run));
    return told(findAnomalies([], runs).anomalies);
  };
  expect(small({ rowsProcessed: 24 }, { rowsProcessed: 73 })).toEqual([]);
  expect(small({ rowsProcessed: 24 }, { rowsProcessed: 74 })).toEqual(['row_count_spike 20']);
  expect(small({ rowsProcessed: 50 }, { rowsProcessed: 1 })).toEqual([]);
  expect(small({ rowsProcessed: 50 }, { rowsProcessed: 0 })).toEqual(['row_count_drop 20']);
  expect(small({ durationMs: 4_000 }, { durationMs: 13_999 })).toEqual([]);
  expect(small({ durationMs: 4_000 }, { durationMs: 14_000 })).toEqual(['duration_increase 20']);
  expect(small({ rowsProcessed: 10 }, { rowsProcessed: 10, rowsFailed: 4 })).toEqual([]);
  expect(small({ rowsProcessed: 10 }, { rowsProcessed: 10, rowsFailed: 10 })).toEqual([
    'error_rate_increase 20',
  ]);
});

test('fewer rows failing and a shorter run are no anomalies', () => {
  const runs = daily(20, {}).map((run) => ({
    ...run,
    rowsFailed: run.place < 20 ? 200 : 0,
    durationMs: run.place < 20 ? 600_000 : 1_000,
  }));
  expect(findAnomalies([], runs).anomalies).toEqual([]);
});

test('before thirteen comparable runs nothing is judged', () => {
  const spike = { rowsProcessed: 10_000 };
  expect(findAnomalies([], daily(12, spike))).toEqual({ anomalies: [], judged: 0 });
  expect(findAnomalies([], daily(13, spike))).toMatchObject({
    anomalies: [{ kind: 'row_count_spike' }],
    judged: 1,
  });
});

test('earlier runs tell what is usual and are not judged themselves', () => {
  const runs = daily(20, { rowsProcessed: 3_000 }, {}, { rowsProcessed: 100 });
  const { anomalies, judged } = findAnomalies(runs.slice(0, 22), runs.slice(22));
  expect(told(anomalies)).toEqual(['row_count_drop 22']);
  expect(judged).toBe(1);
});

test('a change that stays is told once, with how many runs show it, and is usual from then on', () => {
  const stays = Array<Values>(10).fill({ rowsProcessed: 3_000 });
  const { anomalies } = findAnomalies([], daily(20, ...stays));
  expect(anomalies).toMatchObject([{ kind: 'row_count_spike', run: { place: 20 }, runsInARow: 3 }]);
});

test('coming back to what was usual before a change is its end and no anomaly; after five weeks it is one', () => {
  const stays = (runs: number) => Array<Values>(runs).fill({ rowsProcessed: 3_000 });
  expect(kindsAfter(20, ...stays(35), {})).toEqual(['row_count_spike 20']);
  expect(kindsAfter(20, ...stays(38), {})).toEqual(['row_count_spike 20', 'row_count_drop 58']);
  // Further than back is a change of its own.
  expect(kindsAfter(20, ...stays(10), { rowsProcessed: 100 })).toEqual([
    'row_count_spike 20',
    'row_count_drop 30',
  ]);
});

test('what comes a third time within five weeks is how the sync is; a month later it is news again', () => {
  const spike = { rowsProcessed: 20_000 };
  const calm = (runs: number) => Array<Values>(runs).fill({});
  const thrice = [spike, ...calm(6), spike, ...calm(6), spike];
  expect(kindsAfter(20, ...thrice)).toEqual(['row_count_spike 20', 'row_count_spike 27']);
  expect(kindsAfter(20, ...thrice, ...calm(40), spike)).toEqual([
    'row_count_spike 20',
    'row_count_spike 27',
    'row_count_spike 75',
  ]);
});

test('a change much greater than what has come before is told, however often that has', () => {
  const spike = { rowsProcessed: 3_000 };
  const calm = Array<Values>(6).fill({});
  const before = [spike, ...calm, spike, ...calm, spike, ...calm];
  expect(kindsAfter(20, ...before, { rowsProcessed: 30_000 })).toContain('row_count_spike 41');
});

test('a run of no rows says nothing of the error rate', () => {
  const { anomalies } = findAnomalies(
    [],
    daily(20, { rowsFailed: 100 }, { rowsProcessed: 0 }, { rowsFailed: 100 }),
  );
  expect(anomalies.filter(({ kind }) => kind === 'error_rate_increase')).toMatchObject([
    { run: { place: 20 }, runsInARow: 2 },
  ]);
});

test('a weekend that is quiet every week is expected to be, and a weekday as quiet is not', () => {
  const runs = aHistory(steadyShapes['season of the week'], 'daily', 90, seededRandom(1));
  expect(findAnomalies([], runs).anomalies).toEqual([]);
  // The first day is a Monday.
  const [wednesday, saturday] = [runs[72], runs[75]];
  if (!wednesday || !saturday) throw new Error('there are ninety days');
  expect(new Date(saturday.startedAt).getUTCDay()).toBe(6);
  const quiet = runs.map((run) =>
    run === wednesday ? { ...run, rowsProcessed: saturday.rowsProcessed, rowsFailed: 0 } : run,
  );
  expect(told(findAnomalies([], quiet).anomalies)).toEqual(['row_count_drop 72']);
  const busy = runs.map((run) => (run === saturday ? changes.row_count_spike(run) : run));
  expect(told(findAnomalies([], busy).anomalies)).toEqual(['row_count_spike 75']);
});

test('likely causes are the words of the product page', () => {
  const page = [
    'Row count spike — New data loaded into the warehouse, or a model query change',
    'Row count drop — Data deleted from the warehouse, or a filter change in the model',
    'Error rate increase — Destination schema change, data quality issue, or API limit hit',
    'Duration increase — Growing dataset, warehouse performance degradation, or destination throttling',
  ];
  const ours = Object.entries(likelyCauses).map(([kind, causes]) => {
    const name = kind.replaceAll('_', ' ');
    const words = causes.map((cause, at) =>
      at === 0 || cause.startsWith('API') ? cause : cause[0]?.toLowerCase() + cause.slice(1),
    );
    const last = words.pop();
    return `${name[0]?.toUpperCase()}${name.slice(1)} — ${words.join(', ')}, or ${last}`;
  });
  expect(ours).toEqual(page);
});

const count = fc.oneof(fc.nat(5), fc.nat(2_000), fc.nat(5_000_000));
const run: fc.Arbitrary<Omit<MeasuredRun, 'startedAt'> & { gapMs: number }> = fc.record({
  gapMs: fc.oneof(fc.constant(dayMs), fc.constant(3_600_000), fc.nat(40 * dayMs)),
  durationMs: fc.nat(86_400_000),
  rowsProcessed: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 900, max: 1_100 }) },
    { weight: 1, arbitrary: count },
  ),
  rowsFailed: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: count }),
});
const history: fc.Arbitrary<MadeRun[]> = fc.array(run, { maxLength: 120 }).map((runs) => {
  let startedAt = Date.UTC(2026, 0, 1);
  return runs.map(({ gapMs, ...values }, place) => ({ place, startedAt: (startedAt += gapMs), ...values }));
});
/** Without what only later runs can tell. */
const bare = (anomalies: readonly Anomaly<MadeRun>[]) =>
  anomalies.map(({ kind, run: { place }, baseline, observed, score }) => ({
    kind,
    place,
    baseline,
    observed,
    score,
  }));

test('whatever the history: a run is judged by those before it alone', () => {
  fc.assert(
    fc.property(history, fc.nat(120), (runs, cut) => {
      const whole = findAnomalies([], runs).anomalies;
      const begun = findAnomalies([], runs.slice(0, cut)).anomalies;
      expect(bare(begun)).toEqual(bare(whole.filter((anomaly) => anomaly.run.place < cut)));
      const rest = findAnomalies(runs.slice(0, cut), runs.slice(cut)).anomalies;
      expect(bare(rest)).toEqual(bare(whole.filter((anomaly) => anomaly.run.place >= cut)));
    }),
    cases.options,
  );
});

test('whatever the history: every anomaly is a change as large as its kind says, with a score that says how far', () => {
  fc.assert(
    fc.property(history, (runs) => {
      const { anomalies, judged } = findAnomalies([], runs);
      expect(judged).toBeLessThanOrEqual(Math.max(0, runs.length - 13));
      for (const { kind, baseline, observed, score, runsInARow, run: at } of anomalies) {
        expect(at.place).toBeGreaterThanOrEqual(13);
        expect(Number.isFinite(score)).toBe(true);
        expect(score).toBeGreaterThanOrEqual(4);
        expect(runsInARow).toBeGreaterThanOrEqual(1);
        if (kind === 'row_count_drop') expect(observed).toBeLessThanOrEqual(baseline / 2);
        else expect(observed).toBeGreaterThanOrEqual(baseline * 2);
        if (kind === 'error_rate_increase') expect(observed).toBeLessThanOrEqual(1);
      }
    }),
    cases.options,
  );
});

test('whatever the history: weeks later it is judged alike', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 60 }), (runs, weeks) => {
      const later = runs.map((each) => ({ ...each, startedAt: each.startedAt + weeks * 7 * dayMs }));
      expect(bare(findAnomalies([], later).anomalies)).toEqual(bare(findAnomalies([], runs).anomalies));
    }),
    cases.options,
  );
});
