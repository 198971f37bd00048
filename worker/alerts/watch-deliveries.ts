// Owns the watch over channels that have something to deliver: it takes them and has Temporal serve them.
import type { Knex } from 'knex';
import {
  claimChannels,
  type ClaimedChannel,
  giveBackChannels,
} from '../../db/alerts/deliveries/claim-channels';
import { deliveryPace, type DeliveryPace } from '../../domain/alerts/delivery-pace';
import type { DeliveryStarter } from '../../temporal/delivery-starter';
import type { Bell } from '../reconciler/bell';
import type { Watch } from '../reconciler/reconciler';

export interface DeliveryWatchDeps {
  readonly knex: Knex;
  readonly starter: DeliveryStarter;
  readonly pace?: DeliveryPace;
  /** Rings when this process has written something down to deliver. */
  readonly told?: Bell;
}

// Started together; a start takes 20 ms.
const page = 20;

export function deliveryWatch({ knex, starter, pace = deliveryPace, told }: DeliveryWatchDeps): Watch {
  return {
    what: 'deliveries of alerts',
    // For what others have written down, and for what was to come later. An idle service asks little.
    everyMs: 3_000,
    ...(told ? { bell: told } : {}),
    async round(signal) {
      while (!signal.aborted) {
        const channels = await claimChannels(knex, pace.leaseMs, page);
        await serve(knex, starter, channels);
        if (channels.length < page) break;
      }
      // Nothing that did not agree.
      return 0;
    },
  };
}

/** Throws the first trouble once all were tried; what could not be started is due at once. */
async function serve(
  knex: Knex,
  starter: DeliveryStarter,
  channels: readonly ClaimedChannel[],
): Promise<void> {
  const started = await Promise.allSettled(channels.map((channel) => starter.start(channel)));
  const lost = channels.filter((_, at) => started[at]?.status === 'rejected');
  if (lost.length === 0) return;
  await giveBackChannels(
    knex,
    lost.map(({ channelId }) => channelId),
  );
  for (const each of started) if (each.status === 'rejected') throw each.reason;
}
