// Owns the life of one run: queue, start, query, detect, write, close. The database decides what it amounted to.
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { CloseRunInput } from '../activities/close-run';
import { failureOf } from '../domain/failure';
import type { RunKind } from '../domain/run';
import { closeRun, detectChanges, queryModel, queueRun, startRun, writeChanges } from './activity-proxies';
import { failureIn } from './ending-of';
import { handOffSignalName, type SyncRunInput, type SyncRunResult } from './messages';
import { asFailure, Patience } from './patience';

const runStatus = defineSearchAttributeKey('RunStatus', 'KEYWORD');
const handOff = defineSignal(handOffSignalName);

type Ending = Omit<CloseRunInput, 'runId'>;

/** What continue-as-new carries on with. */
type Carried = NonNullable<SyncRunInput['carried']>;

export async function syncRun(input: SyncRunInput): Promise<SyncRunResult> {
  let holdsLease = false;
  setHandler(handOff, () => void (holdsLease = true));

  const queued = input.carried
    ? { runId: input.carried.runId, admitted: true, closed: false }
    : await CancellationScope.nonCancellable(() =>
        queueRun({ ...input, firstExecutionRunId: workflowInfo().firstExecutionRunId }),
      );
  const { runId } = queued;
  if (queued.closed)
    throw ApplicationFailure.nonRetryable(`Run ${runId} has already ended`, 'run_already_closed');
  holdsLease ||= queued.admitted;

  let ending: Ending;
  let carried: Carried | null = null;
  try {
    await condition(() => holdsLease);
    carried = await workWithinBudget(runId, input);
    ending = { kind: 'finished', failure: null };
    // A cancel that came together with a slice's end has stopped nothing, and the next execution would not know of it.
    if (carried && CancellationScope.current().consideredCancelled) {
      carried = null;
      ending = { kind: 'cancelled', failure: null };
    }
  } catch (error) {
    ending = endingOf(error);
  }
  // Outside the try: continueAsNew works by throwing, and must not look like the end of the run.
  if (carried) await continueAsNew<typeof syncRun>({ ...input, carried });
  return CancellationScope.nonCancellable(() => close(runId, ending));
}

/** The root scope tells a cancel of the run from everything that merely looks like one. */
function endingOf(error: unknown): Ending {
  if (CancellationScope.current().consideredCancelled) return { kind: 'cancelled', failure: null };
  return { kind: 'failed', failure: failureIn(error) };
}

/** Does the work; a timer ends it with the budget. Returns what to carry on with when the history has grown long. */
async function workWithinBudget(runId: string, { kind, carried }: SyncRunInput): Promise<Carried | null> {
  const { budgetEndsAtMs, patienceSeconds } = await startRun({ runId });
  upsertSearchAttributes([{ key: runStatus, value: 'running' }]);
  let isOverBudget = false;
  const budget = new CancellationScope();
  const work = budget.run(() => phases(runId, kind, patienceSeconds * 1000, carried));
  const timer = new CancellationScope();
  const bell = timer
    .run(async () => {
      await sleep(Math.max(1, budgetEndsAtMs - Date.now()), { summary: "The run's budget" });
      isOverBudget = true;
      budget.cancel();
    })
    // Caught here and not where it is awaited: a cancel of the run ends the timer first, and a rejection nobody has
    // caught yet would fail the workflow task before the work is told.
    .catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  try {
    return await work;
  } catch (error) {
    if (!isOverBudget) throw error;
    throw asFailure(failureOf('timed_out', 'its budget is used up'));
  } finally {
    timer.cancel();
    await bell;
  }
}

async function phases(
  runId: string,
  kind: RunKind,
  patienceMs: number,
  carried: Carried | undefined,
): Promise<Carried | null> {
  const read = await new Patience(patienceMs).until(() => queryModel({ runId }));
  const plan = await new Patience(patienceMs).until(() => detectChanges({ runId }));
  const sends = plan.creates + plan.updates + plan.deletes;
  setCurrentDetails(`${read.rowsRead} rows read, ${sends} changes in ${plan.batches} batches`);
  if (sends === 0 || kind === 'dry_run') return null;
  const patience = new Patience(patienceMs, carried?.trouble);
  for (let slice = (carried?.slices ?? 0) + 1; ; slice += 1) {
    const summary = `Write ${sends} changes in ${plan.batches} batches${slice > 1 ? `, slice ${slice}` : ''}`;
    const end = await writeChanges.executeWithOptions({ summary }, [{ runId }]);
    if ('setback' in end) {
      await patience.waitOut(end.setback);
    } else {
      if (end.done) return null;
      if (end.progressed) patience.renew();
      if (end.pauseMs > 0)
        await sleep(end.pauseMs, { summary: 'Waiting for calls of an earlier attempt to run out' });
    }
    // After setbacks too: a rate limit that is met for hours makes a long history as well.
    if (workflowInfo().continueAsNewSuggested) return { runId, slices: slice, trouble: patience.trouble };
  }
}

/** Closes the run and tells the next in the queue. What Temporal says in the end follows from the record. */
async function close(runId: string, ending: Ending): Promise<SyncRunResult> {
  const closed = await closeRun({ runId, ...ending });
  if (closed.next) {
    try {
      await getExternalWorkflowHandle(closed.next.workflowId).signal(handOff);
    } catch (error) {
      // The next run's workflow is gone; this run is closed all the same, and must not be reported as failed.
      log.warn('the next run could not be told', { next: closed.next.runId, error });
    }
  }
  const { status, outcome, counts, failure } = closed;
  upsertSearchAttributes([{ key: runStatus, value: status }]);
  if (status === 'failed' && failure) throw ApplicationFailure.nonRetryable(failure.message, failure.code);
  if (status === 'cancelled') throw new CancelledFailure('The run was cancelled');
  return { runId, status, outcome, counts };
}
