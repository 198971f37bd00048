// Owns telling Temporal that a channel has something to deliver: its workflow starts, or hears of it.
import { type Client, WorkflowIdReusePolicy } from '@temporalio/client';
import {
  type DeliverAlertsInput,
  deliveryWorkflowId,
  dueSignalName,
  taskQueue as ourQueue,
  workflowNames,
  workflowTaskTimeoutMs,
} from '../workflows/messages';
import { workspaceAttribute } from './run-attributes';
import { staticSummaryOf } from './static-details';

export interface ChannelToServe {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly name: string;
  readonly kind: string;
}

/** Has channels served; twice is the same as once. Throws when Temporal is away. */
export interface DeliveryStarter {
  start(channel: ChannelToServe): Promise<void>;
}

// As of runs: a call takes 20 ms, and the next look comes in a second.
const deadlineMs = 5_000;

/** Over Temporal; nothing is connected until the first call. */
export function temporalDeliveryStarter(client: Client, taskQueue = ourQueue): DeliveryStarter {
  return {
    async start({ workspaceId, channelId, name, kind }) {
      const input: DeliverAlertsInput = { workspaceId, channelId };
      await client.withDeadline(Date.now() + deadlineMs, () =>
        client.workflow.signalWithStart(workflowNames.deliverAlerts, {
          taskQueue,
          workflowId: deliveryWorkflowId(channelId),
          args: [input],
          signal: dueSignalName,
          workflowTaskTimeout: workflowTaskTimeoutMs,
          // It ends whenever nothing is due, however it ended before.
          workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
          staticSummary: staticSummaryOf(`Deliver alerts to ${name} (${kind})`),
          typedSearchAttributes: [workspaceAttribute(workspaceId)],
        }),
      );
    },
  };
}
