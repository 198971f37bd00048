// How often steady histories raise an alarm, and how often a change is found at the very run it comes with: measured, printed,
// and held to what docs/insights.md says.
import { findAnomalies, Watch } from '../../../domain/trends/find-anomalies';
import { measures } from '../../../domain/trends/measures';
import { seededRandom } from '../../chaos/place/seeded-random';
import { randomCases } from '../../support/cases';
import {
  aHistory,
  type CadenceName,
  cadences,
  changes,
  roughShapes,
  steadyShapes,
  wildShapes,
} from './histories';

const days = 90;
const months = 3;
// A history costs as much as hundreds of the cases of other properties: it is judged run by run.
const casesAHistory = 200;
const cases = randomCases(2 * casesAHistory);
const { numRuns, seed = 20_260_309 } = cases.options;
const rounds = Math.ceil(numRuns / casesAHistory);
// The rarer the runs, the more histories of the same cost.
const histories = { daily: rounds * 4, hourly: rounds, 'every 15 minutes': rounds } as const;
jest.setTimeout(cases.limitMs);

// The densest histories take minutes: they are judged with `npm run test:property`.
const cadenceNames = (Object.keys(cadences) as CadenceName[]).filter(
  (name) => rounds > 2 || name !== 'every 15 minutes',
);
const kinds = Object.keys(changes) as (keyof typeof changes)[];
const steadyNames = Object.keys(steadyShapes) as (keyof typeof steadyShapes)[];
const wildNames = Object.keys(wildShapes) as (keyof typeof wildShapes)[];
const roughNames = Object.keys(roughShapes) as (keyof typeof roughShapes)[];

const printed: string[] = [];
afterAll(() => console.info([`seed ${seed}`, ...printed].join('\n')));

/** Alarms of each history. */
function alarms(
  cadence: CadenceName,
  shape: Parameters<typeof aHistory>[0],
): { mean: number; worst: number; told: string } {
  const counts = Array.from({ length: histories[cadence] }, (_, at) => {
    const runs = aHistory(shape, cadence, days, seededRandom(seed + at));
    return findAnomalies([], runs).anomalies.length;
  });
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length / months;
  const worst = Math.max(...counts) / months;
  const told = `${mean.toFixed(2)} alarms in thirty days, ${worst.toFixed(2)} at worst (${counts.length} histories)`;
  return { mean, worst, told };
}

describe.each(cadenceNames)('runs %s', (cadence) => {
  test.each(steadyNames)('%s: no history raises more than one false alarm in thirty days', (name) => {
    const { worst, told } = alarms(cadence, steadyShapes[name]);
    printed.push(`${cadence}, ${name}: ${told}`);
    expect(worst).toBeLessThanOrEqual(1);
  });

  test.each(wildNames)('%s: no more than one false alarm in thirty days on average', (name) => {
    const { mean, told } = alarms(cadence, wildShapes[name]);
    printed.push(`${cadence}, ${name}: ${told}`);
    expect(mean).toBeLessThanOrEqual(1);
  });

  test.each(roughNames)('%s: no more than three false alarms in thirty days on average', (name) => {
    const { mean, told } = alarms(cadence, roughShapes[name]);
    printed.push(`${cadence}, ${name}: ${told}`);
    expect(mean).toBeLessThanOrEqual(3);
  });

  test.each(steadyNames)('%s: a change is found at the run it comes with', (name) => {
    const found = new Map(kinds.map((kind) => [kind, 0]));
    let asked = 0;
    for (let at = 0; at < histories[cadence]; at += 1) {
      const runs = aHistory(steadyShapes[name], cadence, days, seededRandom(seed + at));
      const watches = measures.map((measure) => new Watch(measure));
      for (const run of runs) {
        // From the middle on each run is asked what it would be with the change; the history goes on without it.
        const isAsked = run.place >= runs.length / 2;
        if (isAsked) asked += 1;
        for (const watch of watches) {
          if (isAsked)
            for (const kind of kinds) {
              const verdict = watch.judge(changes[kind](run));
              if (typeof verdict === 'object' && verdict.kind === kind)
                found.set(kind, (found.get(kind) ?? 0) + 1);
            }
          watch.learn(run, watch.judge(run));
        }
      }
    }
    const shares = [...found].map(([kind, count]) => ({ kind, share: count / asked }));
    const told = shares.map(({ kind, share }) => `${kind} ${(share * 100).toFixed(1)} %`);
    printed.push(`${cadence}, ${name}: found ${told.join(', ')} (${asked} runs)`);
    for (const { share } of shares) expect(share).toBeGreaterThanOrEqual(0.9);
  });
});
