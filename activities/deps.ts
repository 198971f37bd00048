// Owns what activities are given by whoever composes them: the database, opened connections, the hasher.
import type { AlertChannel } from '../connectors/alert-channel';
import type { Destination } from '../connectors/destination';
import type { Source } from '../connectors/source';
import type { LinksOfRun } from '../db/alerts/deliveries/compose-message';
import type { Database } from '../db/connect';
import type { PreviewStore } from '../db/preview-store';
import type { Hasher } from '../diff/hasher';
import type { DeliveryPace } from '../domain/alerts/delivery-pace';
import type { SieveMemory } from './memory/sieve-memory';

export interface ActivityDeps {
  readonly knex: Database;
  readonly hasher: Hasher;
  /** What the runs of this worker have for snapshots and plans together. */
  readonly sieveMemory: SieveMemory;
  /** Opens the stored source with its secrets; nothing is connected yet. */
  openSource(workspaceId: string, sourceId: string): Promise<Source>;
  openDestination(workspaceId: string, destinationId: string): Promise<Destination>;
  /** Opens the stored alert channel, also one that is switched off. */
  openAlertChannel(workspaceId: string, channelId: string): Promise<AlertChannel>;
  /** Where readers of messages look further. */
  readonly messageLinks: LinksOfRun;
  readonly deliveryPace: DeliveryPace;
  /** Where previews are asked for and answered. */
  readonly previews: PreviewStore;
  /** Warnings for the operator's log; no row data, no secrets. */
  readonly log: { warn(fields: Record<string, unknown>, message: string): void };
}
