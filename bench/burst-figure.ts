// Owns the figure of a full minute: many small syncs due at once, against as many workflows of empty activities.
import { newId } from '../db/new-id';
import type { BenchPlace } from './bench-place';
import { type BenchSync, storeSync } from './bench-sync';
import { activitiesOfARun, emptyQueue, emptyRun } from './empty-workflow';
import type { Figure, FigureResult } from './figure';
import { pairedRatios, spreadOf } from './series';
import { tinyTable } from './tables';

const syncs = 500;
// A round takes up to a minute; the fewest whose median one disturbed round does not decide.
const rounds = 3;
// Connections and Temporal calls a person's laptop can have open at once.
const storedAtOnce = 10;

export const burstFigure: Figure = {
  name: 'burst',
  title: '500 syncs of 100 rows each, all due at once: until the last run has closed',
  method:
    'B is 500 workflows of five empty activities started at once on the same Temporal server, with two worker processes; ' +
    'the product is 500 triggers at once, with two workers as npm start runs them, until the last workflow has its result. In turn, after the first load and one warm-up of each.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  const stored: BenchSync[] = [];
  for (let from = 0; from < syncs; from += storedAtOnce) {
    const names = Array.from({ length: storedAtOnce }, (_, at) => `burst_${from + at}`);
    stored.push(...(await Promise.all(names.map((name) => storeSync(place, tinyTable.name, name)))));
  }
  const programs = [
    await place.startWorker(),
    await place.startWorker(),
    await place.startProgram('empty-worker-1', 'bench/empty-worker.js'),
    await place.startProgram('empty-worker-2', 'bench/empty-worker.js'),
  ];
  say('first loads');
  await Promise.all(stored.map((sync) => sync.run()));
  const product: number[] = [];
  const empty: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const emptyMs = await timed(() =>
      Promise.all(
        stored.map(() =>
          place.temporal.workflow.execute(emptyRun, {
            taskQueue: emptyQueue,
            workflowId: newId('run'),
            args: [activitiesOfARun],
          }),
        ),
      ),
    );
    const productMs = await timed(() => Promise.all(stored.map(runUnchanged)));
    say(`round ${round}: B ${emptyMs.toFixed(0)} ms, runs ${productMs.toFixed(0)} ms`);
    if (round === 0) continue;
    empty.push(emptyMs);
    product.push(productMs);
  }
  await Promise.all(programs.map((program) => program.stop(10_000)));
  return {
    verdicts: [
      {
        claim: 'all runs / B',
        unit: 'x',
        limit: 2.5,
        judgedBy: 'median',
        measured: spreadOf(pairedRatios(product, empty)),
      },
    ],
    series: [
      { name: '500 runs', unit: 'ms', values: product },
      { name: 'B', unit: 'ms', values: empty },
    ],
  };
}

async function runUnchanged(sync: BenchSync): Promise<void> {
  const { counts } = await sync.run();
  if (counts.unchanged !== tinyTable.rows) throw new Error('a run without a change found one');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
