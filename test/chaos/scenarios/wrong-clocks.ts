// Owns the scenario of programs whose clocks are wrong, each in its own way, and step while runs work (D12).
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosPlace } from '../place/chaos-place';
import type { RowLedger } from '../../support/outside/row-ledger';
import { type ChaosOptions, isTimely, resultOf, type Scenario } from '../chaos-result';
import { ChaosSync } from '../place/chaos-sync';
import { misfitFacts, misfits } from './double-starts';
import { timeFacts } from '../place/record-times';
import { resetWorkflow } from './reset-workflow';
import { waitFor } from '../place/wait-for';

type Fact = Parameters<typeof resultOf>[1][number];

const forms = {
  short: { rows: 6_000, steps: 4, mostCalmMs: 1_000 },
  full: { rows: 60_000, steps: 40, mostCalmMs: 2_000 },
};
const hourMs = 3_600_000;
const workers = ['worker 0', 'worker 1'] as const;
const programs = ['api', ...workers] as const;
const latencyMs = 300;
const cancelLimitMs = 5_000;
const recordLimitMs = 60_000;
// Backoff in the trouble, and the heartbeat timeout of the worker that dies.
const longestGapMs = 30_000;

export const wrongClocks: Scenario = {
  ids: ['D12'],
  workers: 2,
  async run(options) {
    const { place, form } = options;
    const { steps } = forms[form];
    const since = new Date();
    await startWithClocks(place);
    const others = Promise.all([cancelled(options), terminated(options), scheduled(options)]);
    // What breaks off there is told when it is awaited, not before.
    others.catch(() => undefined);
    const facts = [...(await written(options)), ...(await others).flat()];
    await setClocks(place, programs, hourMs);
    facts.push(...(await noticedReset(options)));
    const stuck = await place.ask('SELECT 1 FROM run_events WHERE type = $1', ['stuck']);
    return [
      resultOf(
        {
          id: 'D12',
          fault: `clocks of API and workers an hour wrong both ways, ${steps + 6} steps of them in the middle of runs`,
          expected: 'lease, queue, cancel, reconciler, schedule and stuck as ever; times in order',
        },
        [
          ...facts,
          { text: `${stuck.length} runs called stuck`, holds: stuck.length === 0 },
          ...(await timeFacts(place, since)),
        ],
      ),
    ];
  },
};

async function startWithClocks({ programs: running }: ChaosPlace): Promise<void> {
  running.setClock('api', hourMs);
  running.setClock('worker 0', hourMs);
  running.setClock('worker 1', -hourMs);
  await Promise.all([
    running.killApi().then(() => running.startApi()),
    running.killWorker(0).then(() => running.startWorker(0)),
    running.killWorker(1).then(() => running.startWorker(1)),
  ]);
}

/** Returns when the programs go by the new time. */
async function setClocks(
  { programs: running }: ChaosPlace,
  names: readonly string[],
  aheadMs: number,
): Promise<void> {
  for (const name of names) running.setClock(name, aheadMs);
  await waitFor(`${names.join(', ')} to step`, 10_000, () =>
    names.every((name) => running.hasTakenClock(name)) ? true : null,
  );
}

/** Two runs of one sync, the second queued behind the first, through everything a clock can do. */
async function written(options: ChaosOptions): Promise<Fact[]> {
  const { place, ledgers, form, random, say } = options;
  const ledger = ledgers.add('timed', 'upsert');
  ledger.latencyMs = latencyMs;
  const settings = { stuck_after_seconds: 60, patience_seconds: 300 };
  const sync = await ChaosSync.make(place, { name: 'timed', rows: forms[form].rows, ledger, settings });
  const [first, second] = [await sync.trigger(), await sync.trigger()];
  await moreCalls(ledger);
  // Whichever worker has the run, its clock goes back in one of the two, and forward in the other.
  for (const [at, aheadMs] of [-hourMs, hourMs].entries()) {
    await setClocks(place, ['worker 0'], aheadMs);
    await setClocks(place, ['worker 1'], -aheadMs);
    say(`workers stepped by two hours, one each way (${at + 1})`);
    await moreCalls(ledger);
  }
  const waits = await throughTrouble(place, ledger, first);
  await place.programs.killWorker(1);
  await place.programs.startWorker(1);
  for (let step = 1; step <= forms[form].steps; step += 1) {
    await sleep(random.between(0, forms[form].mostCalmMs));
    const [name, aheadMs] = [random.pick(programs), random.pick([hourMs, -hourMs, 0])];
    place.programs.setClock(name, aheadMs);
    say(`step ${step}: ${name} ${aheadMs / hourMs} h ahead`);
  }
  const run = await sync.ended(first, 240_000);
  const next = await sync.ended(second, 60_000);
  const lost = (await sync.differences()).length;
  const [early] = await place.ask<{ n: number }>(
    `SELECT count(*)::int AS n FROM runs a JOIN runs b ON a.id = $1 AND b.id = $2 WHERE b.started_at < a.completed_at`,
    [first, second],
  );
  const gaps = ledger.calls.slice(1).map(({ atMs }, at) => atMs - (ledger.calls[at]?.atMs ?? atMs));
  const longest = Math.max(...gaps);
  return [
    {
      text: `${run.status} and ${next.status} ${run.failure?.message ?? ''}`.trim(),
      holds: run.status === 'completed' && next.status === 'completed',
    },
    {
      text: `${lost} lost or wrong, ${run.rows_created} counted, ${ledger.created} accepted`,
      holds: lost === 0 && run.rows_created === ledger.created && run.summary.counter_mismatch === 0,
    },
    { text: `${waits} waits in the trouble`, holds: waits >= 2 },
    { text: `longest pause ${(longest / 1000).toFixed(1)} s`, holds: longest <= longestGapMs },
    { text: `${early?.n} began too early`, holds: early?.n === 0 },
    ...misfitFacts(await misfits(place, [sync])),
  ];
}

async function moreCalls(ledger: RowLedger): Promise<void> {
  const before = ledger.calls.length;
  await waitFor('more calls', 60_000, () => (ledger.calls.length > before + 4 ? true : null));
}

/** An outage that is met before and after a step of two hours: by the clocks it has outlasted any patience. */
async function throughTrouble(place: ChaosPlace, ledger: RowLedger, runId: string): Promise<number> {
  const waits = async (): Promise<number> =>
    (await place.ask('SELECT 1 FROM run_events WHERE run_id = $1 AND type = $2', [runId, 'waiting'])).length;
  await setClocks(place, workers, -hourMs);
  ledger.refuse = () => 503;
  await waitFor('a wait', 60_000, async () => ((await waits()) > 0 ? true : null));
  await setClocks(place, workers, hourMs);
  await waitFor('another wait', 60_000, async () => ((await waits()) > 1 ? true : null)).catch(() => null);
  ledger.refuse = () => null;
  return waits();
}

async function cancelled({ place, ledgers, form }: ChaosOptions): Promise<Fact[]> {
  const { sync, runId } = await aWritingRun({ place, ledgers, form }, 'called_off');
  await place.send('POST', `/api/v1/syncs/${sync.id}/runs/${runId}/cancel`);
  const run = await sync.ended(runId, 60_000);
  const [took] = await place.ask<{ ms: number }>(
    'SELECT (extract(epoch FROM completed_at - cancel_requested_at) * 1000)::int AS ms FROM runs WHERE id = $1',
    [runId],
  );
  const ms = took?.ms ?? Number.NaN;
  return [
    {
      text: `${run.status} ${ms} ms after the cancel`,
      holds: run.status === 'cancelled' && ms >= 0 && isTimely(form, ms, cancelLimitMs),
    },
  ];
}

async function terminated({ place, ledgers, form }: ChaosOptions): Promise<Fact[]> {
  const { sync, runId } = await aWritingRun({ place, ledgers, form }, 'torn_down');
  const client = await place.temporalClient();
  await client.workflow.getHandle(runId).terminate('an operator');
  const run = await sync.ended(runId, recordLimitMs);
  return [
    { text: `terminated: ${run.failure?.code}`, holds: run.failure?.code === 'terminated_by_operator' },
  ];
}

/** A schedule of ten seconds, which is then paused in Temporal: slots become runs, none is missed, the pause is ours. */
async function scheduled({ place, ledgers }: ChaosOptions): Promise<Fact[]> {
  const sync = await ChaosSync.make(place, {
    name: 'by_clock',
    rows: 20,
    ledger: ledgers.add('by-clock', 'upsert'),
  });
  const put = await place.send('PUT', `/api/v1/syncs/${sync.id}/schedule`, { interval_seconds: 10 });
  const slots = (): Promise<{ late: number }[]> =>
    place.ask(
      `SELECT extract(epoch FROM queued_at - slot_at)::float8 AS late FROM runs
       WHERE sync_id = $1 AND slot_at IS NOT NULL AND completed_at IS NOT NULL`,
      [sync.id],
    );
  const ran = await waitFor('two slots', recordLimitMs, async () => {
    const done = await slots();
    return done.length >= 2 ? done : null;
  });
  const client = await place.temporalClient();
  await client.schedule.getHandle(`sync/${sync.id}`).pause('an operator');
  const events = (): Promise<{ type: string }[]> =>
    place.ask('SELECT type FROM run_events WHERE sync_id = $1 AND run_id IS NULL ORDER BY id', [sync.id]);
  const adopted = await waitFor('the pause', recordLimitMs, async () =>
    (await events()).some(({ type }) => type === 'sync_paused') ? true : null,
  ).catch(() => false);
  const odd = (await events()).filter(({ type }) => !['schedule_changed', 'sync_paused'].includes(type));
  const latest = Math.max(...ran.map(({ late }) => late));
  return [
    {
      text: `schedule put: ${put.status}, ${ran.length} slots ran, at most ${latest.toFixed(1)} s late`,
      holds: latest >= 0 && latest < 10,
    },
    { text: `pause in Temporal ${adopted ? 'noticed' : 'not noticed'}`, holds: adopted },
    {
      text: `slots missed or restored: ${odd.map(({ type }) => type).join(' ') || 'none'}`,
      holds: odd.length === 0,
    },
  ];
}

/** A run that has ended is reset where nothing of it runs again: only the reconciler's look back can tell. */
async function noticedReset({ place, ledgers }: ChaosOptions): Promise<Fact[]> {
  const sync = await ChaosSync.make(place, {
    name: 'set_back',
    rows: 20,
    ledger: ledgers.add('set-back', 'upsert'),
  });
  const runId = await sync.trigger();
  await sync.ended(runId, 60_000);
  const client = await place.temporalClient();
  const handle = client.workflow.getHandle(runId);
  await waitFor('the end of the workflow', 60_000, async () =>
    (await handle.describe()).status.name === 'COMPLETED' ? true : null,
  );
  await resetWorkflow(client, runId, 'last');
  const noticed = await waitFor('the reset to be noticed', recordLimitMs, async () => {
    const told = await place.ask('SELECT 1 FROM run_events WHERE run_id = $1 AND type = $2', [
      runId,
      'run_reset',
    ]);
    return told.length > 0 ? true : null;
  }).catch(() => false);
  return [{ text: `reset after the end ${noticed ? 'noticed' : 'not noticed'}`, holds: noticed }];
}

async function aWritingRun(
  { place, ledgers, form }: Pick<ChaosOptions, 'place' | 'ledgers' | 'form'>,
  name: string,
): Promise<{ sync: ChaosSync; runId: string }> {
  const ledger = ledgers.add(name, 'upsert');
  ledger.latencyMs = latencyMs;
  const sync = await ChaosSync.make(place, { name, rows: forms[form].rows, ledger });
  const runId = await sync.trigger();
  await waitFor('calls', 60_000, () => (ledger.calls.length > 4 ? true : null));
  return { sync, runId };
}
