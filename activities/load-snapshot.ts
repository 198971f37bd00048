// Owns bringing a pinned snapshot from the database into memory, ready to be probed.
import type { Database } from '../db/connect';
import { snapshotParts } from '../db/snapshot/snapshot-parts';
import type { SnapshotPin } from '../db/snapshot/snapshot-store';
import { everyKey } from '../diff/keys/key-range';
import { PackedSnapshot } from '../diff/snapshot/packed-snapshot';
import { untilAborted } from './attempt/until-aborted';

/**
 * The snapshot as it was pinned, or the part of it in a range of keys; the same pin and range give the same ordinals on
 * every worker. Throws the signal's reason.
 */
export function loadSnapshot(
  knex: Database,
  syncId: string,
  pin: Pick<SnapshotPin, 'version' | 'lastDelta' | 'rows'>,
  signal: AbortSignal,
  range = everyKey,
): Promise<PackedSnapshot> {
  return PackedSnapshot.from(untilAborted(snapshotParts(knex, syncId, pin, false), signal), pin.rows, range);
}
