// Owns bringing a pinned snapshot from the database into memory, ready to be probed.
import type { Database } from '../db/connect';
import { type SnapshotPin, snapshotParts } from '../db/snapshot/snapshot-store';
import { PackedSnapshot } from '../diff/packed-snapshot';

/** The snapshot as it was pinned; the same pin gives the same ordinals on every worker. */
export function loadSnapshot(
  knex: Database,
  syncId: string,
  pin: Pick<SnapshotPin, 'version' | 'lastDelta' | 'rows'>,
): Promise<PackedSnapshot> {
  return PackedSnapshot.from(snapshotParts(knex, syncId, pin, false), pin.rows);
}
