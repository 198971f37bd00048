// Owns the one list of connector kinds: a new source, destination or alert channel is added here.
import type { AddressGuard } from './address-guard';
import type { AlertChannel } from './alert-channel';
import { slackChannel } from './alert-channels/slack/slack-channel';
import { webhookChannel } from './alert-channels/webhook/webhook-channel';
import type { Connection } from './connection';
import type { Destination } from './destination';
import { httpDestination, type HttpSurroundings } from './destinations/http/http-destination';
import { postgresDestination } from './destinations/postgres/postgres-destination';
import type { SharedPace } from './shared-pace';
import type { Source } from './source';
import { postgresSource } from './sources/postgres/postgres-source';

export type { Connection };

const sources: Record<string, (connection: Connection) => Source> = { postgres: postgresSource };
type MakeDestination = (
  connection: Connection,
  pace: SharedPace,
  surroundings: HttpSurroundings,
) => Destination;
const destinations: Record<string, MakeDestination> = {
  postgres: postgresDestination,
  http: httpDestination,
};

const alertChannels: Record<string, (connection: Connection, guard: AddressGuard) => AlertChannel> = {
  slack: slackChannel,
  webhook: webhookChannel,
};

/** A source of the connection's kind; nothing is opened yet. */
export function openSource(connection: Connection): Source {
  const make = sources[connection.kind];
  if (!make) throw new Error(`unknown source kind "${connection.kind}"`);
  return make(connection);
}

/** A destination of the connection's kind, at the pace all its writers share; nothing is opened yet. */
export function openDestination(
  connection: Connection,
  pace: SharedPace,
  surroundings: HttpSurroundings,
): Destination {
  const make = destinations[connection.kind];
  if (!make) throw new Error(`unknown destination kind "${connection.kind}"`);
  return make(connection, pace, surroundings);
}

/** A channel of the connection's kind, which makes no call that the guard forbids; nothing is opened yet. */
export function openAlertChannel(connection: Connection, guard: AddressGuard): AlertChannel {
  const make = alertChannels[connection.kind];
  if (!make) throw new Error(`unknown alert channel kind "${connection.kind}"`);
  return make(connection, guard);
}
