// Owns storing a folded snapshot: new chunks beside the old ones, then one switch under the lease.
import type { Knex } from 'knex';
import { type Fence, fenced } from '../runs/lease';
import type { SnapshotPin } from './snapshot-store';

/** One chunk of the new base, in order of key hash. */
export interface FoldedChunk {
  readonly rows: number;
  readonly entries: Buffer;
  readonly keys: Buffer;
}

/**
 * Clears what a dead attempt may have left of the version that is about to be written. Fenced: to an attempt that was
 * overtaken, a base its successor has switched to looks like a leftover.
 */
export async function clearFold(knex: Knex, fence: Fence, pin: SnapshotPin): Promise<void> {
  await fenced(knex, fence, async (trx) => {
    await trx.raw(`DELETE FROM snapshot_chunks WHERE sync_id = ? AND version > ?`, [
      fence.syncId,
      pin.version,
    ]);
  });
}

/** Writes a chunk of the next version. An overtaken attempt fails here on its successor's chunk, or at the switch. */
export async function writeChunk(
  knex: Knex,
  fence: Fence,
  pin: SnapshotPin,
  chunkNo: number,
  chunk: FoldedChunk,
): Promise<void> {
  await fenced(knex, fence, async (trx) => {
    await trx.raw(
      `INSERT INTO snapshot_chunks (sync_id, version, chunk_no, workspace_id, entries, row_keys)
       VALUES (?, ?, ?, ?, ?, ?)`,
      [fence.syncId, pin.version + 1, chunkNo, fence.workspaceId, chunk.entries, chunk.keys],
    );
  });
}

/** Makes the written chunks the snapshot's base and drops what they replace. Returns the new pin. */
export async function switchBase(
  knex: Knex,
  fence: Fence,
  pin: SnapshotPin,
  rows: number,
): Promise<SnapshotPin> {
  return fenced(knex, fence, async (trx) => {
    const { rows: switched } = await trx.raw<{ rows: unknown[] }>(
      `UPDATE snapshots SET version = version + 1, base_rows = ?, delta_rows = 0, updated_at = clock_timestamp()
       WHERE sync_id = ? AND version = ? RETURNING 1`,
      [rows, fence.syncId, pin.version],
    );
    if (switched.length === 0)
      throw new Error(`snapshot of sync ${fence.syncId} is not at version ${pin.version}`);
    await trx.raw(`DELETE FROM snapshot_chunks WHERE sync_id = ? AND version = ?`, [
      fence.syncId,
      pin.version,
    ]);
    await trx.raw(`DELETE FROM snapshot_deltas WHERE sync_id = ? AND delta_no <= ?`, [
      fence.syncId,
      pin.lastDelta,
    ]);
    return { ...pin, version: pin.version + 1, rows, deltaRows: 0, deltaKeyBytes: 0, foldDue: false };
  });
}
