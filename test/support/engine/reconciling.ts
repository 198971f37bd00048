// Lets a test reconcile the runs of its engine: one round when it says so, or again and again without the waits.
import type { ClaimLimits } from '../../../db/runs/reconcile/reconcile-claim';
import { noteLateResets } from '../../../db/runs/reconcile/reconcile-resets';
import { temporalRunLauncher } from '../../../temporal/run-launcher';
import { temporalRunStates } from '../../../temporal/run-state';
import {
  reconcileOpenWorkflows,
  type SweepLimits,
} from '../../../worker/reconciler/reconcile-open-workflows';
import type { RunReconcilerDeps } from '../../../worker/reconciler/reconcile-run';
import { claimLimits, reconcileRuns } from '../../../worker/reconciler/reconcile-runs';
import { type Reconciler, startReconciler } from '../../../worker/reconciler/reconciler';
import type { Engine } from './engine';

/** The product's limits with every wait left out. */
export const noWaits: ClaimLimits = {
  ...claimLimits,
  unstartedMs: 0,
  untoldMs: 0,
  uncancelledMs: 0,
  aliveMs: 0,
  lookEveryMs: 0,
};

/** One reconciler over the engine's own parts. */
export function reconcilerOf(engine: Engine) {
  const deps: RunReconcilerDeps = {
    knex: engine.knex,
    launcher: temporalRunLauncher(engine.client, engine.taskQueue),
    states: temporalRunStates(engine.client, engine.taskQueue),
    log: { warn: () => undefined },
    failedCloses: new Map(),
  };
  return {
    deps,
    /** One round over the runs; what was done, in words. */
    runs: async (limits: Partial<ClaimLimits> = {}): Promise<string[]> =>
      (await reconcileRuns(deps, { ...noWaits, ...limits })).map(({ act }) => act),
    /** One search for resets of runs that had ended. */
    resets: async (): Promise<string[]> =>
      noteLateResets(engine.knex, await deps.states.closedSince(new Date(Date.now() - 60_000))),
    /** One sweep over the workflows that Temporal has open. */
    openWorkflows: async (limits: Partial<SweepLimits> = {}): Promise<string[]> =>
      (await reconcileOpenWorkflows(deps, { graceMs: 0, terminateMs: 600_000, ...limits })).map(
        ({ act }) => act,
      ),
  };
}

/** Reconciles the engine's runs until stopped, as a worker does but ten times as often. */
export function keepReconciling(engine: Engine, changes: Partial<ClaimLimits> = {}): Reconciler {
  const { deps } = reconcilerOf(engine);
  // Half a second between looks at one run: what is on its way to a workflow has arrived by then.
  const limits = {
    ...noWaits,
    untoldMs: 500,
    uncancelledMs: 100,
    aliveMs: 1_500,
    lookEveryMs: 500,
    ...changes,
  };
  return startReconciler(
    [{ what: 'runs', everyMs: 250, round: (signal) => reconcileRuns(deps, limits, signal) }],
    deps.log,
  );
}
