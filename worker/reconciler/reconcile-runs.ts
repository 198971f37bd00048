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
  // A beat says that a worker has the run in hand, not that Temporal still does: one that is cut off from Temporal alone
  // beats on for a run that was terminated. With a round and the close, that is promised to be closed within a minute.
  lookAnywayMs: 45_000,
  lookEveryMs: 20_000, // a terminated run frees its queue well within a minute
  page: 100, // a hundred looks take half a second; a page that is full is followed by the next at once
};

// As many looks at once as a lazy client sends without queueing; a hundred take half a second.
const looksAtOnce = 10;
// Full pages in one round: two thousand looks, ten seconds, half of the time after which the first of them is due again.
// A page alone would leave off at 800 quiet runs a worker, and thousands wait for their start after an outage.
const pagesARound = 20;

/**
 * Claims what is due and does what is to be done about each. Throws the first trouble once all were tried; where Temporal
 * or Postgres is away, what was not tried is given back and due at once when they return.
 */
export async function reconcileRuns(
  deps: RunReconcilerDeps,
  limits: ClaimLimits = claimLimits,
  signal?: AbortSignal,
): Promise<DoneAbout[]> {
  const round: Round = { done: [], troubles: [], isAway: false };
  for (let page = 1; page <= pagesARound; page += 1) {
    const due = await claimDueRuns(deps.knex, limits);
    await lookAt(deps, due, round, signal);
    if (due.length < limits.page || round.isAway || signal?.aborted) break;
  }
  if (round.troubles.length > 0) throw round.troubles[0];
  return round.done;
}

/** What has come of a round so far. */
interface Round {
  readonly done: DoneAbout[];
  readonly troubles: unknown[];
  /** Whether Temporal or Postgres was found to be away. */
  isAway: boolean;
}

async function lookAt(
  deps: RunReconcilerDeps,
  due: readonly DueRun[],
  round: Round,
  signal: AbortSignal | undefined,
): Promise<void> {
  const waiting = [...due];
  const hand = async (): Promise<void> => {
    for (let run = next(); run; run = next()) {
      const { runId } = run;
      try {
        round.done.push(...(await reconcileRun(deps, run)).map((act) => ({ runId, act })));
      } catch (error) {
        // One run that cannot be helped must not hold up those behind it.
        round.troubles.push(error);
        round.isAway ||= isTemporalAway(error) || isDatabaseUnavailable(error);
      }
    }
  };
  const next = (): DueRun | undefined => (round.isAway || signal?.aborted ? undefined : waiting.shift());
  await Promise.all(Array.from({ length: looksAtOnce }, hand));
  if (waiting.length === 0) return;
  const left = waiting.map(({ runId }) => runId);
  await giveBackClaims(deps.knex, left).catch((error: unknown) => round.troubles.push(error));
}
