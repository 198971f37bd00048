// Owns the figure of growth: a run without a change over ten times the rows.
import type { BenchPlace } from '../bench-place';
import { storeSync } from '../data/bench-sync';
import { bigTable, largeTable, needTables, type UsersTable } from '../data/tables';
import type { Figure, FigureResult } from '../figure';
import { inTurn } from '../in-turn';
import { ratio } from '../verdicts';

const rounds = 5;

export const largeFigure: Figure = {
  name: 'large',
  title: '10,000,000 rows against 1,000,000, without a change',
  method:
    'Query and change detection as the runs have them on record, in turn, after one warm-up of each. Both tables fit into the page cache of the machine.',
  isLarge: true,
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  await needTables(place, bigTable, largeTable);
  const worker = await place.startWorker();
  const side = async ({ name, rows }: UsersTable) => {
    const sync = await storeSync(place, name, `growth_${name}`);
    say(`first load of ${rows} rows`);
    await sync.run();
    return async (): Promise<number> => {
      const { counts, readMs } = await sync.run();
      if (counts.unchanged !== rows) throw new Error('a run without a change found one');
      return readMs;
    };
  };
  const taken = await inTurn(
    { '1,000,000 rows': await side(bigTable), '10,000,000 rows': await side(largeTable) },
    { rounds, warmUps: 1, say },
  );
  await worker.stop(10_000);
  return {
    verdicts: [
      ratio('10,000,000 / 1,000,000', taken['10,000,000 rows'], taken['1,000,000 rows'], {
        must: 11,
        aim: 10,
      }),
    ],
    series: Object.entries(taken).map(([name, values]) => ({ name, unit: 'ms', values }) as const),
  };
}
