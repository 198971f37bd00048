// Owns the baseline E as a workflow: activities that do nothing, one after the other. The product's shape without its work.
import { proxyActivities } from '@temporalio/workflow';

/** Task queue of the worker that serves it. */
export const emptyQueue = 'bench-empty';

/** queueRun, startRun, queryModel, detectChanges, closeRun: what a run without a change consists of. */
export const activitiesOfARun = 5;

const { empty } = proxyActivities<{ empty(): Promise<void> }>({ startToCloseTimeout: '1m' });

/** Runs `activities` empty activities. */
export async function emptyRun(activities: number): Promise<void> {
  for (let done = 0; done < activities; done += 1) await empty();
}
