// Owns the scenario of a worker that is killed in the middle of writes, again and again: D1 upserting, D2 append-only.
import { setTimeout as sleep } from 'node:timers/promises';
import type { RowLedger } from '../support/row-ledger';
import { type ChaosResult, resultOf, type Scenario } from './chaos-result';
import { type ChaosRun, ChaosSync, lanes } from './chaos-sync';
import { waitFor } from './wait-for';

const forms = {
  short: { kills: 1, rows: 4_000, mostAliveMs: 700, latencyMs: { upsert: 1_000, append: 1_000 } },
  // Half a minute a kill, most of it until the appending run may call again. The upserting one goes on meanwhile: at 130 rows
  // a second its hundred thousand outlast all twenty.
  full: { kills: 20, rows: 100_000, mostAliveMs: 2_500, latencyMs: { upsert: 3_000, append: 800 } },
};
const batchRows = 100;
// Once nobody is killed any more, nothing is gained by a slow destination.
const latencyAtRestMs = 20;
// The promise: the heartbeat timeout of the phases (workflows/activity-proxies.ts), which is seven seconds, and five for a
// try to come and to load its plan.
const resumeLimitMs = 12_000;
// In insert mode a call without an answer is repeated only after its deadline: three timeouts of 2 s and ten seconds.
const appendTimeoutSeconds = 2;
const longestResumeMs = 60_000;
// The rest of the rows takes some 20 s.
const longestEndMs = 120_000;

/** Both destinations are written at once, so that each kill hits both. */
export const workerKills: Scenario = {
  ids: ['D1', 'D2'],
  async run(options) {
    const { place, ledgers, form, random, say } = options;
    const { kills, rows, mostAliveMs, latencyMs } = forms[form];
    const [upserting, appending] = [ledgers.add('upserting', 'upsert'), ledgers.add('appending', 'append')];
    const syncs = [
      await ChaosSync.make(place, { name: 'upserted', rows, ledger: upserting, batchRows }),
      await ChaosSync.make(place, {
        name: 'appended',
        rows,
        ledger: appending,
        batchRows,
        mode: 'insert',
        timeoutSeconds: appendTimeoutSeconds,
      }),
    ] as const;
    upserting.latencyMs = latencyMs.upsert;
    appending.latencyMs = latencyMs.append;
    const runIds = [await syncs[0].trigger(), await syncs[1].trigger()] as const;

    const resumes: number[] = [];
    let appendsHit = 0;
    let killed = 0;
    for (; killed < kills; killed += 1) {
      await Promise.all(
        syncs.map(({ ledger }, at) => nextCall(ledger, syncs[at] as ChaosSync, runIds[at] as string)),
      );
      await sleep(random.between(0, mostAliveMs));
      const killedAtMs = performance.now();
      await place.programs.killWorker();
      if (!(await hasEnded(syncs[1], runIds[1]))) appendsHit += 1;
      const seen = upserting.calls.length;
      await place.programs.startWorker();
      const next = await waitFor('the next call after a kill', longestResumeMs, async () => {
        const call = upserting.calls[seen];
        if (call !== undefined) return call.atMs;
        return (await hasEnded(syncs[0], runIds[0])) ? Number.NaN : null;
      });
      if (!Number.isNaN(next)) resumes.push(next - killedAtMs);
      say(
        `kill ${killed + 1}: next call after ${Math.round(next - killedAtMs)} ms, ${upserting.rows.size} rows there`,
      );
    }
    for (const { ledger } of syncs) ledger.latencyMs = latencyAtRestMs;
    const ends = [
      await syncs[0].ended(runIds[0], longestEndMs),
      await syncs[1].ended(runIds[1], longestEndMs),
    ] as const;
    return [
      await upsertResult(syncs[0], ends[0], killed, resumes),
      appendResult(appending, ends[1], { kills: killed, hits: appendsHit, rows }),
    ];
  },
};

/** Waits for a call that begins from now on; a run that is already over has none. */
async function nextCall(ledger: RowLedger, sync: ChaosSync, runId: string): Promise<void> {
  const before = ledger.calls.length;
  await waitFor('a call', longestResumeMs, async () =>
    ledger.calls.length > before || (await hasEnded(sync, runId)) ? true : null,
  );
}

async function hasEnded(sync: ChaosSync, runId: string): Promise<boolean> {
  const run = await sync.look(runId);
  return run !== null && run.status !== 'running' && run.status !== 'queued';
}

async function upsertResult(
  sync: ChaosSync,
  run: ChaosRun,
  kills: number,
  resumes: readonly number[],
): Promise<ChaosResult> {
  const { ledger } = sync;
  const lost = (await sync.differences()).length;
  const twice = [...ledger.rows.values()].filter(({ effects }) => effects > 1).length;
  const longest = Math.max(...resumes);
  return resultOf(
    {
      id: 'D1',
      fault: `worker SIGKILLed ${kills} times in a write of ${run.rows_processed} rows, upserting destination`,
      expected: '0 lost, 0 duplicates, counters = ledger, completed, resume <= 12 s after each kill',
    },
    [
      { text: `${run.status} ${run.failure?.message ?? ''}`.trim(), holds: run.status === 'completed' },
      { text: `${lost} lost or wrong`, holds: lost === 0 },
      { text: `${twice} duplicates`, holds: twice === 0 },
      {
        text: `counters ${run.rows_created}/${run.rows_updated}, ledger ${ledger.created}/${ledger.updated}`,
        holds: run.rows_created === ledger.created && run.rows_updated === ledger.updated,
      },
      { text: `mismatch ${run.summary.counter_mismatch}`, holds: run.summary.counter_mismatch === 0 },
      {
        // A kill after the run's end would have hit nothing.
        text: `${resumes.length} resumes after ${kills} kills, longest ${(longest / 1000).toFixed(1)} s`,
        holds: resumes.length === kills && longest <= resumeLimitMs,
      },
    ],
  );
}

function appendResult(
  ledger: RowLedger,
  run: ChaosRun,
  { kills, hits, rows }: { readonly kills: number; readonly hits: number; readonly rows: number },
): ChaosResult {
  const all = [...ledger.rows.values()];
  const otherKey = all.filter(({ keys }) => keys.size > 1).length;
  const callsByKey = new Map<string, number>();
  for (const { key } of ledger.calls) callsByKey.set(key, (callsByKey.get(key) ?? 0) + 1);
  const repeats = [...callsByKey.values()].reduce((sum, calls) => sum + calls - 1, 0);
  return resultOf(
    {
      id: 'D2',
      fault: `the same ${kills} kills, append-only destination`,
      expected: 'repeats <= one batch per lane per kill, each under the same key',
    },
    [
      { text: `${run.status} ${run.failure?.message ?? ''}`.trim(), holds: run.status === 'completed' },
      { text: `${hits} of ${kills} kills hit it`, holds: hits === kills },
      { text: `${rows - all.length} lost`, holds: all.length === rows },
      { text: `${repeats} repeated batches of at most ${kills * lanes}`, holds: repeats <= kills * lanes },
      { text: `${otherKey} rows under a second key`, holds: otherKey === 0 },
      { text: `counters ${run.rows_created} created`, holds: run.rows_created === rows },
      { text: `mismatch ${run.summary.counter_mismatch}`, holds: run.summary.counter_mismatch === 0 },
    ],
  );
}
