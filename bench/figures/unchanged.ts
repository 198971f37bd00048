// Owns the figure of a run without a change: query and change detection against the bare COPY, and the whole run.
import { copyInNode, copyInPsql, hasPsql } from '../baselines/bare-copy';
import { startEmptyWorker, timeEmptyRuns } from '../baselines/empty-run';
import type { BenchPlace } from '../bench-place';
import { withClient } from '../data/bench-client';
import { storeSync } from '../data/bench-sync';
import { snapshotSize } from '../data/snapshot-size';
import { bigTable, needTables } from '../data/tables';
import { usersModel } from '../data/users-model';
import type { Figure, FigureResult } from '../figure';
import { inTurn } from '../in-turn';
import { bounded, ratio } from '../verdicts';

// The shortest series whose median one disturbed round cannot move to an end.
const rounds = 7;

export const unchangedFigure: Figure = {
  name: 'unchanged',
  title: '1,000,000 rows x 11 columns without a change',
  method:
    "C is the same model by `psql -c 'COPY (model) TO STDOUT' > /dev/null`, or, where there is no psql, read by pg-copy-streams and thrown away; E is a workflow of five empty activities. " +
    'The product is the time from the start of the query phase to the end of change detection as the run has it on record, and the time from the trigger to the result of the workflow. In turn, after one warm-up of each.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  await needTables(place, bigTable);
  const model = usersModel(bigTable.name);
  const sync = await storeSync(place, bigTable.name, 'unchanged_target');
  const workers = [await place.startWorker(), await startEmptyWorker(place)];
  say('first load');
  const loaded = await sync.run();
  if (loaded.counts.created !== bigTable.rows) throw new Error('the first load is not whole');
  const read: number[] = [];
  const taken = await withClient(place.warehouseUrl, (client) =>
    inTurn(
      {
        'C by pg-copy-streams': () => copyInNode(client, model),
        C: () => (hasPsql() ? copyInPsql(place.warehouseUrl, model) : copyInNode(client, model)),
        E: () => timeEmptyRuns(place),
        'whole run': async (round) => {
          const run = await sync.run();
          if (run.counts.unchanged !== bigTable.rows) throw new Error('a run without a change found one');
          if (round >= 0) read.push(run.readMs);
          return run.wholeMs;
        },
      },
      { rounds, warmUps: 1, say },
    ),
  );
  await Promise.all(workers.map((worker) => worker.stop(10_000)));
  const whole = taken['whole run'];
  const wanted = (copies: number, empties: number): number[] =>
    taken.C.map((copyMs, round) => copies * copyMs + empties * (taken.E[round] ?? Number.NaN));
  const size = await snapshotSize(place, sync.id);
  return {
    verdicts: [
      ratio('query + change detection / C', read, taken.C, { must: 1.5, aim: 1.1 }),
      ratio('query + change detection / C by pg-copy-streams', read, taken['C by pg-copy-streams'], {}),
      ratio('whole run / (1.5 C + 2 E)', whole, wanted(1.5, 2), { must: 1 }),
      ratio('whole run / (1.2 C + E)', whole, wanted(1.2, 1), { aim: 1 }),
      bounded('stored snapshot, entries of a row', 'bytes', [size.entryBytes / bigTable.rows], {}),
      bounded('stored snapshot, key of a row', 'bytes', [size.keyBytes / bigTable.rows], {}),
    ],
    series: [
      { name: 'query + change detection', unit: 'ms', values: read },
      ...Object.entries(taken).map(([name, values]) => ({ name, unit: 'ms', values }) as const),
    ],
  };
}
