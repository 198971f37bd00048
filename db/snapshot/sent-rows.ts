// Owns the question whether a changed sync would still know which rows it has sent. Reads only.
import type { Knex } from 'knex';
import type { SyncPlace } from '../configuration/sync-lock';
import type { DestinationObject, KeyMatch } from '../../domain/sync';

/** The part of a snapshot's identity that stands in a sync's configuration. */
export interface SentTo {
  readonly object: DestinationObject;
  readonly keyMatch: KeyMatch;
}

/**
 * Under which object and key match rows of the sync have been sent, or are being sent by a run at work; none: no row was.
 * With another one the snapshot starts anew.
 */
export async function rowsSentTo(knex: Knex, { workspaceId, syncId }: SyncPlace): Promise<SentTo[]> {
  const { rows } = await knex.raw<{ rows: { object: DestinationObject; key_match: KeyMatch | null }[] }>(
    `SELECT s.identity -> 'object' AS object, s.identity ->> 'keyMatch' AS key_match
     FROM snapshots s WHERE s.workspace_id = :workspaceId AND s.sync_id = :syncId AND EXISTS (
       SELECT 1 FROM runs r WHERE r.sync_id = s.sync_id
         AND (r.outcome = 'partial' OR r.rows_created + r.rows_updated + r.rows_deleted + r.rows_unknown > 0))
     UNION ALL
     SELECT v.object, v.settings ->> 'keyMatch'
     FROM runs r JOIN sync_versions v ON v.sync_id = r.sync_id AND v.version = r.sync_version
     WHERE r.workspace_id = :workspaceId AND r.sync_id = :syncId AND r.status = 'running' AND r.kind <> 'dry_run'`,
    { workspaceId, syncId },
  );
  return rows.map(({ object, key_match: keyMatch }) => ({ object, keyMatch: keyMatch ?? 'exact' }));
}
