// Owns the scenario in which everything is killed in any order while syncs run: worker, API, PostgreSQL, Temporal. A worker
// is told to stop, too.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosPlace } from '../place/chaos-place';
import { resultOf, type Scenario } from '../chaos-result';
import { ChaosSync } from '../place/chaos-sync';
import { misfitFacts, misfits } from './double-starts';
import { waitFor } from '../place/wait-for';

const forms = {
  short: { kills: 5, syncs: 2, rows: 1_500, mostCalmMs: 1_000 },
  full: { kills: 24, syncs: 10, rows: 5_000, mostCalmMs: 6_000 },
};
const latencyMs = 100;
const workers = 2;
// Runs that were killed in every phase wait for heartbeats and backoffs; ten of them share two workers.
const longestEndMs = 240_000;

interface Victim {
  readonly name: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

export const randomKills: Scenario = {
  ids: ['everything'],
  workers,
  async run({ place, ledgers, form, random, say }) {
    const { kills, syncs: count, rows, mostCalmMs } = forms[form];
    const syncs: ChaosSync[] = [];
    for (let at = 0; at < count; at += 1) {
      const ledger = ledgers.add(`any-${at}`, 'upsert');
      ledger.latencyMs = latencyMs;
      syncs.push(await ChaosSync.make(place, { name: `any_${at}`, rows, ledger }));
    }
    const stopping = new AbortController();
    const using = syncs.map((sync) => keepUsing(place, sync, stopping.signal));
    const victims = victimsOf(place);
    for (let killed = 0; killed < kills; killed += 1) {
      await sleep(random.between(200, mostCalmMs));
      // Each of them once at least, the second worker in the full form, then whoever it hits.
      const victim = victims[killed] ?? random.pick(victims);
      const downMs = random.between(0, 3_000);
      await victim.kill();
      await sleep(downMs);
      await victim.start();
      say(`kill ${killed + 1}: ${victim.name}, ${Math.round(downMs)} ms`);
    }
    stopping.abort();
    const triggered = (await Promise.all(using)).reduce((sum, runs) => sum + runs, 0);
    const open = async (): Promise<number> => {
      const [left] = await place.ask<{ n: number }>(
        'SELECT count(*)::int AS n FROM runs WHERE completed_at IS NULL',
      );
      return left?.n ?? 0;
    };
    await waitFor('the end of all runs', longestEndMs, async () =>
      (await open()) === 0 ? true : null,
    ).catch(() => undefined);
    // One more of each in calm: what is due has to arrive now at the latest.
    for (const sync of syncs) await sync.ended(await sync.trigger(), longestEndMs);
    const differences = (await Promise.all(syncs.map((sync) => sync.differences()))).flat().length;
    const runs = await place.ask<{ status: string; failure_code: string | null; counter_mismatch: number }>(
      'SELECT status, failure_code, counter_mismatch::int FROM runs WHERE sync_id = ANY($1)',
      [syncs.map(({ id }) => id)],
    );
    const mismatches = runs.filter(({ counter_mismatch }) => counter_mismatch !== 0).length;
    const notCompleted = runs.filter(({ status }) => status !== 'completed');
    const ends = place.programs.unaskedEnds;
    const facts = misfitFacts(await misfits(place, syncs));
    return [
      resultOf(
        {
          id: 'everything',
          fault: `${kills} kills of workers, API, PostgreSQL and Temporal, and workers told to stop, in random order while ${count} syncs run`,
          expected: 'all runs end, the identity holds, the destination equals the model',
        },
        [
          { text: `${triggered} triggers accepted`, holds: triggered > 0 },
          ...facts,
          { text: `${mismatches} runs break the identity`, holds: mismatches === 0 },
          {
            text: `${notCompleted.length} not completed ${notCompleted.map(({ failure_code }) => failure_code).join(' ')}`.trim(),
            holds: notCompleted.length === 0,
          },
          { text: `${differences} rows differ`, holds: differences === 0 },
          { text: `processes that exited: ${ends.join(', ') || 'none'}`, holds: ends.length === 0 },
        ],
      ),
    ];
  },
};

/** Changes rows and triggers, run after run; returns how many triggers were accepted. */
async function keepUsing(place: ChaosPlace, sync: ChaosSync, signal: AbortSignal): Promise<number> {
  let accepted = 0;
  for (let round = 0; !signal.aborted; round += 1) {
    const reply = await place.send('POST', `/api/v1/syncs/${sync.id}/trigger`);
    if (reply.status !== 202) {
      await sleep(300);
      continue;
    }
    accepted += 1;
    await sync.ended(String(reply.body.id), longestEndMs);
    await sync.change(round);
  }
  return accepted;
}

function victimsOf(place: ChaosPlace): Victim[] {
  const { programs } = place;
  return [
    { name: 'worker 0', kill: () => programs.killWorker(0), start: () => programs.startWorker(0) },
    { name: 'PostgreSQL', kill: () => place.killPostgres(), start: () => place.startPostgres() },
    { name: 'API', kill: () => programs.killApi(), start: () => programs.startApi() },
    { name: 'Temporal', kill: () => place.killTemporal(), start: () => place.startTemporal() },
    {
      name: 'worker 0, told to stop',
      kill: () => programs.stopWorker(0),
      start: () => programs.startWorker(0),
    },
    { name: 'worker 1', kill: () => programs.killWorker(1), start: () => programs.startWorker(1) },
  ];
}
