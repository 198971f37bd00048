// Owns taking back what a channel was still to be told, once nobody wants it told there any more.
import type { Knex } from 'knex';

/** All that is pending of the channel ends as withdrawn. `error`: why, in words. The caller has the workspace's turn (alerts-turn). */
export async function withdrawDeliveries(
  trx: Knex.Transaction,
  { workspaceId, channelId }: { readonly workspaceId: string; readonly channelId: string },
  error: string,
): Promise<void> {
  await trx('alert_deliveries')
    .where({ workspace_id: workspaceId, channel_id: channelId, state: 'pending' })
    .update({
      state: 'withdrawn',
      gathers: false,
      next_attempt_at: null,
      ended_at: trx.raw('clock_timestamp()'),
      error,
    });
}
