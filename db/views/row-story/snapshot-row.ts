// Owns reading what a sync's snapshot knows of one row, without reading the snapshot.
import type { Knex } from 'knex';
import {
  type RowState,
  rowState,
  stateAfter,
  stateOfFingerprint,
  stateUnderResync,
} from '../../../domain/row-state';
import type { KeyMatch, SyncMode } from '../../../domain/sync';
import type { SnapshotIdentity } from '../../snapshot/snapshot-store';
import { keyHashes } from './story-runs';

/**
 * `acknowledged`: as the destination last accepted it. `unsure`: accepted once, and it may hold something else now.
 * `unsure_new`: never accepted, and it may be there. `missing`: the destination said it does not have it. `absent`: unknown.
 */
export const snapshotStates = ['acknowledged', 'unsure', 'unsure_new', 'missing', 'absent'] as const;
export type SnapshotState = (typeof snapshotStates)[number];

const words: Readonly<Record<RowState, SnapshotState>> = {
  [rowState.known]: 'acknowledged',
  [rowState.unsure]: 'unsure',
  [rowState.unsureNew]: 'unsure_new',
  [rowState.missing]: 'missing',
  [rowState.dead]: 'absent',
  [rowState.unknown]: 'absent',
};

/** What the snapshot knows of the row. The caller's transaction keeps it from being folded in between. */
export async function snapshotStateOf(
  trx: Knex.Transaction,
  syncId: string,
  rowId: string,
): Promise<SnapshotState> {
  const { rows } = await trx.raw<{ rows: { version: number; identity: SnapshotIdentity }[] }>(
    `SELECT version, identity FROM snapshots WHERE sync_id = ?`,
    [syncId],
  );
  const [snapshot] = rows;
  if (!snapshot) return 'absent';
  const { keyColumns, keyMatch } = snapshot.identity;
  for (const key of keyHashes(rowId, keyColumns.length, keyMatch as KeyMatch)) {
    const base = await stateInBase(trx, syncId, snapshot.version, key);
    const word = words[await stateAfterDeltas(trx, syncId, key, base)];
    if (word !== 'absent') return word;
  }
  return 'absent';
}

/** The row's entry in the base, whose chunks are in order of their keys: only one of them can have it. */
async function stateInBase(
  trx: Knex.Transaction,
  syncId: string,
  version: number,
  key: Buffer,
): Promise<RowState> {
  const { rows: chunks } = await trx.raw<{ rows: { chunk_no: number; first: Buffer }[] }>(
    `SELECT chunk_no, substring(entries FROM 1 FOR 16) AS first FROM snapshot_chunks
     WHERE sync_id = ? AND version = ? ORDER BY chunk_no`,
    [syncId, version],
  );
  const chunk = chunks.findLast(({ first }) => compareKeys(first, key) <= 0);
  if (!chunk) return rowState.unknown;
  const { rows } = await trx.raw<{ rows: { fingerprint: Buffer }[] }>(
    `SELECT substring(entries FROM found.byte + 17 FOR 8) AS fingerprint
     FROM snapshot_chunks CROSS JOIN LATERAL (SELECT position(:key IN entries) - 1 AS byte OFFSET 0) found
     WHERE sync_id = :syncId AND version = :version AND chunk_no = :chunkNo AND found.byte >= 0 AND found.byte % 24 = 0`,
    { syncId, version, chunkNo: chunk.chunk_no, key },
  );
  const fingerprint = rows[0]?.fingerprint;
  return fingerprint
    ? stateOfFingerprint(fingerprint.readUInt32LE(0), fingerprint.readUInt32LE(4))
    : rowState.unknown;
}

// As chunks are sorted: by four words of 32 bits.
function compareKeys(one: Buffer, other: Buffer): number {
  for (let at = 0; at < 16; at += 4) {
    const difference = one.readUInt32LE(at) - other.readUInt32LE(at);
    if (difference !== 0) return difference;
  }
  return 0;
}

interface DeltaRow {
  kind: 'batch' | 'all_unsure';
  mode: SyncMode;
  operation: number;
  outcome: number;
}

async function stateAfterDeltas(
  trx: Knex.Transaction,
  syncId: string,
  key: Buffer,
  base: RowState,
): Promise<RowState> {
  // Without outcomes no row of it was answered.
  const { rows } = await trx.raw<{ rows: DeltaRow[] }>(
    `SELECT kind, mode, get_byte(operations, found.byte / 24) AS operation,
       CASE WHEN outcomes IS NULL THEN 0 ELSE get_byte(outcomes, found.byte / 24) END AS outcome
     FROM snapshot_deltas CROSS JOIN LATERAL (SELECT position(:key IN entries) - 1 AS byte OFFSET 0) found
     WHERE sync_id = :syncId AND (kind = 'all_unsure' OR found.byte >= 0 AND found.byte % 24 = 0)
     ORDER BY delta_no`,
    { syncId, key },
  );
  return rows.reduce<RowState>((before, { kind, mode, operation, outcome }) => {
    if (kind === 'all_unsure') return stateUnderResync(before);
    return stateAfter(mode, operation, outcome, before) ?? before;
  }, base);
}
