// Owns one round over the runs that are due for a look: claimed together, looked at side by side. The table itself is
// in reconcile-run.
import { isDatabaseUnavailable } from '../../db/database-error';
import {
  type ClaimLimits,
  claimDueRuns,
  type DueRun,
  giveBackClaims,
} from '../../db/runs/reconcile/reconcile-claim';
import { isTemporalAway } from '../../temporal/temporal-away';
import { type RunAct, reconcileRun, type RunReconcilerDeps } from './reconcile-run';

/** What a round did about one run. */
export interface DoneAbout {
  readonly runId: string;
  readonly act: RunAct;
}

export const claimLimits: ClaimLimits = {
  unstartedMs: 10_000, // a start takes 20 ms; after ten seconds nobody is on the way to it any more
  untoldMs: 5_000, // a signal takes 20 ms, and whoever sends it may wait five seconds for Temporal
  uncancelledMs: 1_000, // whoever asks for a cancel delivers it at once; we come when he could not
  aliveMs: 15_000, // pulses come every two seconds, and a dead worker is noticed after seven
  lookEveryMs: 20_000, // a terminated run frees its queue well within a minute
  page: 100, // a round of a hundred looks takes half a second; the next one goes on
};

// As many looks at once as a lazy client sends without queueing; a hundred take half a second.
const looksAtOnce = 10;

/**
 * Claims what is due and does what is to be done about each. Throws the first trouble once all were tried; where Temporal
 * or Postgres is away, what was not tried is given back and due at once when they return.
 */
export async function reconcileRuns(
  deps: RunReconcilerDeps,
  limits: ClaimLimits = claimLimits,
  signal?: AbortSignal,
): Promise<DoneAbout[]> {
  const due = await claimDueRuns(deps.knex, limits);
  const done: DoneAbout[] = [];
  const troubles: unknown[] = [];
  const waiting: DueRun[] = [...due];
  let isAway = false;
  const hand = async (): Promise<void> => {
    for (let run = next(); run; run = next()) {
      const { runId } = run;
      try {
        done.push(...(await reconcileRun(deps, run)).map((act) => ({ runId, act })));
      } catch (error) {
        // One run that cannot be helped must not hold up those behind it.
        troubles.push(error);
        isAway ||= isTemporalAway(error) || isDatabaseUnavailable(error);
      }
    }
  };
  const next = (): DueRun | undefined => (isAway || signal?.aborted ? undefined : waiting.shift());
  await Promise.all(Array.from({ length: looksAtOnce }, hand));
  if (waiting.length > 0) {
    const left = waiting.map(({ runId }) => runId);
    await giveBackClaims(deps.knex, left).catch((error: unknown) => troubles.push(error));
  }
  if (troubles.length > 0) throw troubles[0];
  return done;
}
