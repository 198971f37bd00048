// Owns what activities are given by whoever composes them: the database, opened connections, the hasher.
import type { AlertChannel } from '../connectors/alert-channel';
import type { Destination } from '../connectors/destination';
import type { Source } from '../connectors/source';
import type { LinksOfRun } from '../db/alerts/deliveries/compose-message';
import type { Database } from '../db/connect';
import type { PreviewStore } from '../db/preview-store';
import type { Hasher } from '../diff/hasher';
import type { AlertChannelKind } from '../domain/alerts/channel';
import type { DeliveryPace } from '../domain/alerts/delivery-pace';
import type { TryResult } from '../domain/alerts/try-result';
import type { SieveMemory } from './memory/sieve-memory';

/** Hears what becomes of messages as it does, for measures; nothing waits for it. */
export interface DeliveryWatcher {
  /** A call was made, or could not be; tests of channels among them. */
  tried(kind: AlertChannelKind, result: TryResult): void;
  /** A message was given up. */
  failed(kind: AlertChannelKind): void;
  /** Nothing could be told there any more. */
  switchedOff(kind: AlertChannelKind): void;
}

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
  readonly deliveryWatcher: DeliveryWatcher;
  /** Where previews are asked for and answered. */
  readonly previews: PreviewStore;
  /** Warnings for the operator's log; no row data, no secrets. */
  readonly log: { warn(fields: Record<string, unknown>, message: string): void };
}
