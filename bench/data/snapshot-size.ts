// Owns what the snapshot of a sync takes in our database.
import type { BenchPlace } from '../bench-place';

export interface SnapshotSize {
  /** Packed entries: key hash and fingerprint of each row. */
  readonly entryBytes: number;
  /** The key values beside them, as PostgreSQL stores them. */
  readonly keyBytes: number;
}

/** Bytes as stored, base and deltas together. */
export async function snapshotSize({ knex }: BenchPlace, syncId: string): Promise<SnapshotSize> {
  const { rows } = await knex.raw<{ rows: { entries: number; keys: number }[] }>(
    `SELECT coalesce(sum(pg_column_size(entries)), 0)::bigint AS entries,
       coalesce(sum(pg_column_size(row_keys)), 0)::bigint AS keys
     FROM (SELECT entries, row_keys FROM snapshot_chunks WHERE sync_id = ?
       UNION ALL SELECT entries, row_keys FROM snapshot_deltas WHERE sync_id = ?) parts`,
    [syncId, syncId],
  );
  return { entryBytes: rows[0]?.entries ?? 0, keyBytes: rows[0]?.keys ?? 0 };
}
