// Owns the reconciler's loop: what is looked at how often, and that no trouble ends it. What is done stands beside it.
import { databaseMessage } from '../../db/database-error';
import { noteLateResets } from '../../db/runs/reconcile/reconcile-resets';
import { noteStuckRuns } from '../../db/runs/reconcile/reconcile-stuck';
import { timeFromNow } from '../../db/time-from-now';
import type { Schedules } from '../../temporal/schedules';
import type { Bell } from './bell';
import { reconcileOpenWorkflows } from './reconcile-open-workflows';
import type { RunReconcilerDeps } from './reconcile-run';
import { claimLimits, reconcileRuns } from './reconcile-runs';
import { reconcileSchedules, removeOrphanSchedules } from './reconcile-schedules';

/** One thing that is looked at again and again; `round` returns what it did, to be logged when there is any. */
export interface Watch {
  readonly what: string;
  readonly everyMs: number;
  /** Rings when there is something to look at; absent: nobody says. */
  readonly bell?: Bell;
  round(signal: AbortSignal): Promise<readonly unknown[] | number>;
}

export interface Reconciler {
  /** Begins no new act, and waits for the one that is being done. */
  stop(): Promise<void>;
}

// Temporal lists a thousand workflows in 50 ms; what it lists lags, so more often would not be sooner.
const sweepMs = 20_000;

/** The watches over runs. */
export function runWatches(deps: Omit<RunReconcilerDeps, 'failedCloses'>): Watch[] {
  const all: RunReconcilerDeps = { ...deps, failedCloses: new Map() };
  return [
    {
      what: 'runs',
      // A cancel that Temporal could not take is delivered within seconds of its return.
      everyMs: 2_500,
      round: (signal) => reconcileRuns(all, claimLimits, signal),
    },
    {
      what: 'resets',
      everyMs: sweepMs,
      // Looks back over three turns: Temporal's list lags, and a turn may be missed. Telling twice is telling once.
      round: async () =>
        noteLateResets(deps.knex, await deps.states.closedSince(await timeFromNow(deps.knex, -3 * sweepMs))),
    },
    // The least limit of a sync is a minute; ten seconds more or less are no matter then.
    { what: 'stuck runs', everyMs: 10_000, round: () => noteStuckRuns(deps.knex) },
    { what: 'open workflows', everyMs: sweepMs, round: () => reconcileOpenWorkflows(all) },
  ];
}

/** The watches over schedules. */
export function scheduleWatches(
  { knex, log }: Pick<RunReconcilerDeps, 'knex' | 'log'>,
  schedules: Schedules,
): Watch[] {
  return [
    // A definition that could not be applied at once is applied within seconds of Temporal's return.
    { what: 'schedules', everyMs: 5_000, round: () => reconcileSchedules(knex, schedules, log) },
    // Only a crash between two steps leaves an orphan, and what it fires is refused: a minute is soon enough.
    { what: 'orphan schedules', everyMs: 60_000, round: () => removeOrphanSchedules(knex, schedules) },
  ];
}

/** Runs every watch at its own pace until stopped. Trouble is told once, and tried again at the watch's next turn. */
export function startReconciler(watches: readonly Watch[], log: RunReconcilerDeps['log']): Reconciler {
  const stopping = new AbortController();
  const loops = watches.map((watch) => keepWatching(watch, stopping.signal, log));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function keepWatching(
  { what, everyMs, bell, round }: Watch,
  signal: AbortSignal,
  log: RunReconcilerDeps['log'],
): Promise<void> {
  let isInTrouble = false;
  // Begins somewhere in its period: workers that were started together need not come together.
  await pause(Math.random() * everyMs, signal, bell);
  while (!signal.aborted) {
    try {
      bell?.silence();
      const done = await round(signal);
      const count = typeof done === 'number' ? done : done.length;
      if (count > 0) log.warn({ done }, `${what}: did not agree with Temporal`);
      isInTrouble = false;
    } catch (error) {
      if (!isInTrouble) log.warn({ error: databaseMessage(error) }, `${what}: could not be looked at`);
      isInTrouble = true;
    }
    await pause(everyMs, signal, bell);
  }
}

// What comes within a fifth of a second of a ring is looked at together: as many rings as there are make five looks a second.
const afterRingMs = 200;

function pause(ms: number, signal: AbortSignal, bell?: Bell): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      bell?.listen(null);
      signal.removeEventListener('abort', end);
      resolve();
    };
    let timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    bell?.listen(() => {
      bell.listen(null);
      clearTimeout(timer);
      timer = setTimeout(end, Math.min(ms, afterRingMs));
    });
  });
}
