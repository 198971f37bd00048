// Owns the figure of the peers: the same run without a change by rows as objects, one by one.
import { compareByStatements, compareInMap, rememberRows } from '../baselines/row-at-a-time';
import type { BenchPlace } from '../bench-place';
import { withClient } from '../data/bench-client';
import { storeSync } from '../data/bench-sync';
import { middleTable, needTables } from '../data/tables';
import { usersModel } from '../data/users-model';
import type { Figure, FigureResult } from '../figure';
import { inTurn, timed } from '../in-turn';
import { timesSlower } from '../verdicts';

const rounds = 5;

export const rowAtATimeFigure: Figure = {
  name: 'row-at-a-time',
  title: '100,000 rows x 11 columns without a change: how much slower row by row is',
  method:
    'One statement a row: pages of 10,000 rows by LIMIT and OFFSET along the primary key, and for every row a SELECT of its fingerprint over five connections, as the best known peer of this kind does it. In a map: all rows and all fingerprints in memory, md5 of each row as JSON. Neither has a queue, a record or a workflow; the product is the whole run, from the trigger to the result of the workflow. In turn, after one warm-up of each.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  await needTables(place, middleTable);
  const model = usersModel(middleTable.name);
  const sync = await storeSync(place, middleTable.name, 'middle_target');
  const worker = await place.startWorker();
  say('first load');
  await sync.run();
  const unchanged = async (compare: () => Promise<number>): Promise<void> => {
    if ((await compare()) !== 0) throw new Error('a comparison without a change found one');
  };
  const taken = await withClient(place.warehouseUrl, (warehouse) =>
    withClient(place.targetUrl, async (target) => {
      await rememberRows(warehouse, target, model);
      return inTurn(
        {
          'one statement a row': () =>
            timed(() => unchanged(() => compareByStatements(warehouse, place.targetUrl, model))),
          'in a map': () => timed(() => unchanged(() => compareInMap(warehouse, target, model))),
          'whole run': async () => {
            const { counts, wholeMs } = await sync.run();
            if (counts.unchanged !== middleTable.rows) throw new Error('a run without a change found one');
            return wholeMs;
          },
        },
        { rounds, warmUps: 1, say },
      );
    }),
  );
  await worker.stop(10_000);
  const run = taken['whole run'];
  return {
    verdicts: [
      timesSlower('one statement a row / run', taken['one statement a row'], run, { must: 5, aim: 15 }),
      timesSlower('in a map / run', taken['in a map'], run, {}),
    ],
    series: Object.entries(taken).map(([name, values]) => ({ name, unit: 'ms', values }) as const),
  };
}
