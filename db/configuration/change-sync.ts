// Owns changing a sync: in its turn and under its lock, as a new version where runs would do something else from then on.
// Does not judge a change.
import type { Knex } from 'knex';
import type { OverlapPolicy } from '../../domain/schedule';
import type { SyncConfig } from '../../domain/sync';
import { changedMembers, syncChanges } from '../../domain/sync-changes';
import { writeSyncEvent } from '../runs/run-events';
import { withUniqueName } from './name-taken';
import { inTurn } from './schedule-store';
import { lockSync, type SyncPlace } from './sync-lock';
import { type StoredSync, SyncStore, writeVersion } from './sync-store';

/** All of a sync that can be changed at once; its schedule and its pause have acts of their own. */
export interface SyncDefinition extends SyncConfig {
  readonly name: string;
  readonly overlapPolicy: OverlapPolicy;
}

/**
 * Gives the sync the definition that `decide` makes of the one it has; what `decide` throws changes nothing. Runs that have
 * started keep the version they pinned. Throws SyncNotFoundError, NameTakenError.
 */
export async function changeSync(
  knex: Knex,
  place: SyncPlace,
  by: string | null,
  decide: (sync: StoredSync, trx: Knex.Transaction) => Promise<SyncDefinition>,
): Promise<StoredSync> {
  return inTurn(knex, place, async (trx) => {
    await lockSync(trx, place);
    const syncs = new SyncStore(trx);
    const sync = await syncs.get(place.workspaceId, place.syncId);
    const wanted = await decide(sync, trx);
    const inVersion = changedMembers(syncChanges(sync, wanted));
    const members = [...inVersion, ...changedBeside(sync, wanted)];
    if (members.length === 0) return sync;
    const isNewVersion = inVersion.length > 0;
    const version = isNewVersion ? sync.version + 1 : sync.version;
    if (isNewVersion) {
      // The same pairs in another order are kept as they stand: in a new order every row would be sent again.
      const mapping = inVersion.includes('mapping') ? wanted.mapping : sync.mapping;
      await writeVersion(trx, place, version, { ...wanted, mapping }, by);
    }
    await withUniqueName(wanted.name, async () =>
      trx('syncs')
        .where({ id: place.syncId })
        .update({
          name: wanted.name,
          overlap_policy: wanted.overlapPolicy,
          version,
          // Not when the transaction began: it has waited for its turn.
          updated_at: trx.raw('clock_timestamp()'),
          updated_by: by,
        }),
    );
    await writeSyncEvent(trx, place, 'sync_changed', { members, version, by });
    return syncs.get(place.workspaceId, place.syncId);
  });
}

/** What differs that no run asks for, by the names the API has for it. */
function changedBeside(sync: StoredSync, wanted: SyncDefinition): string[] {
  return [
    ...(wanted.name === sync.name ? [] : ['name']),
    ...(wanted.overlapPolicy === sync.overlapPolicy ? [] : ['overlap_policy']),
  ];
}
