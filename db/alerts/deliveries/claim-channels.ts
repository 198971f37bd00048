// Owns which channels have something to deliver and nobody at it, and that of several workers one takes each.
import type { Knex } from 'knex';

/** A channel with its deliveries in hand from now on, for as long as was asked. */
export interface ClaimedChannel {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly name: string;
  readonly kind: string;
}

/** Takes up to `most` channels; whoever takes one has it served within `leaseMs`, or another one takes it. */
export async function claimChannels(knex: Knex, leaseMs: number, most: number): Promise<ClaimedChannel[]> {
  // Channels are hundreds, and each is one look into the index of what is pending: a millisecond, every few seconds.
  const { rows } = await knex.raw<{
    rows: { workspace_id: string; id: string; name: string; kind: string }[];
  }>(
    `UPDATE alert_channels SET delivering_until = clock_timestamp() + make_interval(secs => :lease)
     WHERE id = ANY (ARRAY(
       SELECT id FROM alert_channels c
       WHERE enabled AND deleted_at IS NULL
         AND (delivering_until IS NULL OR delivering_until < clock_timestamp())
         AND EXISTS (
           SELECT 1 FROM alert_deliveries d
           WHERE d.channel_id = c.id AND d.state = 'pending' AND d.due_at <= clock_timestamp())
       ORDER BY delivering_until NULLS FIRST, id LIMIT :most FOR NO KEY UPDATE SKIP LOCKED))
     RETURNING workspace_id, id, name, kind`,
    { lease: leaseMs / 1_000, most },
  );
  return rows.map(({ workspace_id: workspaceId, id: channelId, name, kind }) => ({
    workspaceId,
    channelId,
    name,
    kind,
  }));
}

/** Lets go of channels that could not be served, so that they are taken at the next look. */
export async function giveBackChannels(knex: Knex, channelIds: readonly string[]): Promise<void> {
  await knex('alert_channels')
    .whereIn('id', [...channelIds])
    .update({ delivering_until: null });
}

/**
 * Has what is pending there tried at once, whatever it waits for: something about the channel is different now. To be called
 * in the transaction that changes it.
 */
export async function hurryChannel(trx: Knex, channelId: string): Promise<void> {
  await trx('alert_deliveries')
    .where({ channel_id: channelId, state: 'pending' })
    .whereNotNull('next_attempt_at')
    .update({ next_attempt_at: null });
  await trx('alert_channels').where({ id: channelId }).update({ delivering_until: null });
}
