// Owns running an activity as a worker would, without one: for tests that say themselves what was before, and when.
import { asyncLocalStorage, Context } from '@temporalio/activity';

/** Runs `work` as a try of an activity after so many mistakes of ours. */
export function inActivity<Result>(
  activityType: string,
  mistakes: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const context = Object.assign(Object.create(Context.prototype) as Context, {
    info: {
      attempt: mistakes + 1,
      heartbeatDetails: { mistakes },
      activityType,
      workflowExecution: { workflowId: 'w', runId: 'r' },
    },
    cancellationSignal: new AbortController().signal,
    heartbeat: () => undefined,
  });
  return asyncLocalStorage.run(context, work);
}
