// Owns the activities as workflows call them: every timeout and retry, with its reason beside it.
import {
  ActivityCancellationType,
  type ActivityInterfaceFor,
  type ActivityOptions,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index';
import { deliveryQueueOf, inspectionQueueOf, workQueueOf } from './messages';

const common: ActivityOptions = {
  // Beats come every second: seven without one is a dead worker, or one that must not go on. A run that is cancelled as its
  // worker dies is promised to be `cancelled` within 10 s: these seven, at worst after them two in the dead worker's sticky
  // queue (worker/create-worker.ts), and one for close-run.
  heartbeatTimeout: '7s',
  // The default would let the workflow go on while a cancelled writer still runs.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // No maximumAttempts: worker kills, shutdowns and older workers spend attempts; the run's budget is the limit.
  // 200 ms before the second try: a deadlock, or a connection that was closed, is over by then, and nobody sees the pause.
  // Doubled from try to try: what lasts is asked after less and less, and the sixth pause is the longest.
  // 5 s at most between tries: Postgres or a worker that is back is noticed at once, and the load stays small.
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '5s' },
};

/** Single transactions on our own database. */
const brief: ActivityOptions = {
  ...common,
  // Far beyond any transaction here; a try that hangs longer has lost its connection.
  startToCloseTimeout: '1m',
};

export const { queueRun } = proxyActivities<Activities>({ ...brief, summary: 'Queue the run' });
export const { startRun } = proxyActivities<Activities>({ ...brief, summary: 'Start the run' });

export const { closeRun } = proxyActivities<Activities>({
  ...common,
  summary: 'Close the run',
  // Writes the snapshot delta of the whole run and drops its journal; ten minutes fit tens of millions of rows.
  startToCloseTimeout: '10m',
});

/** The look at the outside world. Called inside a workflow: its queue follows from the workflow's own. */
export function inspectionActivity(): Pick<ActivityInterfaceFor<Activities>, 'inspect'> {
  return proxyActivities<Activities>({
    ...common,
    taskQueue: inspectionQueueOf(workflowInfo().taskQueue),
    // A person is waiting for the answer: connect timeouts of 10 s fit, nothing is tried twice.
    startToCloseTimeout: '25s',
    // Workers are there, as one ran the workflow: their hands are full, and whoever waits is told so.
    scheduleToStartTimeout: '4s',
    retry: { maximumAttempts: 1 },
  });
}

/** One try of one message. Called inside a workflow: its queue follows from the workflow's own. */
export function deliveryActivity(): Pick<ActivityInterfaceFor<Activities>, 'deliverNext'> {
  return proxyActivities<Activities>({
    ...common,
    taskQueue: deliveryQueueOf(workflowInfo().taskQueue),
    summary: 'Deliver the next message',
    // A call has ten seconds, and the transactions around it milliseconds; a try that hangs longer has lost its database.
    startToCloseTimeout: '1m',
  });
}

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
    // A worker killed again and again leaves long pauses between tries: with five seconds a run was back 15.5 s after a
    // kill, with two after 12.3 s. Few such activities are open at once, so that asking more often costs little. The
    // other numbers are the common ones.
    retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '2s' },
  });
}
