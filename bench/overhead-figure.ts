// Owns the figure of overhead: a small run without a change, against a workflow of as many empty activities.
import { newId } from '../db/new-id';
import type { BenchPlace } from './bench-place';
import { storeSync } from './bench-sync';
import { activitiesOfARun, emptyQueue, emptyRun } from './empty-workflow';
import type { Figure, FigureResult } from './figure';
import { pairedRatios, spreadOf } from './series';
import { smallTable } from './tables';

// A round is a tenth of a second, so many are cheap; the first ones warm caches, pools and compilers of both sides.
const warmUpRounds = 20;
const rounds = 51;

export const overheadFigure: Figure = {
  name: 'overhead',
  title: '10,000 rows x 11 columns without a change: the whole run',
  method:
    'E is a workflow of five empty activities, as many as such a run has, one after the other on the same Temporal server with a worker process of its own; ' +
    'the product is the time from the trigger to the result of the workflow. In turn, after 20 warm-ups of each.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  const sync = await storeSync(place, smallTable.name, 'overhead_target');
  const worker = await place.startWorker();
  const emptyWorker = await place.startProgram('empty-worker', 'bench/empty-worker.js');
  const product: number[] = [];
  const empty: number[] = [];
  say('first load');
  await sync.run();
  say(`${warmUpRounds} warm-ups and ${rounds} rounds`);
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const emptyMs = await timeEmptyRun(place);
    const run = await sync.run();
    if (run.counts.unchanged !== smallTable.rows) throw new Error('a run without a change found one');
    if (round < 0) continue;
    empty.push(emptyMs);
    product.push(run.wholeMs);
  }
  await Promise.all([worker.stop(10_000), emptyWorker.stop(10_000)]);
  return {
    verdicts: [
      {
        claim: 'run / E',
        unit: 'x',
        limit: 2.5,
        judgedBy: 'median',
        measured: spreadOf(pairedRatios(product, empty)),
      },
    ],
    series: [
      { name: 'whole run', unit: 'ms', values: product },
      { name: 'E', unit: 'ms', values: empty },
    ],
  };
}

async function timeEmptyRun({ temporal }: BenchPlace): Promise<number> {
  const startedMs = performance.now();
  await temporal.workflow.execute(emptyRun, {
    taskQueue: emptyQueue,
    workflowId: newId('run'),
    args: [activitiesOfARun],
  });
  return performance.now() - startedMs;
}
