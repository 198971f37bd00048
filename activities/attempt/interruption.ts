// Owns telling in the run's timeline why Temporal took an attempt's work away, when that was not the run's cancel.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@temporalio/activity';
import { type RunEventType, writeEventOfRun } from '../../db/runs/run-events';
import { notePausedPhase } from '../../db/runs/run-phases';
import type { ActivityDeps } from '../deps';

// A worker that shuts down must not hang on a database that is away; one statement takes a millisecond.
const tellWithinMs = 2_000;

/** Writes the event of a pause, a reset or a shutdown; a paused run waits from now on. Never throws. */
export async function noteInterruption(deps: ActivityDeps, runId: string, context: Context): Promise<void> {
  const type = interruptionOf(context);
  if (!type) return;
  const { activityType } = context.info;
  const tell = async (): Promise<void> => {
    await writeEventOfRun(deps.knex, runId, type, { activity: activityType });
    if (type === 'activity_paused') await notePausedPhase(deps.knex, runId);
  };
  try {
    await Promise.race([tell(), sleep(tellWithinMs, undefined, { ref: false })]);
  } catch (error) {
    deps.log.warn({ run_id: runId, error: String(error) }, `the event ${type} could not be written`);
  }
}

/** Only `cancelRequested` is a user's cancel; a pause and a reset look like one inside the activity. */
function interruptionOf({ cancellationDetails }: Context): RunEventType | null {
  if (!cancellationDetails || cancellationDetails.cancelRequested) return null;
  if (cancellationDetails.paused) return 'activity_paused';
  if (cancellationDetails.reset) return 'activity_reset';
  return cancellationDetails.workerShutdown ? 'worker_shutdown' : null;
}
