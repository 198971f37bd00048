// Owns sending a message once more because somebody asks for it: the same row again, so that its id stays the message's.
import type { Knex } from 'knex';
import { giveUpHours } from '../../domain/alerts/message';
import type { DeliveryState } from '../views/alerts/delivery-list-view';
import { hurryChannel } from './deliveries/claim-channels';

/** Why a message is not sent once more. */
export type RedeliverRefusal = 'pending' | 'channel_off' | 'empty';

export class RedeliverRefusedError extends Error {
  override readonly name = 'RedeliverRefusedError';

  constructor(readonly why: RedeliverRefusal) {
    super(`it is not delivered again: ${why}`);
  }
}

/** It is due at once, before those behind it, and has a day again. Throws RedeliverRefusedError. */
export async function redeliver(
  knex: Knex,
  { workspaceId, deliveryId }: { readonly workspaceId: string; readonly deliveryId: string },
): Promise<void> {
  await knex.transaction(async (trx) => {
    // The channel first, as everybody who withdraws what is pending of it.
    await trx.raw(
      `SELECT 1 FROM alert_channels WHERE id = (
         SELECT channel_id FROM alert_deliveries WHERE workspace_id = ? AND id = ?) FOR NO KEY UPDATE`,
      [workspaceId, deliveryId],
    );
    const { rows } = await trx.raw<{
      rows: { channel_id: string; state: DeliveryState; is_on: boolean; is_empty: boolean }[];
    }>(
      `SELECT d.channel_id, d.state, c.enabled AND c.deleted_at IS NULL AS is_on,
         d.content IS NULL AND d.type LIKE 'alert.%' AND NOT EXISTS (
           SELECT 1 FROM alert_delivery_alerts a WHERE a.delivery_id = d.id) AS is_empty
       FROM alert_deliveries d JOIN alert_channels c ON c.id = d.channel_id
       WHERE d.workspace_id = ? AND d.id = ? FOR UPDATE OF d`,
      [workspaceId, deliveryId],
    );
    const [found] = rows;
    if (!found) throw new Error(`delivery ${deliveryId} does not exist`);
    if (found.state === 'pending') throw new RedeliverRefusedError('pending');
    if (!found.is_on) throw new RedeliverRefusedError('channel_off');
    if (found.is_empty) throw new RedeliverRefusedError('empty');
    await trx.raw(
      `UPDATE alert_deliveries SET state = 'pending', ended_at = NULL, error = NULL, next_attempt_at = NULL,
         earlier_attempts = attempts, due_at = now(), give_up_at = now() + make_interval(hours => ${giveUpHours})
       WHERE id = ?`,
      [deliveryId],
    );
    // Whatever waits there, this one goes first.
    await hurryChannel(trx, found.channel_id);
  });
}
