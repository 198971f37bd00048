// Owns that the parts of alerts are one: rules, channels, the alerts themselves, and their deliveries.
import type { Knex } from 'knex';
import { ChannelStore } from '../../db/alerts/channel-store';
import type { SyncStore } from '../../db/configuration/sync-store';
import type { SecretKey } from '../../db/seal';
import type { Inspector } from '../configuration/inspector';
import type { Route } from '../route';
import { channelRoutes } from './channels/routes';
import { deliveryRoutes } from './deliveries/routes';
import { incidentRoutes } from './incidents/routes';
import { ruleRoutes } from './rules/routes';

export interface AlertRoutesDependencies {
  readonly knex: Knex;
  readonly secretKey: SecretKey;
  readonly syncs: SyncStore;
  readonly inspector: Inspector;
}

export function alertRoutes(deps: AlertRoutesDependencies): Route[] {
  const all = { ...deps, channels: new ChannelStore(deps.knex, deps.secretKey) };
  return [...ruleRoutes(all), ...channelRoutes(all), ...incidentRoutes(all), ...deliveryRoutes(all)];
}
