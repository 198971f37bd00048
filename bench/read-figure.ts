// Owns the figure of reading: query and change detection of a big model without a change, against the bare COPY.
import { copyInNode, copyInPsql, hasPsql } from './bare-copy';
import type { BenchPlace } from './bench-place';
import { storeSync, withClient } from './bench-sync';
import type { Figure, FigureResult, Verdict } from './figure';
import { pairedRatios, spreadOf } from './series';
import { bigTable } from './tables';
import { usersModel } from './users-model';

// The shortest series whose median one disturbed round cannot move to an end.
const rounds = 7;

export const readFigure: Figure = {
  name: 'read',
  title: '1,000,000 rows x 11 columns without a change: query + change detection',
  method:
    'C is the same model by COPY (model) TO STDOUT over an open connection, read by pg-copy-streams and thrown away; ' +
    'the product is the time from the start of the query phase to the end of change detection, as the run has it on record. In turn, after one warm-up of each.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  const model = usersModel(bigTable.name);
  const sync = await storeSync(place, bigTable.name, 'read_target');
  const worker = await place.startWorker();
  const product: number[] = [];
  const bare: number[] = [];
  const psql: number[] = [];
  const withPsql = hasPsql();
  say('first load');
  const loaded = await sync.run();
  if (loaded.counts.created !== bigTable.rows) throw new Error('the first load is not whole');
  await withClient(place.warehouseUrl, async (client) => {
    for (let round = 0; round <= rounds; round += 1) {
      const bareMs = await copyInNode(client, model);
      const psqlMs = withPsql ? await copyInPsql(place.warehouseUrl, model) : Number.NaN;
      const run = await sync.run();
      if (run.counts.unchanged !== bigTable.rows) throw new Error('a run without a change found one');
      say(
        `round ${round}: C ${bareMs.toFixed(0)} ms, psql ${psqlMs.toFixed(0)} ms, run ${run.readMs.toFixed(0)} ms`,
      );
      if (round === 0) continue;
      bare.push(bareMs);
      if (withPsql) psql.push(psqlMs);
      product.push(run.readMs);
    }
  });
  await worker.stop(10_000);
  return {
    verdicts: [
      againstBare('run / C', product, bare),
      ...(withPsql ? [againstBare('run / C by psql', product, psql)] : []),
    ],
    series: [
      { name: 'run, query + change detection', unit: 'ms', values: product },
      { name: 'C by pg-copy-streams', unit: 'ms', values: bare },
      ...(withPsql ? [{ name: 'C by psql', unit: 'ms', values: psql } as const] : []),
    ],
  };
}

function againstBare(claim: string, product: readonly number[], bare: readonly number[]): Verdict {
  return { claim, unit: 'x', limit: 2, judgedBy: 'median', measured: spreadOf(pairedRatios(product, bare)) };
}
