// Owns the snapshot of a sync as stored: its identity, which version a run compares with, what a run adds to it. Reading its
// parts is snapshot-parts's, what the bytes mean stands in diff/.
import type { Knex } from 'knex';
import type { Fence } from '../runs/lease';
import { writeEvent } from '../runs/run-events';

/** What a snapshot is only good for: a difference in any of it re-baselines. */
export interface SnapshotIdentity {
  /** Name and version of key hash and fingerprint. */
  readonly hash: string;
  readonly keyColumns: readonly string[];
  readonly keyTypes: readonly string[];
  readonly keyMatch: string;
  readonly destinationId: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** The state a run compares with; it cannot change while the run holds the lease. */
export interface SnapshotPin {
  readonly version: number;
  readonly lastDelta: number;
  /** About how many entries; for sizing. */
  readonly rows: number;
  /** Rows of all deltas, so many may come twice. */
  readonly deltaRows: number;
  /** Bytes of the key values of all deltas; 0 where no fold is due, which alone needs them. */
  readonly deltaKeyBytes: number;
  /** Update mode: whether rows the destination lacks are due to be offered again. */
  readonly missingDue: boolean;
  /** Whether the deltas have grown past what should be loaded with every run. */
  readonly foldDue: boolean;
}

/** Thrown when the snapshot is gone although the sync has sent rows before. */
export class SnapshotLostError extends Error {
  override readonly name = 'SnapshotLostError';
}

interface SnapshotRow {
  version: number;
  last_delta: number;
  identity: SnapshotIdentity;
  rows: number;
  delta_rows: number;
  delta_key_bytes: number;
  missing_due: boolean;
  fold_due: boolean;
}

// Past a fifth of the base, deltas cost more to load and apply than a fold costs once; small ones never matter.
const foldShare = 5;
const smallestFold = 10_000;
// Runs and not deltas are counted: one run of small HTTP batches leaves hundreds, and must not rewrite a large base.
const foldRuns = 64;
// Nor must many runs that change a row or two. Each run loads all deltas again, a quarter of a millisecond each, so between
// two folds they cost as the square of their number; a fold costs as the base, half a second for 100,000 rows. There 64 of
// them have cost as much as the fold; with more rows it is the root of as many times more. A thousand, a quarter of a second
// a run, is enough for any base.
const foldRows = 100_000;
const mostDeltas = 1_000;

/**
 * Pins the sync's snapshot for a run, making or re-baselining it when needed, and says so as an event.
 * `mustExist`: insert mode, where a lost snapshot would send every row again; throws SnapshotLostError then.
 * `dryRun` leaves a snapshot of another identity as it is: the change that made it useless may be taken back.
 */
export async function pinSnapshot(
  trx: Knex.Transaction,
  fence: Fence,
  identity: SnapshotIdentity,
  mustExist: boolean,
  dryRun = false,
): Promise<SnapshotPin> {
  const { rows } = await trx.raw<{ rows: SnapshotRow[] }>(
    `SELECT *, CASE WHEN fold_due
         THEN (SELECT coalesce(sum(octet_length(d.row_keys)), 0) FROM snapshot_deltas d WHERE d.sync_id = :syncId)
         ELSE 0 END AS delta_key_bytes
     FROM (SELECT version, last_delta, identity, base_rows + delta_rows AS rows, delta_rows,
         coalesce(missing_offered_at < clock_timestamp() - interval '1 day', true) AS missing_due,
         delta_rows > greatest(base_rows / ${foldShare}, ${smallestFold}) OR (
           SELECT count(DISTINCT d.run_id) >= ${foldRuns}
             AND count(*) >= least(${mostDeltas}, ${foldRuns} * sqrt(base_rows::float8 / ${foldRows}))
           FROM snapshot_deltas d WHERE d.sync_id = :syncId) AS fold_due
       FROM snapshots WHERE sync_id = :syncId FOR UPDATE) AS pinned`,
    { syncId: fence.syncId },
  );
  const found = rows[0];
  if (found && sameIdentity(found.identity, identity)) {
    return {
      version: found.version,
      lastDelta: found.last_delta,
      rows: found.rows,
      deltaRows: found.delta_rows,
      deltaKeyBytes: found.delta_key_bytes,
      missingDue: found.missing_due,
      foldDue: found.fold_due,
    };
  }
  const sentBefore = await hasSentRows(trx, fence);
  if (mustExist && sentBefore) throw new SnapshotLostError(found ? 'its identity changed' : 'it is gone');
  if (dryRun) return noSnapshot;
  if (sentBefore)
    await writeEvent(trx, fence, 'snapshot_rebaselined', { reason: found ? 'identity' : 'missing' });
  return makeBaseline(trx, fence, identity);
}

// Versions begin at 1 and deltas too, so this finds no part at all.
const noSnapshot: SnapshotPin = {
  version: 0,
  lastDelta: 0,
  rows: 0,
  deltaRows: 0,
  deltaKeyBytes: 0,
  missingDue: true,
  foldDue: false,
};

// Stored as jsonb, which reorders keys: compare with sorted keys on both sides.
function sameIdentity(one: SnapshotIdentity, other: SnapshotIdentity): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

async function hasSentRows(trx: Knex.Transaction, fence: Fence): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    `SELECT 1 FROM runs WHERE sync_id = ? AND id <> ? AND (outcome = 'partial'
       OR rows_created + rows_updated + rows_deleted + rows_unknown > 0) LIMIT 1`,
    [fence.syncId, fence.runId],
  );
  return rows.length > 0;
}

/** Forgets the snapshot of a sync: its next run makes a new one and says so. */
export async function loseSnapshot(trx: Knex.Transaction, syncId: string): Promise<void> {
  await dropParts(trx, syncId);
  await trx.raw(`DELETE FROM snapshots WHERE sync_id = ?`, [syncId]);
}

async function dropParts(trx: Knex.Transaction, syncId: string): Promise<void> {
  await trx.raw(`DELETE FROM snapshot_deltas WHERE sync_id = ?`, [syncId]);
  await trx.raw(`DELETE FROM snapshot_chunks WHERE sync_id = ?`, [syncId]);
}

async function makeBaseline(
  trx: Knex.Transaction,
  fence: Fence,
  identity: SnapshotIdentity,
): Promise<SnapshotPin> {
  await dropParts(trx, fence.syncId);
  const { rows } = await trx.raw<{ rows: { version: number; last_delta: number }[] }>(
    `INSERT INTO snapshots (sync_id, workspace_id, identity) VALUES (?, ?, ?)
     ON CONFLICT (sync_id) DO UPDATE SET version = snapshots.version + 1, identity = excluded.identity,
       base_rows = 0, delta_rows = 0, missing_offered_at = NULL, updated_at = clock_timestamp()
     RETURNING version, last_delta`,
    [fence.syncId, fence.workspaceId, JSON.stringify(identity)],
  );
  const made = rows[0];
  if (!made) throw new Error(`snapshot of sync ${fence.syncId} could not be made`);
  return { ...noSnapshot, version: made.version, lastDelta: made.last_delta };
}

/** Marks every row of the snapshot unsure, once per run: the first act of a full resync. Returns the last delta. */
export async function markAllUnsure(trx: Knex.Transaction, fence: Fence): Promise<number> {
  await trx.raw(
    `INSERT INTO snapshot_deltas (sync_id, delta_no, workspace_id, run_id, kind)
     SELECT sync_id, last_delta + 1, workspace_id, ?, 'all_unsure' FROM snapshots
     WHERE sync_id = ? AND NOT EXISTS (SELECT 1 FROM snapshot_deltas WHERE sync_id = ? AND run_id = ?)`,
    [fence.runId, fence.syncId, fence.syncId, fence.runId],
  );
  const { rows } = await trx.raw<{ rows: { last_delta: number }[] }>(
    `UPDATE snapshots SET last_delta = (SELECT max(delta_no) FROM snapshot_deltas WHERE sync_id = ?)
     WHERE sync_id = ? RETURNING last_delta`,
    [fence.syncId, fence.syncId],
  );
  return rows[0]?.last_delta ?? 0;
}

/**
 * Appends what the run's batches changed, in SQL alone: acked batches with their outcomes (06 is failedUnsure; a batch
 * of mere refusals changes nothing), sent ones without.
 * The caller holds the lease row's lock.
 */
export async function appendRunDelta(trx: Knex.Transaction, syncId: string, runId: string): Promise<void> {
  await trx.raw(
    `INSERT INTO snapshot_deltas (sync_id, delta_no, workspace_id, run_id, kind, mode, entries, operations, outcomes,
       row_keys)
     SELECT s.sync_id, s.last_delta + row_number() OVER (ORDER BY b.batch_no), s.workspace_id, b.run_id, 'batch',
       (SELECT v.mode FROM runs r JOIN sync_versions v ON v.sync_id = r.sync_id AND v.version = r.sync_version
        WHERE r.id = b.run_id), b.entries, b.sent_operations, CASE WHEN b.state = 'acked' THEN b.outcomes END, b.row_keys
     FROM batches b JOIN snapshots s ON s.sync_id = ?
     WHERE b.run_id = ? AND (b.state = 'sent' OR b.created + b.updated + b.deleted + b.skipped > 0
       OR position('\\x06'::bytea IN b.outcomes) > 0)`,
    [syncId, runId],
  );
  await trx.raw(
    `UPDATE snapshots s SET updated_at = clock_timestamp(),
       last_delta = greatest(s.last_delta, (SELECT coalesce(max(delta_no), 0) FROM snapshot_deltas WHERE sync_id = s.sync_id)),
       delta_rows = s.delta_rows + (SELECT coalesce(sum(creates + updates + deletes), 0) FROM batches
         WHERE run_id = ? AND state IN ('sent', 'acked'))
     WHERE s.sync_id = ?`,
    [runId, syncId],
  );
}

/**
 * Update mode: notes that the run has offered the rows the destination lacks once more, if they were due when it
 * started. Called when every batch has gone out: a run that sent nothing has offered nothing, and a retry of some rows
 * has not offered the others.
 */
export async function noteMissingOffered(trx: Knex, syncId: string, runId: string): Promise<void> {
  await trx.raw(
    `UPDATE snapshots s SET missing_offered_at = clock_timestamp() FROM runs r
     WHERE s.sync_id = ? AND r.id = ? AND coalesce(r.retry_scope, 'all') = 'all'
       AND coalesce(s.missing_offered_at < r.started_at - interval '1 day', true)`,
    [syncId, runId],
  );
}
