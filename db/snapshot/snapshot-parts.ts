// Owns reading the parts of a stored snapshot, base chunks and deltas, in the order they apply. What the bytes mean stands
// in diff/.
import type { Knex } from 'knex';
import { escapeLiteral } from 'pg';
import type { SyncMode } from '../../domain/sync';
import { type BinaryRow, copyBinary } from '../copy-binary';

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

interface DeltaRow {
  delta_no: number;
  kind: string;
  mode: SyncMode | null;
  entries: Buffer | null;
  operations: Buffer | null;
  outcomes: Buffer | null;
  row_keys: Buffer | null;
}

// A mebibyte of entries each, and about as much of keys: two are worked on while the next two come. A small base still takes
// one question only.
const chunkPage = 2;
// A delta is a quarter of a chunk at most, and usually far less; its bytes arrive as hex, twice as many.
const deltaPage = 8;

/** Streams the pinned snapshot: base chunks, then deltas. `withKeys` adds the row keys, needed for deletes only. */
export async function* snapshotParts(
  knex: Knex,
  syncId: string,
  pin: { readonly version: number; readonly lastDelta: number },
  withKeys: boolean,
): AsyncGenerator<StoredSnapshotPart> {
  yield* baseParts(knex, syncId, pin.version, withKeys);
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

async function* baseParts(
  knex: Knex,
  syncId: string,
  version: number,
  withKeys: boolean,
): AsyncGenerator<StoredSnapshotPart> {
  const chunksAfter = (chunkNo: number): Promise<BinaryRow[]> =>
    copyBinary(
      knex,
      `SELECT chunk_no, entries${withKeys ? ', row_keys' : ''} FROM snapshot_chunks
       WHERE sync_id = ${escapeLiteral(syncId)} AND version = ${version} AND chunk_no > ${chunkNo}
       ORDER BY chunk_no LIMIT ${chunkPage}`,
    );
  for (let next = chunksAfter(-1); ;) {
    const chunks = await next;
    const last = chunks.at(-1)?.[0];
    const isLast = !last || chunks.length < chunkPage;
    if (!isLast) {
      next = chunksAfter(last.readInt32BE());
      // Met when its turn comes; a reader who has gone by then hears of no error.
      next.catch(() => undefined);
    }
    for (const [, entries, rowKeys = null] of chunks) {
      if (!entries) throw new Error('a chunk of the snapshot has no entries');
      yield { kind: 'base', entries, rowKeys };
    }
    if (isLast) return;
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
