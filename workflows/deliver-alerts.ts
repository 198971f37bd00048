// Owns the deliveries of one channel: one message after another, and the waits between tries, where everybody can see them.
// What is next, and what an answer means, the activity decides.
import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineSignal,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { DeliveryStep } from '../activities/deliver-alerts';
import { deliveryActivity } from './activity-proxies';
import { type DeliverAlertsInput, type DeliverAlertsResult, dueSignalName } from './messages';

const due = defineSignal(dueSignalName);

/** Ends when nothing is due; whoever finds something due starts it again. */
export async function deliverAlerts(input: DeliverAlertsInput): Promise<DeliverAlertsResult> {
  // Started by hand, without an input: an error of ours would be tried again for ever.
  const { workspaceId, channelId, carried } = (input as Partial<DeliverAlertsInput> | undefined) ?? {};
  if (typeof workspaceId !== 'string' || typeof channelId !== 'string')
    throw ApplicationFailure.nonRetryable('Deliveries need an input that names their channel', 'no_input');
  const told = { isDue: false };
  setHandler(due, () => void (told.isDue = true));
  const { deliverNext } = deliveryActivity();
  let done: DeliverAlertsResult = carried ?? { delivered: 0, failed: 0 };
  while (!workflowInfo().continueAsNewSuggested) {
    told.isDue = false;
    const step = await deliverNext({ workspaceId, channelId });
    done = counted(done, step);
    // Told meanwhile: it may have come after the look.
    if (step.state === 'idle' && !told.isDue) return done;
    setCurrentDetails(detailsOf(done, step));
    if (step.waitMs > 0) await condition(() => told.isDue, step.waitMs, { summary: summaryOf(step) });
  }
  return continueAsNew<typeof deliverAlerts>({ workspaceId, channelId, carried: done });
}

function counted({ delivered, failed }: DeliverAlertsResult, { state }: DeliveryStep): DeliverAlertsResult {
  return {
    delivered: delivered + (state === 'delivered' ? 1 : 0),
    failed: failed + (state === 'failed' ? 1 : 0),
  };
}

function summaryOf({ state, attempt, error }: DeliveryStep): string {
  return state === 'waiting' ? 'Waiting for the next try' : `Waiting after try ${attempt}: ${error}`;
}

function detailsOf({ delivered, failed }: DeliverAlertsResult, step: DeliveryStep): string {
  const sofar = `${delivered} delivered, ${failed} failed`;
  if (step.waitMs === 0) return sofar;
  const until = new Date(Date.now() + step.waitMs).toISOString();
  return `${sofar}; the next try is at ${until}${step.error === null ? '' : `: ${step.error}`}`;
}
