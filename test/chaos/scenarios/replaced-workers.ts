// Owns the scenario of a rolling deploy: workers, as programs, are told to stop while they write and others take over.
import { isTimely, resultOf, type Scenario } from '../chaos-result';
import { ChaosSync } from '../place/chaos-sync';
import { waitFor } from '../place/wait-for';

const forms = {
  // An even number of times, so that the place has the worker again that it began with.
  short: { stops: 2, rows: 16_000 },
  full: { stops: 10, rows: 80_000 },
};
// 400 rows a second outlast the stops, which take ten to fifteen seconds each; and a stop comes long before the end of a
// slice, at which a worker hands over without a word.
const latencyMs = 1_000;
// Once nobody is stopped any more, nothing is gained by a slow destination.
const latencyAtRestMs = 20;
// Calls that are open at the end of the old worker's five seconds get two to be answered, and the next try comes within
// two; loading the plan takes one at most.
const gapLimitMs = 5_000;
const longestEndMs = 120_000;

export const replacedWorkers: Scenario = {
  ids: ['deploy'],
  async run({ place, ledgers, form, say }) {
    const { stops, rows } = forms[form];
    const ledger = ledgers.add('deployed', 'upsert');
    ledger.latencyMs = latencyMs;
    const sync = await ChaosSync.make(place, { name: 'deployed', rows, ledger });
    const runId = await sync.trigger();
    for (let stopped = 0; stopped < stops; stopped += 1) {
      const seen = ledger.calls.length;
      await waitFor('calls', 60_000, () => (ledger.calls.length > seen + 4 ? true : null));
      const old = stopped % 2;
      await place.programs.startWorker(1 - old);
      await place.programs.stopWorker(old);
      say(`stop ${stopped + 1}: ${ledger.rows.size} rows there`);
    }
    ledger.latencyMs = latencyAtRestMs;
    const run = await sync.ended(runId, longestEndMs);
    const lost = (await sync.differences()).length;
    const [told] = await place.ask<{ shutdowns: number; cancels: number }>(
      `SELECT count(*) FILTER (WHERE type = 'worker_shutdown')::int AS shutdowns,
         count(*) FILTER (WHERE type IN ('cancel_requested', 'run_cancelled'))::int AS cancels
       FROM run_events WHERE run_id = $1`,
      [runId],
    );
    const repeats = ledger.calls.length - new Set(ledger.calls.map(({ key }) => key)).size;
    const gaps = ledger.calls.slice(1).map(({ atMs }, at) => atMs - (ledger.calls[at]?.atMs ?? atMs));
    const longest = Math.max(...gaps);
    return [
      resultOf(
        {
          id: 'deploy',
          fault: `worker told to stop (SIGTERM) ${stops} times in a write of ${rows} rows, another one there`,
          expected:
            'exit code 0; the run goes on elsewhere <= 5 s, no call twice; one worker_shutdown a stop',
        },
        [
          { text: `${run.status} ${run.failure?.message ?? ''}`.trim(), holds: run.status === 'completed' },
          { text: `${lost} lost or wrong, ${repeats} calls repeated`, holds: lost === 0 && repeats === 0 },
          {
            text: `counters ${run.rows_created}, ledger ${ledger.created}, mismatch ${run.summary.counter_mismatch}`,
            holds: run.rows_created === ledger.created && run.summary.counter_mismatch === 0,
          },
          {
            text: `${told?.shutdowns} events worker_shutdown, ${told?.cancels} of a cancel`,
            holds: told?.shutdowns === stops && told.cancels === 0,
          },
          {
            text: `longest pause ${(longest / 1000).toFixed(1)} s`,
            holds: isTimely(form, longest, gapLimitMs),
          },
        ],
      ),
    ];
  },
};
