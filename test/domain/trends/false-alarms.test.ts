// How often steady histories raise an alarm, and how often a real change is found at the very run: measured, printed, held
// to what docs/insights.md says.
import { findAnomalies } from '../../../domain/trends/find-anomalies';
import { seededRandom } from '../../chaos/seeded-random';
import { randomCases } from '../../support/cases';
import { aHistory, type CadenceName, cadences, changes, steadyShapes, wildShapes } from './histories';

const days = 90;
const months = 3;
// A history costs as much as hundreds of the cases of other properties: it is judged run by run.
const casesAHistory = 200;
const cases = randomCases(4 * casesAHistory);
const { numRuns, seed = 20_260_309 } = cases.options;
const rounds = Math.ceil(numRuns / casesAHistory);
// The rarer the runs, the more histories of the same cost.
const histories = { daily: rounds * 25, hourly: rounds * 3, 'every 15 minutes': rounds } as const;
jest.setTimeout(cases.limitMs);

const cadenceNames = Object.keys(cadences) as CadenceName[];
const kinds = Object.keys(changes) as (keyof typeof changes)[];

type Shapes = typeof steadyShapes & typeof wildShapes;
const shapes: Shapes = { ...steadyShapes, ...wildShapes };
const shapeNames = Object.keys(shapes) as (keyof Shapes)[];

const printed: string[] = [];
afterAll(() => console.info([`seed ${seed}`, ...printed].join('\n')));

describe.each(cadenceNames)('%s', (cadence) => {
  test.each(shapeNames)('%s: no more than one false alarm in thirty days', (name) => {
    const counts = Array.from({ length: histories[cadence] }, (_, at) => {
      const runs = aHistory(shapes[name], cadence, days, seededRandom(seed + at));
      return findAnomalies([], runs).anomalies.length;
    });
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length / months;
    const worst = Math.max(...counts) / months;
    printed.push(
      `${cadence}, ${name}: ${mean.toFixed(3)} a month, ${worst.toFixed(2)} at worst (${counts.length} histories)`,
    );
    expect(mean).toBeLessThanOrEqual(1);
  });

  test.each(Object.keys(steadyShapes) as (keyof typeof steadyShapes)[])(
    '%s: a change is found at the run it comes with',
    (name) => {
      const found = kinds.map((kind) => {
        let hits = 0;
        for (let at = 0; at < histories[cadence]; at += 1) {
          const random = seededRandom(seed + at);
          const runs = aHistory(steadyShapes[name], cadence, days, random);
          const place = Math.floor(random.between(runs.length / 2, runs.length));
          const changed = runs[place];
          if (!changed) throw new Error('a history has runs');
          runs[place] = changes[kind](changed);
          const { anomalies } = findAnomalies([], runs.slice(0, place + 1));
          if (anomalies.some((anomaly) => anomaly.kind === kind && anomaly.run.place === place)) hits += 1;
        }
        return hits / histories[cadence];
      });
      printed.push(
        `${cadence}, ${name}: ${kinds.map((kind, at) => `${kind} ${((found[at] ?? 0) * 100).toFixed(0)} %`).join(', ')}`,
      );
      expect(Math.min(...found)).toBeGreaterThanOrEqual(0.95);
    },
  );
});
