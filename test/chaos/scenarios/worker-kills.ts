// Owns the scenario of a worker that is killed in the middle of writes, again and again: D1 upserting, D2 append-only.
import { setTimeout as sleep } from 'node:timers/promises';
import type { RowLedger } from '../../support/outside/row-ledger';
import { type ChaosOptions, type ChaosResult, isTimely, resultOf, type Scenario } from '../chaos-result';
import { ChaosSync, lanes } from '../place/chaos-sync';
import type { ChaosRun } from '../place/sync-runs';
import { waitFor } from '../place/wait-for';

const forms = {
  short: { kills: 1, rows: 4_000, mostAliveMs: 700, upsertMs: 1_000, appendMs: 1_000 },
  // After every kill the append waits out its deadlines, and the upsert goes on for some 20 s: at 160 rows a second its
  // hundred thousand outlast twenty of them. The append has a second or two between its waits.
  full: { kills: 20, rows: 100_000, mostAliveMs: 2_500, upsertMs: 2_500, appendMs: 800 },
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
    const { kills, rows, mostAliveMs, upsertMs, appendMs } = forms[form];
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
    upserting.latencyMs = upsertMs;
    appending.latencyMs = appendMs;
    const runIds = [await syncs[0].trigger(), await syncs[1].trigger()] as const;

    const resumes: number[] = [];
    // A kill after a run's end proves nothing of it.
    const hits: [number, number] = [0, 0];
    for (let killed = 0; killed < kills; killed += 1) {
      await Promise.all(
        syncs.map(({ ledger }, at) => nextCall(ledger, syncs[at] as ChaosSync, runIds[at] as string)),
      );
      await sleep(random.between(0, mostAliveMs));
      if (!(await syncs[0].hasEnded(runIds[0]))) hits[0] += 1;
      if (!(await syncs[1].hasEnded(runIds[1]))) hits[1] += 1;
      const killedAtMs = performance.now();
      await place.programs.killWorker();
      const seen = upserting.calls.length;
      await place.programs.startWorker();
      const next = await waitFor('the next call after a kill', longestResumeMs, async () => {
        const call = upserting.calls[seen];
        if (call !== undefined) return call.atMs;
        return (await syncs[0].hasEnded(runIds[0])) ? Number.NaN : null;
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
      await upsertResult(syncs[0], ends[0], { form, kills, hits: hits[0] }, resumes),
      appendResult(appending, ends[1], { form, kills, hits: hits[1] }, rows),
    ];
  },
};

/** Waits for a call that begins from now on; a run that is already over has none. */
async function nextCall(ledger: RowLedger, sync: ChaosSync, runId: string): Promise<void> {
  const before = ledger.calls.length;
  await waitFor('a call', longestResumeMs, async () =>
    ledger.calls.length > before || (await sync.hasEnded(runId)) ? true : null,
  );
}

interface Kills {
  readonly form: ChaosOptions['form'];
  readonly kills: number;
  /** Those before the run's end. */
  readonly hits: number;
}

async function upsertResult(
  sync: ChaosSync,
  run: ChaosRun,
  { form, kills, hits }: Kills,
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
      { text: `${hits} kills before its end`, holds: hits === kills },
      { text: `${lost} lost or wrong`, holds: lost === 0 },
      { text: `${twice} duplicates`, holds: twice === 0 },
      {
        text: `counters ${run.rows_created}/${run.rows_updated}, ledger ${ledger.created}/${ledger.updated}`,
        holds: run.rows_created === ledger.created && run.rows_updated === ledger.updated,
      },
      { text: `mismatch ${run.summary.counter_mismatch}`, holds: run.summary.counter_mismatch === 0 },
      {
        text: `${resumes.length} resumes, longest ${(longest / 1000).toFixed(1)} s`,
        holds: resumes.length === kills && isTimely(form, longest, resumeLimitMs),
      },
    ],
  );
}

function appendResult(ledger: RowLedger, run: ChaosRun, { kills, hits }: Kills, rows: number): ChaosResult {
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
      { text: `${hits} kills before its end`, holds: hits === kills },
      { text: `${rows - all.length} lost`, holds: all.length === rows },
      { text: `${repeats} repeated batches of at most ${kills * lanes}`, holds: repeats <= kills * lanes },
      { text: `${otherKey} rows under a second key`, holds: otherKey === 0 },
      { text: `counters ${run.rows_created} created`, holds: run.rows_created === rows },
      { text: `mismatch ${run.summary.counter_mismatch}`, holds: run.summary.counter_mismatch === 0 },
    ],
  );
}
