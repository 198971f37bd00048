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
import type { QueuedRun } from '../activities/queue-run';
import type { RunAdmitted } from '../activities/start-run';
import { failureOf } from '../domain/failure';
import type { RunKind } from '../domain/run';
import type { SkippedSlot } from '../domain/slot';
import { closeRun, queueRun, startRun, workActivities } from './activity-proxies';
import { endDetails } from './end-details';
import { failureIn } from './failure-in';
import { handOffSignalName, runStatusKey, type SyncRunInput, type SyncRunResult } from './messages';
import { asFailure, Patience } from './patience';

/** Set by Temporal on workflows that a schedule starts: the slot's nominal time. */
const scheduledStart = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');
const handOff = defineSignal(handOffSignalName);

type Ending = Pick<CloseRunInput, 'kind' | 'failure'>;

/** What continue-as-new carries on with. */
type Carried = NonNullable<SyncRunInput['carried']>;

/** The lease as far as the workflow knows: whether it was told that it is this run's turn. */
interface Turn {
  mayBeMine: boolean;
}

export async function syncRun(input: SyncRunInput): Promise<SyncRunResult | SkippedSlot> {
  // Started by hand, without an input: an error of ours would be tried again for ever.
  if (typeof (input as Partial<SyncRunInput> | undefined)?.syncId !== 'string')
    throw ApplicationFailure.nonRetryable('A sync run needs an input that names its sync', 'no_input');
  const turn: Turn = { mayBeMine: false };
  setHandler(handOff, () => void (turn.mayBeMine = true));

  const queued = await queue(input);
  if ('skipped' in queued) {
    upsertSearchAttributes([{ key: runStatusKey, value: 'skipped' }]);
    return queued;
  }
  const { runId } = queued;
  if (queued.closed) {
    // A reset brought the run's first search attributes back: it would be listed as queued for ever.
    upsertSearchAttributes([{ key: runStatusKey, value: queued.status }]);
    throw ApplicationFailure.nonRetryable(`Run ${runId} has already ended`, 'run_already_closed');
  }
  turn.mayBeMine ||= queued.admitted;

  let ending: Ending;
  let carried: Carried | null = null;
  try {
    // Remembered through an outage of Temporal: the cancel itself is on its way, and ends this wait.
    if (queued.cancelRequested) await condition(() => false);
    const started = await startInTurn(runId, turn);
    carried = await workWithinBudget(runId, started, input);
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
  return CancellationScope.nonCancellable(() => close({ runId, continuedFrom: continuedFrom(), ...ending }));
}

/** Not cancellable: a cancel must find the run's row, to close it. */
async function queue(input: SyncRunInput): Promise<QueuedRun | SkippedSlot> {
  if (input.carried) {
    const { runId } = input.carried;
    return { runId, admitted: true, closed: false, status: 'running', cancelRequested: false };
  }
  const { firstExecutionRunId, typedSearchAttributes } = workflowInfo();
  const slotAt = typedSearchAttributes.get(scheduledStart) ?? null;
  return CancellationScope.nonCancellable(() =>
    queueRun({ ...input, firstExecutionRunId, slotAtMs: slotAt === null ? null : slotAt.getTime() }),
  );
}

/** Waits for the run's turn and starts it. A signal alone does not make it one: the lease decides. */
async function startInTurn(runId: string, turn: Turn): Promise<RunAdmitted> {
  for (;;) {
    if (!turn.mayBeMine) setCurrentDetails('Queued: waits for the runs before it');
    await condition(() => turn.mayBeMine);
    const started = await startRun({ runId, continuedFrom: continuedFrom() });
    if (started.admitted) return started;
    turn.mayBeMine = false;
  }
}

/** The execution this one goes on from; null: it is the first, or a reset made it. */
function continuedFrom(): string | null {
  return workflowInfo().continuedFromExecutionRunId ?? null;
}

/** The root scope tells a cancel of the run from everything that merely looks like one. */
function endingOf(error: unknown): Ending {
  if (CancellationScope.current().consideredCancelled) return { kind: 'cancelled', failure: null };
  return { kind: 'failed', failure: failureIn(error) };
}

/** Does the work; a timer ends it with the budget. Returns what to carry on with when the history has grown long. */
async function workWithinBudget(
  runId: string,
  { budgetEndsAtMs, patienceSeconds }: RunAdmitted,
  { kind, carried }: SyncRunInput,
): Promise<Carried | null> {
  upsertSearchAttributes([{ key: runStatusKey, value: 'running' }]);
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
  const { queryModel, detectChanges, writeChanges } = workActivities();
  const patience = new Patience(patienceMs, carried?.trouble ?? null);
  const carryOn = (slices: number): Carried => ({ runId, slices, trouble: patience.trouble });

  setCurrentDetails('Reads the model');
  const read = await patience.until((stretch) =>
    queryModel.executeWithOptions({ summary: 'Query the model' }, [{ runId, stretch }]),
  );
  if (!read) return carryOn(0);
  setCurrentDetails(`${read.rowsRead} rows read; finds what changed`);
  const plan = await patience.until((stretch) =>
    detectChanges.executeWithOptions({ summary: 'Detect changes' }, [{ runId, stretch }]),
  );
  if (!plan) return carryOn(0);
  const sends = plan.creates + plan.updates + plan.deletes;
  const told = `${read.rowsRead} rows read, ${sends} changes in ${plan.batches} batches`;
  if (sends === 0 || kind === 'dry_run') {
    setCurrentDetails(told);
    return null;
  }
  for (let slice = (carried?.slices ?? 0) + 1; ; slice += 1) {
    setCurrentDetails(`${told}; writes them`);
    const summary = `Write ${sends} changes in ${plan.batches} batches${slice > 1 ? `, slice ${slice}` : ''}`;
    const { stretch } = patience;
    const end = await writeChanges.executeWithOptions({ summary }, [{ runId, stretch }]);
    if ('setback' in end) {
      await patience.waitOut(end.setback);
    } else {
      if (end.done) return null;
      if (end.progressed) patience.renew();
      if (end.pauseMs > 0)
        await sleep(end.pauseMs, { summary: 'Waiting for calls of an earlier attempt to run out' });
    }
    // After setbacks too: a rate limit that is met for hours makes a long history as well.
    if (workflowInfo().continueAsNewSuggested) return carryOn(slice);
  }
}

/** Closes the run and tells the next in the queue. What Temporal says in the end follows from the record. */
async function close(input: CloseRunInput): Promise<SyncRunResult> {
  const closed = await closeRun(input);
  if (closed.next) {
    try {
      await getExternalWorkflowHandle(closed.next.workflowId).signal(handOff);
    } catch (error) {
      // The next run's workflow is gone; this run is closed all the same, and must not be reported as failed.
      log.warn('the next run could not be told', { next: closed.next.runId, error });
    }
  }
  const { status, outcome, counts, failure } = closed;
  upsertSearchAttributes([{ key: runStatusKey, value: status }]);
  setCurrentDetails(endDetails(closed, failure?.message ?? null));
  if (status === 'failed' && failure) throw ApplicationFailure.nonRetryable(failure.message, failure.code);
  if (status === 'cancelled') throw new CancelledFailure('The run was cancelled');
  return { runId: input.runId, status, outcome, counts };
}
