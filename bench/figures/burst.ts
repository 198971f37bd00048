// Owns the figure of a full minute: many small syncs due at once, against as many workflows of empty activities.
import { startEmptyWorker, timeEmptyRuns } from '../baselines/empty-run';
import type { BenchPlace } from '../bench-place';
import { type BenchSync, storeSync } from '../data/bench-sync';
import { needTables, tinyTable } from '../data/tables';
import type { Figure, FigureResult } from '../figure';
import { inTurn, timed } from '../in-turn';
import { ratio } from '../verdicts';

const syncs = 500;
// A round takes up to a minute.
const rounds = 5;
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
  await needTables(place, tinyTable);
  const stored: BenchSync[] = [];
  for (let from = 0; from < syncs; from += storedAtOnce) {
    const names = Array.from({ length: storedAtOnce }, (_, at) => `burst_${from + at}`);
    stored.push(...(await Promise.all(names.map((name) => storeSync(place, tinyTable.name, name)))));
  }
  const programs = [
    await place.startWorker(),
    await place.startWorker(),
    await startEmptyWorker(place),
    await startEmptyWorker(place),
  ];
  say('first loads');
  await Promise.all(stored.map((sync) => sync.run()));
  const taken = await inTurn(
    {
      B: () => timeEmptyRuns(place, syncs),
      '500 runs': () => timed(() => Promise.all(stored.map(runUnchanged))),
    },
    { rounds, warmUps: 1, say },
  );
  await Promise.all(programs.map((program) => program.stop(10_000)));
  return {
    verdicts: [ratio('all runs / B', taken['500 runs'], taken.B, { must: 2.5, aim: 1.3 })],
    series: Object.entries(taken).map(([name, values]) => ({ name, unit: 'ms', values }) as const),
  };
}

async function runUnchanged(sync: BenchSync): Promise<void> {
  const { counts } = await sync.run();
  if (counts.unchanged !== tinyTable.rows) throw new Error('a run without a change found one');
}
