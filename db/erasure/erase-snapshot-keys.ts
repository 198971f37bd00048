// Owns taking one row's key out of the snapshot of a sync. Its hash and fingerprint stay: by them the row is still compared.
import type { Knex } from 'knex';
import { encodeField } from '../../domain/copy-line';
import type { KeyMatch } from '../../domain/sync';
import type { SnapshotIdentity } from '../snapshot/snapshot-store';
import { keyHashes } from '../views/row-story/story-runs';

// Null, which no column of a row key is: whoever looks for the key finds that it is not known.
const noKey = Buffer.from(`${encodeField(null)}\n`);
const entryBytes = 24;
const newline = 10;

/** Returns in how many parts it stood, base chunks and deltas. Throws TooManyReadingsError. */
export async function eraseSnapshotKeys(
  trx: Knex.Transaction,
  syncId: string,
  rowId: string,
): Promise<number> {
  const { rows } = await trx.raw<{ rows: { identity: SnapshotIdentity }[] }>(
    `SELECT identity FROM snapshots WHERE sync_id = ? FOR UPDATE`,
    [syncId],
  );
  const [snapshot] = rows;
  if (!snapshot) return 0;
  const { keyColumns, keyMatch } = snapshot.identity;
  let erased = 0;
  for (const key of keyHashes(rowId, keyColumns.length, keyMatch as KeyMatch))
    for (const table of ['snapshot_chunks', 'snapshot_deltas'] as const)
      erased += await eraseIn(trx, table, syncId, key);
  return erased;
}

interface Part {
  ctid: string;
  byte: number;
  row_keys: Buffer;
}

// What a fold that was broken off has left of the next version is among the chunks.
async function eraseIn(
  trx: Knex.Transaction,
  table: 'snapshot_chunks' | 'snapshot_deltas',
  syncId: string,
  key: Buffer,
): Promise<number> {
  const { rows: parts } = await trx.raw<{ rows: Part[] }>(
    `SELECT p.ctid::text AS ctid, found.byte, row_keys FROM ${table} p
     CROSS JOIN LATERAL (SELECT position(:key IN entries) - 1 AS byte OFFSET 0) found
     WHERE sync_id = :syncId AND found.byte >= 0 AND found.byte % ${entryBytes} = 0`,
    { syncId, key },
  );
  let erased = 0;
  for (const { ctid, byte, row_keys: keys } of parts) {
    const [start, end] = lineAt(keys, byte / entryBytes);
    if (keys.subarray(start, end).equals(noKey)) continue;
    const without = Buffer.concat([keys.subarray(0, start), noKey, keys.subarray(end)]);
    // Its place holds: the sync's lock and the snapshot's keep everybody else from writing here.
    await trx.raw(`UPDATE ${table} SET row_keys = ? WHERE ctid = ?::tid`, [without, ctid]);
    erased += 1;
  }
  return erased;
}

/** Where the line of that number begins and ends, its newline included. */
function lineAt(keys: Buffer, number: number): [start: number, end: number] {
  let start = 0;
  for (let line = 0; line < number; line += 1) start = keys.indexOf(newline, start) + 1;
  return [start, keys.indexOf(newline, start) + 1];
}
