// Owns erasing one row of a sync from all that ended runs have left of it. What stays is hashes: docs/decisions/0026.
import type { Knex } from 'knex';
import { defaultSettings, type KeyMatch, type SyncMode } from '../../domain/sync';
import { SyncActiveError } from '../configuration/schedule-store';
import { lockAnySync, SyncNotFoundError, type SyncPlace } from '../configuration/sync-lock';
import { writeSyncEvent } from '../runs/run-events';
import { snapshotStateOf } from '../views/row-story/snapshot-row';
import { eraseRowErrors } from './erase-row-errors';
import { eraseSnapshotKeys } from './erase-snapshot-keys';

/** Thrown when the sync needs the row's key still: to delete the row at the destination once it is gone from the model. */
export class RowStillMirroredError extends Error {
  override readonly name = 'RowStillMirroredError';
}

export interface RowToErase extends SyncPlace {
  /** As row errors have it. */
  readonly rowId: string;
  /** The token's id. */
  readonly by: string | null;
}

/** What was erased. */
export interface ErasedRow {
  /** Row errors that named it. */
  readonly rowErrors: number;
  /** Parts of the snapshot that held its key. */
  readonly snapshotParts: number;
}

/**
 * Erases the row, also of a deleted sync. Throws SyncNotFoundError; SyncActiveError while a run is at work, which has rows in
 * its journal; RowStillMirroredError; TooManyReadingsError.
 */
export async function eraseRow(knex: Knex, { rowId, by, ...place }: RowToErase): Promise<ErasedRow> {
  return knex.transaction(async (trx) => {
    // Under its lock no run begins, so that nothing is written of the row meanwhile.
    const sync = await lockAnySync(trx, place);
    if (!sync) throw new SyncNotFoundError(`sync ${place.syncId} does not exist`);
    await assertIdle(trx, place);
    const { mode, keyMatch } = await configOf(trx, place);
    if (mode === 'mirror' && !sync.deleted_at) await assertNotMirrored(trx, place, rowId);
    const snapshotParts = await eraseSnapshotKeys(trx, place.syncId, rowId);
    const rowErrors = await eraseRowErrors(trx, place, rowId, keyMatch);
    await writeSyncEvent(trx, place, 'row_erased', {
      row_errors: rowErrors,
      snapshot_parts: snapshotParts,
      by,
    });
    return { rowErrors, snapshotParts };
  });
}

async function assertIdle(trx: Knex.Transaction, { syncId }: SyncPlace): Promise<void> {
  const { rows } = await trx.raw<{ rows: { run_id: string }[] }>(
    `SELECT run_id FROM sync_leases WHERE sync_id = ? AND run_id IS NOT NULL`,
    [syncId],
  );
  if (rows[0]) throw new SyncActiveError(rows[0].run_id);
}

interface Config {
  readonly mode: SyncMode;
  readonly keyMatch: KeyMatch;
}

async function configOf(trx: Knex.Transaction, { syncId }: SyncPlace): Promise<Config> {
  const { rows } = await trx.raw<{ rows: { mode: SyncMode; key_match: KeyMatch | null }[] }>(
    `SELECT v.mode, v.settings ->> 'keyMatch' AS key_match FROM syncs s
     JOIN sync_versions v ON v.sync_id = s.id AND v.version = s.version WHERE s.id = ?`,
    [syncId],
  );
  const [found] = rows;
  if (!found) throw new Error(`sync ${syncId} has no version`);
  return { mode: found.mode, keyMatch: found.key_match ?? defaultSettings.keyMatch };
}

async function assertNotMirrored(trx: Knex.Transaction, { syncId }: SyncPlace, rowId: string): Promise<void> {
  const state = await snapshotStateOf(trx, syncId, rowId);
  // Of all others no delete is ever sent.
  if (state === 'acknowledged' || state === 'unsure')
    throw new RowStillMirroredError('the row is in the snapshot of a mirror sync');
}
