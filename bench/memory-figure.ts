// Owns the figure of memory: the peak of a fresh worker over a first load, and over a run without a change.
import { readFileSync } from 'node:fs';
import type { BenchPlace } from './bench-place';
import { type BenchSync, storeSync } from './bench-sync';
import type { Figure, FigureResult, Verdict } from './figure';
import { spreadOf } from './series';
import { bigTable } from './tables';

// The fewest that show a spread; each is a first load of a million rows.
const rounds = 5;
const limitMegabytes = 300;

export const memoryFigure: Figure = {
  name: 'memory',
  title: '1,000,000 rows x 11 columns: peak memory of the worker',
  method:
    'VmHWM of /proc/<pid>/status of a worker process started for it: after a first load into an empty PostgreSQL table (every row created); then, in a new process, after a run of the same sync without a change and after three more. The highest of all rounds is judged.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  const loads: number[] = [];
  const firsts: number[] = [];
  const fourths: number[] = [];
  const loadMs: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const sync = await storeSync(place, bigTable.name, `memory_target_${round}`);
    const load = await withFreshWorker(place, async (peak) => {
      const { counts, wholeMs } = await sync.run();
      if (counts.created !== bigTable.rows) throw new Error('the first load is not whole');
      loadMs.push(wholeMs);
      return peak();
    });
    const [first, fourth] = await withFreshWorker(place, async (peak) => {
      await runUnchanged(sync);
      const afterOne = peak();
      for (let run = 2; run <= 4; run += 1) await runUnchanged(sync);
      return [afterOne, peak()] as const;
    });
    loads.push(load);
    firsts.push(first);
    fourths.push(fourth);
    say(`round ${round}: ${[load, first, fourth].map((megabytes) => megabytes.toFixed(0)).join(', ')} MB`);
  }
  return {
    verdicts: [
      limited('first load, all created', loads),
      limited('no change, one run', firsts),
      limited('no change, four runs', fourths),
    ],
    series: [{ name: 'first load, whole run', unit: 'ms', values: loadMs }],
  };
}

function limited(claim: string, megabytes: readonly number[]): Verdict {
  return { claim, unit: 'MB', limit: limitMegabytes, judgedBy: 'highest', measured: spreadOf(megabytes) };
}

async function runUnchanged(sync: BenchSync): Promise<void> {
  const { counts } = await sync.run();
  if (counts.unchanged !== bigTable.rows) throw new Error('a run without a change found one');
}

/** `peak` tells the most memory the worker has had so far, MB. */
async function withFreshWorker<Result>(
  place: BenchPlace,
  work: (peak: () => number) => Promise<Result>,
): Promise<Result> {
  const worker = await place.startWorker();
  const result = await work(() => {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${worker.pid}/status`, 'utf8'))?.[1];
    if (kilobytes === undefined) throw new Error('this system does not tell the peak memory of a process');
    return Number(kilobytes) / 1024;
  });
  await worker.stop(10_000);
  return result;
}
