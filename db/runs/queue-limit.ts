// Owns how many runs of one sync may wait, and whether one more may. Queues nothing.
import type { Knex } from 'knex';

/**
 * A hundred: the storm of triggers the service is proved with waits in full, and whoever asks for more is a loop that has
 * lost its way: each run reads the model as it is when it starts, so the hundredth finds what the tenth has found.
 */
export const mostQueuedRuns = 100;

/** Thrown when so many runs of the sync wait already that no other one may. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';

  constructor() {
    super(`${mostQueuedRuns} runs of the sync are waiting already`);
  }
}

/** Throws QueueFullError. The caller holds the sync's row lock, so that what is counted holds until its own run stands there. */
export async function assertRoomInQueue(trx: Knex.Transaction, syncId: string): Promise<void> {
  if (await isQueueFull(trx, syncId)) throw new QueueFullError();
}

/** Whether no other run may wait; under the sync's row lock. */
export async function isQueueFull(trx: Knex.Transaction, syncId: string): Promise<boolean> {
  // The holder of the lease does not wait, whatever its status says yet. One row more is all that needs to be found.
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    `SELECT 1 FROM runs WHERE sync_id = ? AND status = 'queued'
       AND id IS DISTINCT FROM (SELECT run_id FROM sync_leases WHERE sync_id = ?)
     ORDER BY queue_no OFFSET ? LIMIT 1`,
    [syncId, syncId, mostQueuedRuns - 1],
  );
  return rows.length > 0;
}
