// Owns the message that tries a channel out: written down like every other one, sent by whoever asked for it alone.
import type { Knex } from 'knex';
import { newId } from '../new-id';

interface ChannelPlace {
  readonly workspaceId: string;
  readonly channelId: string;
}

// A worker has half a minute for it; what is left after an hour was left by an API that died.
const leftOverHours = 1;

/** Its id. It is never due, so that nobody sends it beside whoever is given the id. */
export async function writeTestDelivery(
  knex: Knex,
  { workspaceId, channelId }: ChannelPlace,
): Promise<string> {
  const id = newId('delivery');
  await knex.raw(
    `WITH left_over AS (
       UPDATE alert_deliveries SET state = 'withdrawn', ended_at = now(), error = :error
       WHERE channel_id = :channelId AND state = 'pending' AND due_at = 'infinity'
         AND created_at < now() - make_interval(hours => ${leftOverHours}))
     INSERT INTO alert_deliveries (id, workspace_id, channel_id, type, due_at, give_up_at)
     VALUES (:id, :workspaceId, :channelId, 'channel.test', 'infinity', now() + interval '1 day')`,
    { id, workspaceId, channelId, error: nobodySentIt },
  );
  return id;
}

/** Unless somebody has come to an end with it, it ends as never sent. */
export async function withdrawTestDelivery(
  knex: Knex,
  { workspaceId, deliveryId }: { readonly workspaceId: string; readonly deliveryId: string },
): Promise<void> {
  await knex('alert_deliveries')
    .where({ workspace_id: workspaceId, id: deliveryId, state: 'pending' })
    .update({ state: 'withdrawn', ended_at: knex.fn.now(), error: nobodySentIt });
}

const nobodySentIt = 'No worker sent it in time.';
