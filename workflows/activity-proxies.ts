// Owns the activities as workflows call them: every timeout and retry, with its reason beside it.
import {
  ActivityCancellationType,
  type ActivityInterfaceFor,
  type ActivityOptions,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index';
import { workQueueOf } from './messages';

const common: ActivityOptions = {
  // The default would let the workflow go on while a cancelled writer still runs.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // No maximumAttempts: worker kills, shutdowns and older workers spend attempts; the run's budget is the limit.
  // 5 s at most between tries: Postgres or a worker that is back is noticed at once, and the load stays small.
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '5s' },
};

/** Single transactions on our own database. */
const brief: ActivityOptions = {
  ...common,
  // Far beyond any transaction here; a try that hangs longer has lost its connection.
  startToCloseTimeout: '1m',
  // Beats come every half second: a worker that dies in the middle of one holds its run, and a cancel of it, up this long.
  heartbeatTimeout: '10s',
};

export const { queueRun } = proxyActivities<Activities>({ ...brief, summary: 'Queue the run' });
export const { startRun } = proxyActivities<Activities>({ ...brief, summary: 'Start the run' });

export const { closeRun } = proxyActivities<Activities>({
  ...common,
  summary: 'Close the run',
  // Writes the snapshot delta of the whole run and drops its spool; ten minutes fit tens of millions of rows.
  startToCloseTimeout: '10m',
  // As for the brief ones: the sync's queue waits for this close.
  heartbeatTimeout: '10s',
});

export const { inspect } = proxyActivities<Activities>({
  ...common,
  // A person is waiting for the answer: connect timeouts of 10 s fit, nothing is tried twice.
  startToCloseTimeout: '25s',
  scheduleToCloseTimeout: '28s',
  heartbeatTimeout: '10s',
  retry: { maximumAttempts: 1 },
});

/** The phases, whose length follows the data. Called inside a workflow: their queue follows from the workflow's own. */
export function workActivities(): Pick<
  ActivityInterfaceFor<Activities>,
  'queryModel' | 'detectChanges' | 'writeChanges'
> {
  return proxyActivities<Activities>({
    ...common,
    taskQueue: workQueueOf(workflowInfo().taskQueue),
    // Longer than any budget: the budget timer, not this, ends a run.
    startToCloseTimeout: '30d',
    // Beats come every half second; ten seconds without one is a dead worker, or one that must not go on.
    heartbeatTimeout: '10s',
    // A worker killed again and again leaves long pauses between tries: with five seconds a run was back 15.5 s after a
    // kill, with two after 12.3 s. Few such activities are open at once, so that asking more often costs little.
    retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '2s' },
  });
}
