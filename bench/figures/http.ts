// Owns the figure of HTTP delivery: batches built from the journal, against the same batches built beforehand.
import { requestBodies, sendAll } from '../baselines/bare-http';
import type { BenchPlace } from '../bench-place';
import { withClient } from '../data/bench-client';
import { storeSyncInto } from '../data/bench-sync';
import { bigTable, needTables } from '../data/tables';
import { usersModel } from '../data/users-model';
import type { Figure, FigureResult } from '../figure';
import { inTurn, timed } from '../in-turn';
import { peakMegabytes } from '../peak-memory';
import { pairedRatios, spreadOf } from '../series';
import { bounded } from '../verdicts';

const rounds = 5;
const batchRows = 1_000;
const concurrency = 16;

export const httpFigure: Figure = {
  name: 'http',
  title: '1,000,000 rows to an HTTP API that takes 50 ms a call: batches of 1,000 rows, 16 at a time',
  method:
    'The API is a process of its own that reads every body, parses one in twenty and answers 50 ms after it came. The baseline is 16 undici loops over bodies built beforehand; the product is the time of the phase of destination writes, as the run has it on record: journal, JSON, calls and ledger. In turn, after one warm-up of each. Memory is VmHWM of /proc/<pid>/status of the worker after all of these runs.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  await needTables(place, bigTable);
  const sink = await place.startProgram('http-sink', 'bench/baselines/http-sink.js');
  const worker = await place.startWorker();
  const url = `http://127.0.0.1:${String(sink.ready['port'])}/users`;
  const bodies = await withClient(place.warehouseUrl, (client) =>
    requestBodies(client, usersModel(bigTable.name), batchRows),
  );
  const taken = await inTurn(
    {
      'bare undici': () => timed(() => sendAll(url, bodies, concurrency)),
      'destination writes': async (round) => {
        const sync = await storeSyncInto(place, bigTable.name, `http_${round + 1}`, {
          kind: 'http',
          config: { url, batch_rows: batchRows, concurrency, response: null },
          secrets: {},
          object: {},
        });
        const { counts, writeMs } = await sync.run();
        if (counts.created !== bigTable.rows) throw new Error('not every row was sent');
        return writeMs;
      },
    },
    { rounds, warmUps: 1, say },
  );
  const peak = peakMegabytes(worker.pid);
  await Promise.all([worker, sink].map((program) => program.stop(10_000)));
  const share = pairedRatios(taken['bare undici'], taken['destination writes']);
  return {
    verdicts: [
      {
        claim: 'rows a second / bare undici',
        unit: 'x',
        bound: 'at_least',
        judgedBy: 'median',
        must: 0.9,
        aim: 0.97,
        measured: spreadOf(share),
      },
      bounded('peak memory of the worker', 'MB', [peak], { must: 300, aim: 200 }),
    ],
    series: Object.entries(taken).map(([name, values]) => ({
      name,
      unit: 'rows/s' as const,
      values: values.map((tookMs) => (bigTable.rows / tookMs) * 1_000),
    })),
  };
}
