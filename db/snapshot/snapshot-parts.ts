// Owns reading the parts of a stored snapshot, base chunks and deltas, in the order they apply. What the bytes mean stands
// in diff/.
import type { Knex } from 'knex';
import type { SyncMode } from '../../domain/sync';
import { baseEntries } from './base-entries';

/** A stored piece of a snapshot, in the order it applies. */
export type StoredSnapshotPart =
  | { readonly kind: 'base'; readonly entries: Buffer; readonly rowKeys: Buffer | null }
  | {
      readonly kind: 'delta';
      readonly mode: SyncMode;
      readonly entries: Buffer;
      readonly operations: Buffer;
      readonly outcomes: Buffer | null;
      readonly rowKeys: Buffer | null;
    }
  | { readonly kind: 'all_unsure' };

interface ChunkRow {
  chunk_no: number;
  entries: Buffer;
  row_keys: Buffer;
}

interface DeltaRow {
  delta_no: number;
  kind: string;
  mode: SyncMode | null;
  entries: Buffer | null;
  operations: Buffer | null;
  outcomes: Buffer | null;
  row_keys: Buffer | null;
}

// Bytes arrive as hex, twice as many: two chunks of 1 MB at once, and a small base still takes one question only.
const chunkPage = 2;
// A delta is a quarter of that at most, and usually far less.
const deltaPage = 8;

/** Streams the pinned snapshot: base chunks, then deltas. `withKeys` adds the row keys, needed for deletes only. */
export async function* snapshotParts(
  knex: Knex,
  syncId: string,
  pin: { readonly version: number; readonly lastDelta: number },
  withKeys: boolean,
): AsyncGenerator<StoredSnapshotPart> {
  if (withKeys) yield* baseWithKeys(knex, syncId, pin.version);
  else {
    for await (const entries of baseEntries(knex, syncId, pin.version))
      yield { kind: 'base', entries, rowKeys: null };
  }
  const keys = withKeys ? 'row_keys' : 'NULL::bytea AS row_keys';
  for (let after = 0; ;) {
    const { rows } = await knex.raw<{ rows: DeltaRow[] }>(
      `SELECT delta_no, kind, mode, entries, operations, outcomes, ${keys} FROM snapshot_deltas
       WHERE sync_id = ? AND delta_no > ? AND delta_no <= ? ORDER BY delta_no LIMIT ${deltaPage}`,
      [syncId, after, pin.lastDelta],
    );
    for (const row of rows) yield toDelta(row);
    const last = rows.at(-1);
    if (!last || rows.length < deltaPage) return;
    after = last.delta_no;
  }
}

async function* baseWithKeys(
  knex: Knex,
  syncId: string,
  version: number,
): AsyncGenerator<StoredSnapshotPart> {
  for (let after = -1; ;) {
    const { rows } = await knex.raw<{ rows: ChunkRow[] }>(
      `SELECT chunk_no, entries, row_keys FROM snapshot_chunks
       WHERE sync_id = ? AND version = ? AND chunk_no > ? ORDER BY chunk_no LIMIT ${chunkPage}`,
      [syncId, version, after],
    );
    for (const row of rows) yield { kind: 'base', entries: row.entries, rowKeys: row.row_keys };
    const last = rows.at(-1);
    if (!last || rows.length < chunkPage) return;
    after = last.chunk_no;
  }
}

function toDelta(row: DeltaRow): StoredSnapshotPart {
  if (row.kind === 'all_unsure') return { kind: 'all_unsure' };
  if (!row.mode || !row.entries || !row.operations)
    throw new Error(`snapshot delta ${row.delta_no} is not whole`);
  return {
    kind: 'delta',
    mode: row.mode,
    entries: row.entries,
    operations: row.operations,
    outcomes: row.outcomes,
    rowKeys: row.row_keys,
  };
}
