// Owns bringing a pinned snapshot from the database into memory, ready to be probed.
import type { Database } from '../db/connect';
import { type SnapshotPin, snapshotParts } from '../db/snapshot/snapshot-store';
import { PackedSnapshot } from '../diff/packed-snapshot';
import { untilAborted } from './until-aborted';

/** The snapshot as it was pinned; the same pin gives the same ordinals on every worker. Throws the signal's reason. */
export function loadSnapshot(
  knex: Database,
  syncId: string,
  pin: Pick<SnapshotPin, 'version' | 'lastDelta' | 'rows'>,
  signal: AbortSignal,
): Promise<PackedSnapshot> {
  return PackedSnapshot.from(untilAborted(snapshotParts(knex, syncId, pin, false), signal), pin.rows);
}
