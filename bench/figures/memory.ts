// Owns the figures of memory: the peak of a fresh worker over a first load, and over runs with every rate of change.
import type { BenchPlace } from '../bench-place';
import { type BenchSync, storeSync } from '../data/bench-sync';
import {
  allChanged,
  bigTable,
  fewChanged,
  largeFewChanged,
  largeTable,
  needTables,
  show,
  type UsersTable,
} from '../data/tables';
import type { RunCounts } from '../../domain/counts';
import type { Figure, FigureResult } from '../figure';
import { peakMegabytes } from '../peak-memory';
import { bounded } from '../verdicts';

const peak =
  'VmHWM of /proc/<pid>/status of a worker process started for it. The highest of all rounds is judged.';

export const memoryFigure: Figure = {
  name: 'memory',
  title: '1,000,000 rows x 11 columns: peak memory of the worker',
  method: `${peak} The model is a view that shows another table for each kind of run: a first load into an empty PostgreSQL table, no change once and four times, 1 % changed, all changed.`,
  measure: (place, say) =>
    measure(place, say, { tables: [bigTable, fewChanged, allChanged], rounds: 5, must: 300, aim: 200 }),
};

export const largeMemoryFigure: Figure = {
  name: 'large-memory',
  title: '10,000,000 rows x 11 columns: peak memory of the worker',
  method: `${peak} A first load, no change once and four times, 1 % changed.`,
  isLarge: true,
  measure: (place, say) =>
    measure(place, say, { tables: [largeTable, largeFewChanged], rounds: 1, must: 800, aim: 650 }),
};

interface Scale {
  /** What is loaded first, then what is shown after it. */
  readonly tables: readonly [UsersTable, ...UsersTable[]];
  readonly rounds: number;
  readonly must: number;
  readonly aim: number;
}

async function measure(
  place: BenchPlace,
  say: (text: string) => void,
  { tables, rounds, must, aim }: Scale,
): Promise<FigureResult> {
  await needTables(place, ...tables);
  const [base, ...changes] = tables;
  const peaks = new Map<string, number[]>();
  const note = (claim: string, megabytes: number): void => {
    peaks.set(claim, [...(peaks.get(claim) ?? []), megabytes]);
    say(`${claim}: ${megabytes.toFixed(0)} MB`);
  };
  for (let round = 1; round <= rounds; round += 1) {
    const view = `${base.name}_memory_${round}`;
    await show(place, view, base);
    const sync = await storeSync(place, view, `${view}_target`);
    note('first load, all created', await peakOf(place, () => runWith(sync, 'created', base.rows)));
    note('no change, one run', await peakOf(place, () => runWith(sync, 'unchanged', base.rows)));
    note(
      'no change, four runs',
      await peakOf(place, async () => {
        for (let run = 1; run <= 4; run += 1) await runWith(sync, 'unchanged', base.rows);
      }),
    );
    for (const table of changes) {
      await show(place, view, table);
      const rows = table.changed === 'hundredth' ? table.rows / 100 : table.rows;
      const claim = table.changed === 'hundredth' ? '1 % changed' : 'all changed';
      note(claim, await peakOf(place, () => runWith(sync, 'updated', rows)));
      // And back, for the next kind of change; not a figure of its own.
      await show(place, view, base);
      await peakOf(place, () => runWith(sync, 'updated', rows));
    }
  }
  return {
    verdicts: [...peaks].map(([claim, megabytes]) => bounded(claim, 'MB', megabytes, { must, aim })),
    series: [],
  };
}

async function runWith(sync: BenchSync, what: keyof RunCounts, rows: number): Promise<void> {
  const { counts } = await sync.run();
  if (counts[what] !== rows) throw new Error(`${counts[what]} rows were ${what}, not ${rows}`);
}

/** Peak memory of a worker that does nothing but `work`, MB. */
async function peakOf(place: BenchPlace, work: () => Promise<void>): Promise<number> {
  const worker = await place.startWorker();
  await work();
  const megabytes = peakMegabytes(worker.pid);
  await worker.stop(10_000);
  return megabytes;
}
