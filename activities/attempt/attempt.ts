// Owns one attempt at an activity: its heartbeats, its cancellation, and the translation of what it throws.
import { Context } from '@temporalio/activity';
import { RunAlreadyClosedError } from '../../db/runs/lease';
import { beatPulse } from '../../db/runs/pulse';
import { writeEventOfRun } from '../../db/runs/run-events';
import type { Stretch } from '../../domain/setback';
import { asApplicationFailure, asMistake } from './as-application-failure';
import { noteInterruption } from './interruption';
import type { ActivityDeps } from '../deps';

/** What a phase's activity is given: the run, and the trouble before this try. */
export interface PhaseInput {
  readonly runId: string;
  readonly stretch: Stretch;
}

/** What the attempt tells while it works; shown in Temporal and as the run's progress. Counts only. */
export type Progress = Record<string, number | string>;

export interface Attempt {
  /** Aborted by a cancel, by the worker's shutdown, or when Temporal gave this attempt up. */
  readonly signal: AbortSignal;
  /** Whether an earlier attempt at the same activity failed. */
  readonly retried: boolean;
  /** Temporal's id of the execution the attempt belongs to. */
  readonly executionRunId: string;
  /**
   * How many earlier attempts at the same activity ended in a mistake of ours. Temporal's own count says more: a killed
   * worker, a shutdown and a database that was away are in it too.
   */
  readonly mistakes: number;
  readonly progress: Progress;
}

export interface AttemptOptions {
  /** The run the attempt works for; absent: none, or none yet. */
  readonly runId?: string;
  /** `for_ever`: an error nobody knows is never taken for final. */
  readonly tries?: 'some' | 'for_ever';
  /** Whether to write the run's pulse: for work that may take longer than a moment. */
  readonly hasPulse?: boolean;
}

// Half of the worker's throttle: a cancel is noticed within about a second, a dead worker within heartbeatTimeout.
const heartbeatMs = 500;
// A proper end after an abort takes five seconds at most: two of grace for open calls, one to part from a destination that
// hangs, two to write an event. Work that is still there after twice that hangs in something that hears no signal. Its
// beats end, so that the heartbeat's timeout gives it up and the run, which waits for its activities' ends, goes on; beats
// without an end would hold it for ever. What the lost work still does is fenced.
const beatsAfterAbortMs = 10_000;
// Every fourth heartbeat: often enough to look alive, and 500 runs at once cost 250 small statements a second.
const beatsPerPulse = 4;

/** Runs `work` as an attempt of the current activity. */
export async function inAttempt<Result>(
  deps: ActivityDeps,
  { runId, tries = 'some', hasPulse = false }: AttemptOptions,
  work: (attempt: Attempt) => Promise<Result>,
): Promise<Result> {
  const context = Context.current();
  const mistakes = mistakesIn(context.info.heartbeatDetails);
  // Told again with every beat: the next attempt hears the last one only.
  const progress: Progress = mistakes > 0 ? { mistakes } : {};
  const beats = beatAll(deps, context, progress, hasPulse ? runId : undefined);
  try {
    return await work({
      signal: context.cancellationSignal,
      retried: context.info.attempt > 1,
      executionRunId: executionRunId(),
      mistakes,
      progress,
    });
  } catch (error) {
    if (context.cancellationSignal.aborted) {
      if (runId) await noteInterruption(deps, runId, context);
      // The reason is the CancelledFailure that Temporal has to see, whatever the abort looked like inside.
      throw context.cancellationSignal.reason;
    }
    if (runId && error instanceof RunAlreadyClosedError)
      await writeEventOfRun(deps.knex, runId, 'run_already_closed', { found_by: context.info.activityType });
    const known = asApplicationFailure(error);
    if (known) throw known;
    // The worker sends it before the failure.
    context.heartbeat({ ...progress, mistakes: mistakes + 1 });
    throw tries === 'some' ? asMistake(error, mistakes + 1) : error;
  } finally {
    beats.stop();
  }
}

/** Temporal's id of the execution the current activity belongs to. */
export function executionRunId(): string {
  const execution = Context.current().info.workflowExecution;
  if (!execution) throw new Error('an activity of ours runs only inside a workflow');
  return execution.runId;
}

function mistakesIn(details: Progress | undefined): number {
  const told = details?.['mistakes'];
  return typeof told === 'number' ? told : 0;
}

function beatAll(
  { knex }: ActivityDeps,
  context: Context,
  progress: Progress,
  pulseOf: string | undefined,
): { stop(): void } {
  let count = 0;
  let told = JSON.stringify(progress);
  let pulse: Promise<void> | null = null;
  let silence: NodeJS.Timeout | undefined;
  const timer = setInterval(() => {
    if (context.cancellationSignal.aborted) silence ??= setTimeout(stop, beatsAfterAbortMs);
    context.heartbeat(progress);
    count += 1;
    if (pulseOf === undefined || pulse || count % beatsPerPulse !== 0) return;
    const now = JSON.stringify(progress);
    const rowsRead = typeof progress['rows_read'] === 'number' ? progress['rows_read'] : null;
    pulse = beatPulse(knex, pulseOf, { rowsRead, moved: now !== told })
      .then(() => void (told = now))
      // The next one comes in two seconds; work that needs the database finds out by itself.
      .catch(() => undefined)
      .finally(() => (pulse = null));
  }, heartbeatMs);
  function stop(): void {
    clearInterval(timer);
    clearTimeout(silence);
  }
  return { stop };
}
