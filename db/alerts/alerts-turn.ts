// Owns the turn in which what is told of a workspace's alerts is written: whoever opens, resolves or enqueues has it.
import type { Knex } from 'knex';

/**
 * Waits until nobody else writes alerts or deliveries of these workspaces; held until the transaction ends. To be taken
 * before the row of any alert or delivery: many of them are written at once, in no order that others would know.
 */
export async function takeAlertsTurn(trx: Knex.Transaction, workspaceIds: readonly string[]): Promise<void> {
  await trx.raw(
    `SELECT pg_advisory_xact_lock(hashtextextended('alerts of ' || id, 0))
     FROM (SELECT DISTINCT unnest(?::text[]) AS id ORDER BY 1) places`,
    [[...workspaceIds]],
  );
}
