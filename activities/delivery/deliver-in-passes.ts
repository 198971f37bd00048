// Owns the order in which the batches of a run of several transactions go out.
import { deliverInLanes } from './deliver-in-lanes';
import type { Delivery } from './delivery';
import type { Pass } from './fetched-batches';

/** Delivers until nothing is left (true) or `sliceEndsAt` (by performance.now()) has passed (false). */
export async function deliverInPasses(
  delivery: Delivery,
  abandoned: ReadonlySet<number>,
  sliceEndsAt: number,
): Promise<boolean> {
  const pass = (which: Pass): Promise<boolean> => deliverInLanes(delivery, which, abandoned, sliceEndsAt);
  if (!(await pass('write'))) return false;
  // Deletes go after all writes, and not at all while a write has no answer.
  if (abandoned.size === 0 && !(await pass('delete'))) return false;
  // Not even asked for where nothing was in any row's way.
  return delivery.followUps.areOpen ? pass('follow_up') : true;
}
