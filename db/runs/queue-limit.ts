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

/** SQL of whether no other run of the sync `:syncId` may wait; holds under the sync's row lock until it is let go. */
// The holder of the lease does not wait, whatever its status says yet. One row more is all that needs to be found.
export const isQueueFullSql = `EXISTS (
  SELECT 1 FROM runs WHERE sync_id = :syncId AND status = 'queued'
    AND id IS DISTINCT FROM (SELECT run_id FROM sync_leases WHERE sync_id = :syncId)
  ORDER BY queue_no OFFSET ${mostQueuedRuns - 1})`;

/** Whether no other run may wait; under the sync's row lock. */
export async function isQueueFull(trx: Knex.Transaction, syncId: string): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: { full: boolean }[] }>(`SELECT ${isQueueFullSql} AS full`, {
    syncId,
  });
  return rows[0]?.full === true;
}
