// Owns switching a channel off that nothing can be delivered to, and that the others are told.
import type { Knex } from 'knex';
import { enqueueNotices } from '../enqueue-notice';
import { withdrawDeliveries } from '../withdraw-deliveries';
import type { ChannelPlace } from './begin-delivery';

/**
 * Switches it off, takes back what was still to be sent there, and has every other channel of the workspace tell. The caller
 * has the workspace's turn (alerts-turn) and the channel's row. Returns the reason; null: it is off already.
 */
export async function switchOff(
  trx: Knex.Transaction,
  { workspaceId, channelId }: ChannelPlace,
  reason: string,
): Promise<string | null> {
  const { rows } = await trx.raw<{ rows: { name: string; workspace_name: string; at: Date }[] }>(
    `UPDATE alert_channels c SET enabled = false, disabled_at = clock_timestamp(), disabled_reason = :reason,
       delivering_until = NULL, revision = revision + 1, updated_at = clock_timestamp(), updated_by = NULL
     FROM workspaces w
     WHERE c.id = :channelId AND c.workspace_id = :workspaceId AND w.id = c.workspace_id AND c.enabled
       AND c.deleted_at IS NULL
     RETURNING c.name, w.name AS workspace_name, c.disabled_at AS at`,
    { workspaceId, channelId, reason },
  );
  const [channel] = rows;
  if (!channel) return null;
  await withdrawDeliveries(trx, { workspaceId, channelId }, 'The channel was switched off.');
  const others: { id: string }[] = await trx('alert_channels')
    .where({ workspace_id: workspaceId, enabled: true })
    .whereNull('deleted_at')
    .orderBy('id')
    .select('id');
  await enqueueNotices(
    trx,
    others.map(({ id }) => ({
      workspaceId,
      channelId: id,
      type: 'channel.disabled' as const,
      content: {
        type: 'channel.disabled' as const,
        at: channel.at.toISOString(),
        workspace: { id: workspaceId, name: channel.workspace_name },
        alerts: [],
        alertCount: 0,
        run: null,
        channel: { id: channelId, name: channel.name, reason },
      },
    })),
  );
  return reason;
}
