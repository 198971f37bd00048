// Owns the figures of memory: the peak of a fresh worker over a first load, and over runs with every rate of change.
import type { BenchPlace } from '../bench-place';
import { withClient } from '../data/bench-client';
import { type BenchSync, storeSync } from '../data/bench-sync';
import {
  allChanged,
  bigTable,
  fewChanged,
  largeFewChanged,
  largeTable,
  needTables,
  show,
  showNone,
  type UsersTable,
} from '../data/tables';
import type { RunCounts } from '../../domain/counts';
import type { Figure, FigureResult } from '../figure';
import { peakMegabytes } from '../peak-memory';
import { bounded } from '../verdicts';

const peak =
  'VmHWM of /proc/<pid>/status of a worker process started for it. The highest of all rounds is judged. The sync mirrors a view that shows other rows for each kind of run:';
const rounds = 5;

export const memoryFigure: Figure = {
  name: 'memory',
  title: '1,000,000 rows x 11 columns: peak memory of the worker',
  method: `${peak} a first load into an empty PostgreSQL table, the run after it (which folds the snapshot), no change once and four times, 1 % and all of them changed and changed back, and no row left, so that all are deleted.`,
  measure: (place, say) =>
    measure(place, say, {
      tables: [bigTable, fewChanged, allChanged],
      loads: rounds,
      deletes: true,
      must: 300,
      aim: 200,
    }),
};

export const largeMemoryFigure: Figure = {
  name: 'large-memory',
  title: '10,000,000 rows x 11 columns: peak memory of the worker',
  method: `${peak} one first load, the run after it (which folds the snapshot), then five times: no change once and four times, 1 % changed and changed back.`,
  isLarge: true,
  measure: (place, say) =>
    // A load takes minutes, a run over what is loaded a quarter of one.
    measure(place, say, {
      tables: [largeTable, largeFewChanged],
      loads: 1,
      deletes: false,
      must: 800,
      aim: 650,
    }),
};

interface Scale {
  /** What is loaded first, then what is shown after it. */
  readonly tables: readonly [UsersTable, ...UsersTable[]];
  /** How many of the rounds begin with a new sync; the others go on with the last one. */
  readonly loads: number;
  /** Whether every round ends with a model without rows. */
  readonly deletes: boolean;
  readonly must: number;
  readonly aim: number;
}

type Note = (claim: string, megabytes: number) => void;

async function measure(
  place: BenchPlace,
  say: (text: string) => void,
  { tables, loads, deletes, must, aim }: Scale,
): Promise<FigureResult> {
  await needTables(place, ...tables);
  const [base, ...changes] = tables;
  const view = `${base.name}_memory`;
  const peaks = new Map<string, number[]>();
  const note: Note = (claim, megabytes) => {
    peaks.set(claim, [...(peaks.get(claim) ?? []), megabytes]);
    say(`${claim}: ${megabytes.toFixed(0)} MB`);
  };
  let sync = await load(place, view, base, 1, note);
  for (let round = 1; round <= rounds; round += 1) {
    if (round > 1 && round <= loads) sync = await load(place, view, base, round, note);
    const unchanged = async (runs: number): Promise<void> => {
      for (let run = 1; run <= runs; run += 1) await runWith(sync, 'unchanged', base.rows);
    };
    const [once, again] = await peaksOf(place, [() => unchanged(1), () => unchanged(3)]);
    note('no change, one run', once);
    note('no change, four runs', again);
    for (const table of changes) {
      const isFew = table.changed === 'hundredth';
      // There and back: either way the same rows differ from what the snapshot has.
      for (const shown of [table, base]) {
        await show(place, view, shown);
        const work = () => runWith(sync, 'updated', isFew ? table.rows / 100 : table.rows);
        note(isFew ? '1 % changed' : 'all changed', await peakOf(place, work));
      }
    }
    if (!deletes) continue;
    await showNone(place, view, base);
    note('all deleted', await peakOf(place, () => runWith(sync, 'deleted', base.rows)));
  }
  return {
    verdicts: [...peaks].map(([claim, megabytes]) => bounded(claim, 'MB', megabytes, { must, aim })),
    series: [],
  };
}

/** A new sync with all rows of `base` in its own table, and a snapshot that is folded. */
async function load(
  place: BenchPlace,
  view: string,
  base: UsersTable,
  round: number,
  note: Note,
): Promise<BenchSync> {
  await show(place, view, base);
  const target = (of: number): string => `${view}_target_${of}`;
  // What the rounds before have left: gigabytes of dead rows.
  await withClient(place.targetUrl, (client) => client.query(`DROP TABLE IF EXISTS ${target(round - 1)}`));
  const sync = await storeSync(place, view, target(round), 'mirror');
  note('first load, all created', await peakOf(place, () => runWith(sync, 'created', base.rows)));
  note('the run after it', await peakOf(place, () => runWith(sync, 'unchanged', base.rows)));
  return sync;
}

async function runWith(sync: BenchSync, what: keyof RunCounts, rows: number): Promise<void> {
  const { counts } = await sync.run({ allow_deletes: what === 'deleted' });
  if (counts[what] !== rows) throw new Error(`${counts[what]} rows were ${what}, not ${rows}`);
}

type Work = () => Promise<void>;

async function peakOf(place: BenchPlace, work: Work): Promise<number> {
  const [megabytes] = await peaksOf(place, [work, () => Promise.resolve()]);
  return megabytes;
}

/** Peak memory of one worker that does nothing but both works, MB: after the first of them, and after the second. */
async function peaksOf(place: BenchPlace, [first, second]: readonly [Work, Work]): Promise<[number, number]> {
  const worker = await place.startWorker();
  await first();
  const afterFirst = peakMegabytes(worker.pid);
  await second();
  const afterSecond = peakMegabytes(worker.pid);
  await worker.stop(10_000);
  return [afterFirst, afterSecond];
}
