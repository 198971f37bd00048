// Owns the deletes of mirror mode: which vanished rows are deleted, which are held or kept, and their batches.
import type { PinnedConfig } from '../db/configuration/pinned-config';
import type { PublishedJournal } from '../db/ledger/journal-store';
import type { NewBatch, PlanNotice } from '../db/ledger/plan-store';
import { snapshotParts } from '../db/snapshot/snapshot-parts';
import type { SnapshotPin } from '../db/snapshot/snapshot-store';
import type { KeySet } from '../diff/key-set';
import { KeyMatcher, type MatchedKeys } from '../diff/key-matcher';
import type { PackedSnapshot } from '../diff/packed-snapshot';
import { entryBytes } from '../diff/packed-words';
import { vanishedOrdinals } from '../diff/vanished';
import { holdsDeletes } from '../domain/deletes';
import { DeleteCutter } from './delete-cutter';
import type { ActivityDeps } from './deps';
import { SnapshotByRange } from './snapshot-by-range';
import { untilAborted } from './attempt/until-aborted';

/** Deletes of one plan; `skipped` are planned ones that are held back, out of the retry's scope or cannot be named. */
export interface PlannedDeletes {
  readonly planned: number;
  readonly skipped: number;
  /** Of the skipped, those a retry is not about. */
  readonly outOfScope: number;
  readonly batches: readonly NewBatch[];
  readonly notices: readonly PlanNotice[];
}

export const noDeletes: PlannedDeletes = { planned: 0, skipped: 0, outOfScope: 0, batches: [], notices: [] };

/**
 * Plans the deletes of a mirror run, in batches of at most `batchRows`, numbered from `firstBatchNo` on. `scope`: keys a
 * retry is about; null: every key.
 */
export async function planDeletes(
  deps: ActivityDeps,
  config: PinnedConfig,
  journal: PublishedJournal,
  scope: KeySet | null,
  batchRows: number,
  firstBatchNo: number,
  signal: AbortSignal,
): Promise<PlannedDeletes> {
  const { marks, passes, snapshotVersion: version, snapshotDelta: lastDelta, snapshotRows: rows } = journal;
  if (!marks) return noDeletes;
  const pin = { version, lastDelta, rows };
  const snapshot = new SnapshotByRange(deps.knex, config.syncId, pin, marks, passes, signal);
  try {
    return await planVanished(deps, config, {
      journal,
      pin,
      snapshot,
      scope,
      batchRows,
      firstBatchNo,
      signal,
    });
  } finally {
    snapshot.release();
  }
}

interface Vanished {
  readonly journal: PublishedJournal;
  readonly pin: Pick<SnapshotPin, 'version' | 'lastDelta'>;
  readonly snapshot: SnapshotByRange;
  readonly scope: KeySet | null;
  readonly batchRows: number;
  readonly firstBatchNo: number;
  readonly signal: AbortSignal;
}

async function planVanished(
  deps: ActivityDeps,
  config: PinnedConfig,
  vanished: Vanished,
): Promise<PlannedDeletes> {
  const { journal, pin, snapshot, batchRows, firstBatchNo, signal } = vanished;
  const { planned, wanted, liveRows, unsureNew } = await findVanished(vanished);
  const notices: PlanNotice[] = [];
  if (unsureNew > 0) {
    notices.push({ type: 'vanished_rows_kept', detail: { rows: unsureNew, reason: 'never_acknowledged' } });
  }
  const wantedRows = wanted.reduce((sum, { length }) => sum + length, 0);
  const outOfScope = planned - wantedRows;
  if (wantedRows === 0) return { ...noDeletes, planned, skipped: planned, outOfScope, notices };
  // All that vanished and not only the scope's: what the brake asks is whether the model's result can be believed.
  const brake = {
    deletes: planned,
    snapshotRows: liveRows,
    rowsRead: journal.linesRead,
    allowed: config.allowDeletes,
  };
  if (holdsDeletes(brake)) {
    notices.push({ type: 'deletes_held', detail: { rows: wantedRows, snapshot_rows: liveRows } });
    return { planned, skipped: planned, outOfScope, batches: [], notices };
  }

  const cutter = new DeleteCutter(batchRows, firstBatchNo);
  let unnamed = 0;
  await snapshot.forEach(async ({ snapshot: part }, at) => {
    const matcher = new KeyMatcher({
      hasher: deps.hasher,
      keyMatch: config.sync.settings.keyMatch,
      snapshot: part,
      wanted: wanted[at] ?? new Int32Array(0),
    });
    for await (const stored of untilAborted(snapshotParts(deps.knex, config.syncId, pin, true), signal)) {
      if (stored.kind === 'all_unsure' || !stored.rowKeys) continue;
      addMatched(cutter, part, matcher.match({ entries: stored.entries, keys: stored.rowKeys }));
    }
    unnamed += matcher.unmatched().length;
  });
  if (unnamed > 0)
    notices.push({ type: 'vanished_rows_kept', detail: { rows: unnamed, reason: 'key_unknown' } });
  return { planned, skipped: outOfScope + unnamed, outOfScope, batches: cutter.finish(), notices };
}

interface FoundVanished {
  /** Rows to delete, those out of scope among them. */
  readonly planned: number;
  /** Ordinals in scope, range by range. */
  readonly wanted: readonly Int32Array<ArrayBuffer>[];
  readonly liveRows: number;
  readonly unsureNew: number;
}

async function findVanished({ journal, snapshot, scope }: Vanished): Promise<FoundVanished> {
  const wanted: Int32Array<ArrayBuffer>[] = [];
  const found = { planned: 0, liveRows: 0, unsureNew: 0 };
  await snapshot.forEach(({ snapshot: part, marks }) => {
    const { deletes, unsureNew } = vanishedOrdinals(part, marks);
    found.planned += deletes.length;
    found.unsureNew += unsureNew.length;
    found.liveRows += part.liveRows;
    wanted.push(inScope(part, deletes, scope));
  });
  // Marks are by ordinal: over any other snapshot they would name the wrong rows.
  if (found.liveRows !== journal.snapshotRows) {
    const compared = `the run was compared with ${journal.snapshotRows}`;
    throw new Error(`the snapshot has ${found.liveRows} rows, ${compared}`);
  }
  return { ...found, wanted };
}

function addMatched(cutter: DeleteCutter, snapshot: PackedSnapshot, { ordinals, data }: MatchedKeys): void {
  let start = 0;
  for (const ordinal of ordinals) {
    const end = data.indexOf(10, start) + 1;
    const entry = new Uint32Array(entryBytes / 4);
    snapshot.copyKey(ordinal, entry, 0);
    cutter.add(Buffer.from(entry.buffer), Buffer.from(data.subarray(start, end)));
    start = end;
  }
}

function inScope(
  snapshot: PackedSnapshot,
  ordinals: Int32Array<ArrayBuffer>,
  scope: KeySet | null,
): Int32Array<ArrayBuffer> {
  if (!scope) return ordinals;
  const key = new Uint32Array(4);
  return ordinals.filter((ordinal) => {
    snapshot.copyKey(ordinal, key, 0);
    return scope.has(key, 0);
  });
}
