// Owns the scenario of a PostgreSQL that lives and is of no use: frozen, full of connections, full of data (D4).
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { ChaosPlace } from '../place/chaos-place';
import { isTimely, resultOf, type Scenario } from '../chaos-result';
import { ChaosSync } from '../place/chaos-sync';
import { askSyncs, probe, type ProbeReport } from '../place/probes';
import { waitFor } from '../place/wait-for';

const forms = {
  short: { pauseMs: 4_000, otherMs: 3_000, rows: 4_000 },
  full: { pauseMs: 30_000, otherMs: 20_000, rows: 60_000 },
};
const latencyMs = 150;
// Twice the connections of the API's pool: those who wait for one must come through again, too.
const readers = 20;
// A frozen server is given up after 4.5 s; the rest is for a busy machine.
const answerLimitMs = 6_000;

export const postgresTrouble: Scenario = {
  ids: ['D4'],
  async run({ place, ledgers, form, say }) {
    const { pauseMs, otherMs, rows } = forms[form];
    const ledger = ledgers.add('trouble', 'upsert');
    ledger.latencyMs = latencyMs;
    const sync = await ChaosSync.make(place, { name: 'troubled', rows, ledger });
    const runId = await sync.trigger();
    const reading = Array.from({ length: readers }, () => probe(askSyncs(place)));
    const progress = async (): Promise<void> => {
      const before = ledger.calls.length;
      await waitFor('calls after the trouble', 90_000, async () =>
        ledger.calls.length > before || isOver(await sync.look(runId)) ? true : null,
      );
    };
    await progress();
    say(`frozen for ${pauseMs} ms`);
    place.pausePostgres();
    await sleep(pauseMs);
    place.continuePostgres();
    await progress();

    say(`no connection to be had for ${otherMs} ms`);
    const letGo = await takeAllConnections(place);
    await sleep(otherMs);
    await letGo();
    await progress();

    say(`disk full for ${otherMs} ms`);
    await fillDisk(place);
    await sleep(otherMs);
    await place.ask('DROP FUNCTION chaos_disk_full() CASCADE');
    const run = await sync.ended(runId, 180_000);
    const reads = await Promise.all(reading.map((reader) => reader.stop()));
    const sum = (of: (report: ProbeReport) => number): number =>
      reads.reduce((all, report) => all + of(report), 0);
    const slowestMs = Math.max(...reads.map((report) => report.slowestMs));
    const silent = sum((report) => report.silent);
    const wrong = [...new Set(reads.flatMap((report) => report.wrong))];
    const lost = (await sync.differences()).length;
    const ends = place.programs.unaskedEnds;
    return [
      resultOf(
        {
          id: 'D4',
          fault: `PostgreSQL frozen ${pauseMs / 1000} s, without connections ${otherMs / 1000} s, disk full ${otherMs / 1000} s`,
          expected: 'no run failed for a pause shorter than its budget; bounded answers',
        },
        [
          { text: `${run.status} ${run.failure?.message ?? ''}`.trim(), holds: run.status === 'completed' },
          { text: `${lost} rows lost or wrong`, holds: lost === 0 },
          {
            text: `counters ${run.rows_created}/${run.rows_updated}, ledger ${ledger.created}/${ledger.updated}`,
            holds: run.rows_created === ledger.created && run.rows_updated === ledger.updated,
          },
          { text: `mismatch ${run.summary.counter_mismatch}`, holds: run.summary.counter_mismatch === 0 },
          {
            text: `${sum((report) => report.unavailable)} of ${sum((report) => report.asked)} answers 503`,
            holds: true,
          },
          {
            text: `${silent} calls without an answer, the slowest took ${slowestMs} ms`,
            holds: silent === 0 && isTimely(form, slowestMs, answerLimitMs),
          },
          { text: `other answers: ${wrong.join(', ') || 'none'}`, holds: wrong.length === 0 },
          { text: `processes that exited: ${ends.join(', ') || 'none'}`, holds: ends.length === 0 },
        ],
      ),
    ];
  },
};

function isOver(run: { status: string } | null): boolean {
  return run !== null && run.status !== 'running' && run.status !== 'queued';
}

/** Throws everybody out and takes every place in the server; returns how to give them back. */
async function takeAllConnections(place: ChaosPlace): Promise<() => Promise<void>> {
  const taken: Client[] = [];
  const take = async (): Promise<boolean> => {
    const client = new Client({ connectionString: place.databaseUrl });
    client.on('error', () => undefined);
    try {
      await client.connect();
      taken.push(client);
      return true;
    } catch {
      return false;
    }
  };
  // Those who come back the moment they are thrown out are thrown out again, until no place is left.
  for (let round = 0; round < 20; round += 1) {
    while (await take()) continue;
    const { rows } = (await taken[0]?.query<{ out: number }>(
      `SELECT count(pg_terminate_backend(pid))::int AS out FROM pg_stat_activity
       WHERE application_name LIKE 'signalsmith%'`,
    )) ?? { rows: [] };
    if (rows[0]?.out === 0) break;
  }
  return async () => {
    await Promise.all(taken.map((client) => client.end()));
  };
}

/** Every change of the ledger of batches fails as on a full disk. */
async function fillDisk(place: ChaosPlace): Promise<void> {
  await place.ask(`CREATE FUNCTION chaos_disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`);
  for (const table of ['batches', 'run_phases', 'run_events', 'runs'])
    await place.ask(
      `CREATE TRIGGER chaos_disk_full BEFORE INSERT OR UPDATE ON ${table} EXECUTE FUNCTION chaos_disk_full()`,
    );
}
