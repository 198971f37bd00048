// Owns the figure of a first load into an empty PostgreSQL table, against COPY straight into one.
import { copyStraight } from '../baselines/copy-into-table';
import type { BenchPlace } from '../bench-place';
import { withClient } from '../data/bench-client';
import { storeSync } from '../data/bench-sync';
import { bigTable, needTables } from '../data/tables';
import { makeTarget, usersModel } from '../data/users-model';
import type { Figure, FigureResult } from '../figure';
import { inTurn, timed } from '../in-turn';
import { ratio } from '../verdicts';

const rounds = 5;

export const firstLoadFigure: Figure = {
  name: 'first-load',
  title: '1,000,000 rows x 11 columns into an empty PostgreSQL table with a primary key',
  method:
    'D is COPY (model) TO STDOUT piped into COPY … FROM STDIN of an empty table with the same key, in one transaction. The product is the first run of a new sync into a new table, from the trigger to the result of the workflow. In turn, after one warm-up of each.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  await needTables(place, bigTable);
  const worker = await place.startWorker();
  const model = usersModel(bigTable.name);
  const taken = await inTurn(
    {
      D: (round) => straight(place, model, `first_load_by_copy_${round + 1}`),
      'first run': async (round) => {
        const table = `first_load_${round + 1}`;
        const sync = await storeSync(place, bigTable.name, table);
        const { counts, wholeMs } = await sync.run();
        if (counts.created !== bigTable.rows) throw new Error('the first load is not whole');
        await drop(place, table);
        return wholeMs;
      },
    },
    {
      rounds,
      warmUps: 1,
      say,
      before: () => withClient(place.targetUrl, (client) => client.query('CHECKPOINT')),
    },
  );
  await worker.stop(10_000);
  return {
    verdicts: [ratio('first run / D', taken['first run'], taken.D, { must: 3, aim: 2 })],
    series: Object.entries(taken).map(([name, values]) => ({ name, unit: 'ms', values }) as const),
  };
}

async function straight(place: BenchPlace, model: string, table: string): Promise<number> {
  const tookMs = await withClient(place.warehouseUrl, (warehouse) =>
    withClient(place.targetUrl, async (target) => {
      await makeTarget(target, table);
      return timed(() => copyStraight(warehouse, target, model, table));
    }),
  );
  await drop(place, table);
  return tookMs;
}

async function drop(place: BenchPlace, table: string): Promise<void> {
  await withClient(place.targetUrl, (client) => client.query(`DROP TABLE ${table}`));
}
