// Owns the figure of a model that is too large for the worker's memory: read in four passes, against one.
import type { BenchPlace } from '../bench-place';
import { storeSync } from '../data/bench-sync';
import { bigTable, needTables } from '../data/tables';
import type { Figure, FigureResult } from '../figure';
import { inTurn } from '../in-turn';
import { ratio } from '../verdicts';

const rounds = 5;
// The snapshot of a million rows is 38 MB: four passes of less than 10 MB.
const littleMemory = '16MB';
const passes = 4;

export const partitionsFigure: Figure = {
  name: 'partitions',
  title: `1,000,000 rows without a change, in ${passes} passes over ranges of keys against one`,
  method: `Query and change detection as the runs have them on record, by a worker with SIEVE_MEMORY=${littleMemory} and by one with the default, each started for its round, after one run of it that is not counted. In turn, after one warm-up of each.`,
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  await needTables(place, bigTable);
  const sync = await storeSync(place, bigTable.name, 'partitions_target');
  const loader = await place.startWorker();
  say('first load');
  await sync.run();
  await loader.stop(10_000);
  const read = async (): Promise<number> => {
    const { counts, readMs } = await sync.run();
    if (counts.unchanged !== bigTable.rows) throw new Error('a run without a change found one');
    return readMs;
  };
  const readBy = async (env: NodeJS.ProcessEnv): Promise<number> => {
    const worker = await place.startWorker(env);
    await read();
    const took = await read();
    await worker.stop(10_000);
    return took;
  };
  const taken = await inTurn(
    { 'one pass': () => readBy({}), 'several passes': () => readBy({ SIEVE_MEMORY: littleMemory }) },
    { rounds, warmUps: 1, say },
  );
  return {
    verdicts: [
      ratio(`${passes} passes / 1`, taken['several passes'], taken['one pass'], {
        must: passes * 1.2,
        aim: passes,
      }),
    ],
    series: Object.entries(taken).map(([name, values]) => ({ name, unit: 'ms', values }) as const),
  };
}
