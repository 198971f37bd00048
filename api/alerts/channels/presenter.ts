// Owns how an alert channel looks on the wire: everything but its secrets.
import type { StoredChannel } from '../../../db/alerts/channel-store';
import type { DeliveryView } from '../../../db/views/alerts/delivery-list-view';
import { configurationEtag } from '../../configuration/configuration-etag';
import { presentConnection } from '../../configuration/connection-presenter';
import { wireTimeOrNull } from '../../wire-time';

export function presentChannel(channel: StoredChannel): object {
  return {
    ...presentConnection(channel),
    enabled: channel.enabled,
    disabled_at: wireTimeOrNull(channel.disabledAt),
    disabled_reason: channel.disabledReason,
    failing_since: wireTimeOrNull(channel.failingSince),
  };
}

/** The same as an answer of its own, with the ETag of this state of it. */
export function channelOnWire(channel: StoredChannel): { body: object; etag: string } {
  const body = presentChannel(channel);
  return { body, etag: configurationEtag(channel.revision, body) };
}

/** What became of a test message, by its newest try. */
export function presentTest({ id, state, error, tries }: DeliveryView): object {
  const attempt = tries.at(-1);
  return {
    ok: state === 'delivered',
    delivery_id: id,
    http_status: attempt?.httpStatus ?? null,
    error: attempt?.error ?? error,
    answer: attempt?.answer ?? null,
    duration_ms: attempt?.durationMs ?? null,
  };
}
