// Owns the reconciler's table: what is done about one run when Postgres and Temporal do not agree. Every act may be
// repeated, and done by several workers at once; the stores and Temporal let one of them win.
import type { Knex } from 'knex';
import { isDatabaseTrouble } from '../../db/database-error';
import type { RunEnding } from '../../db/runs/close-run';
import {
  closeAsFound,
  notePaused,
  noteReconciled,
  type Reconciled,
} from '../../db/runs/reconcile/reconcile-acts';
import type { DueRun } from '../../db/runs/reconcile/reconcile-claim';
import { failureOf } from '../../domain/failure';
import type { RunLauncher } from '../../temporal/run-launcher';
import type { ClosedLook, OpenLook, RunStates } from '../../temporal/run-state';

export interface RunReconcilerDeps {
  readonly knex: Knex;
  readonly launcher: RunLauncher;
  readonly states: RunStates;
  readonly log: { warn(fields: Record<string, unknown>, message: string): void };
  /** How often each run could not be closed in order; kept from round to round. */
  readonly failedCloses: Map<string, number>;
}

/** What was done about a run; as in the event `reconciled`, or `pause_noted`. */
export type RunAct = 'started' | 'cancel' | 'hand_off' | 'closed' | 'pause_noted';

// As often as the workflow's own close; what still fails then fails for ever, and the sync's queue must not wait for it.
const closesInOrder = 5;

/** Looks at the run's workflow and does what is due; returns what it did. */
export async function reconcileRun(deps: RunReconcilerDeps, run: DueRun): Promise<RunAct[]> {
  const look = await deps.states.look(run.workflowId);
  if (look.state === 'open') return whileOpen(deps, run, look);
  if (look.state === 'closed') return close(deps, run, endingOf(look), foundOf(look));
  if (run.isClaimed) return close(deps, run, workflowLost, { found: 'workflow_not_found', did: 'closed' });
  if (run.cancelRequested) {
    return close(deps, run, { kind: 'cancelled', failure: null }, { found: 'never_started', did: 'closed' });
  }
  return start(deps, run);
}

const workflowLost: RunEnding = {
  kind: 'failed',
  failure: failureOf(
    'internal',
    'Temporal does not know its workflow any more',
    'not found: Temporal lost its data, or removed the closed workflow before the run was closed',
  ),
};

function endingOf({ status, because }: ClosedLook): RunEnding {
  if (status === 'CANCELLED') return { kind: 'cancelled', failure: null };
  if (status === 'TERMINATED') {
    return { kind: 'failed', failure: failureOf('terminated_by_operator', undefined, because) };
  }
  const cause = because ? `${status}: ${because}` : status;
  return {
    kind: 'failed',
    failure: failureOf('internal', 'its workflow ended without closing the run', cause),
  };
}

function foundOf({ status, because }: ClosedLook): Reconciled {
  return { found: `workflow_${status.toLowerCase()}`, did: 'closed', because };
}

async function whileOpen(deps: RunReconcilerDeps, run: DueRun, look: OpenLook): Promise<RunAct[]> {
  const { knex, launcher } = deps;
  const acts: RunAct[] = [];
  for (const paused of look.paused) {
    if (await notePaused(knex, run.runId, paused)) acts.push('pause_noted');
  }
  if (run.cancelRequested) {
    // Asked of Temporal, not remembered: a reset forgets a cancel that was delivered before.
    if (look.cancelRequested) return acts;
    if ((await launcher.cancel(run.workflowId)) !== 'asked') return acts;
    await noteReconciled(knex, run.runId, { found: 'cancel_not_delivered', did: 'cancel' });
    return [...acts, 'cancel'];
  }
  // Anything on its way to the workflow may be what it waits for; a signal every few seconds would only fill its history.
  if (!run.isUntold || !run.isClaimed || !look.isIdle) return acts;
  if (!(await launcher.handOff(run.workflowId))) return acts;
  await noteReconciled(knex, run.runId, { found: 'not_told', did: 'hand_off' });
  return [...acts, 'hand_off'];
}

async function start({ knex, launcher }: RunReconcilerDeps, run: DueRun): Promise<RunAct[]> {
  // The workflow's id stands for ever: whoever is second starts nothing.
  await launcher.start({ ...run, summary: `${run.title} (${run.trigger})` });
  await noteReconciled(knex, run.runId, { found: 'never_started', did: 'started' });
  return ['started'];
}

async function close(
  deps: RunReconcilerDeps,
  { runId }: DueRun,
  ending: RunEnding,
  detail: Reconciled,
): Promise<RunAct[]> {
  const { knex, launcher, failedCloses, log } = deps;
  const failed = failedCloses.get(runId) ?? 0;
  try {
    const { isClosed, next } = await closeAsFound(knex, runId, ending, detail, failed >= closesInOrder);
    failedCloses.delete(runId);
    // Not told now, it is found untold in a few seconds.
    if (next) await launcher.handOff(next.workflowId).catch(() => false);
    return isClosed ? ['closed'] : [];
  } catch (error) {
    if (!isDatabaseTrouble(error)) {
      failedCloses.set(runId, failed + 1);
      log.warn({ run_id: runId, error: String(error) }, 'a run could not be closed in order');
    }
    throw error;
  }
}
