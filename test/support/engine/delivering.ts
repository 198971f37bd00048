// Lets a test deliver what is due on the channels of its engine: one look when it says so, or again and again.
import { type DeliveryPace, deliveryPace } from '../../../domain/alerts/delivery-pace';
import { temporalDeliveryStarter } from '../../../temporal/delivery-starter';
import { deliveryWatch } from '../../../worker/alerts/watch-deliveries';
import { type Reconciler, startReconciler } from '../../../worker/reconciler/reconciler';
import { deliveryWorkflowId } from '../../../workflows/messages';
import type { Engine } from './engine';

/** A simulated hour lasts so long: six seconds. */
export const hourMs = 6_000;

const simulated = (ms: number): number => Math.ceil((ms * hourMs) / 3_600_000);

/** The product's pace, six hundred times as fast; a workflow that was ended is missed after half a second. */
export const fastPace: DeliveryPace = {
  waitsMs: deliveryPace.waitsMs.map(simulated),
  mostAskedMs: simulated(deliveryPace.mostAskedMs),
  failingMs: simulated(deliveryPace.failingMs),
  leaseMs: 500,
};

/** One look, as a worker has it every second. */
export async function deliverDue(engine: Engine, pace: DeliveryPace = fastPace): Promise<void> {
  const starter = temporalDeliveryStarter(engine.client, engine.taskQueue);
  await deliveryWatch({ knex: engine.knex, starter, pace }).round(new AbortController().signal);
}

/** Looks again and again until stopped. */
export function keepDelivering(engine: Engine, pace: DeliveryPace = fastPace): Reconciler {
  const starter = temporalDeliveryStarter(engine.client, engine.taskQueue);
  const watch = { ...deliveryWatch({ knex: engine.knex, starter, pace }), everyMs: 50 };
  return startReconciler([watch], { warn: () => undefined });
}

/** The workflow of a channel. */
export function deliveryHandle({ client }: Engine, channelId: string) {
  return client.workflow.getHandle(deliveryWorkflowId(channelId));
}
