// Owns the deletes of mirror mode: which vanished rows are deleted, which are held or kept, and their batches.
import type { PinnedConfig } from '../../db/configuration/pinned-config';
import type { PublishedJournal } from '../../db/ledger/journal-store';
import type { NewBatch, PlanNotice } from '../../db/ledger/plan-store';
import { snapshotParts } from '../../db/snapshot/snapshot-parts';
import type { SnapshotPin } from '../../db/snapshot/snapshot-store';
import type { KeySet } from '../../diff/keys/key-set';
import { KeyMatcher, type MatchedKeys, type StoredKeys } from '../../diff/snapshot/key-matcher';
import type { PackedSnapshot } from '../../diff/snapshot/packed-snapshot';
import { entryWords } from '../../diff/bytes/packed-words';
import { vanishedOrdinals } from '../../diff/snapshot/vanished';
import { holdsDeletes } from '../../domain/deletes';
import { DeleteCutter } from './delete-cutter';
import type { ActivityDeps } from '../deps';
import { SnapshotByRange } from './snapshot-by-range';
import { untilAborted } from '../attempt/until-aborted';

/** Deletes of one plan, counted; their rows are found while `batches` is read. Holds memory until it is released. */
export interface PlannedDeletes {
  /** Vanished rows: those that are held back, out of the retry's scope or cannot be named are among them. */
  readonly planned: number;
  /** Of the planned, those a retry is not about. */
  readonly outOfScope: number;
  /** Rows of the batches, unless stored keys of some cannot be found. */
  readonly deletes: number;
  /** `deleted`: rows of the batches. */
  notices(deleted: number): PlanNotice[];
  batches(): AsyncIterable<NewBatch> | Iterable<NewBatch>;
  release(): void;
}

export const noDeletes: PlannedDeletes = {
  planned: 0,
  outOfScope: 0,
  deletes: 0,
  notices: () => [],
  batches: () => [],
  release: () => undefined,
};

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
    const found = await countVanished(journal, snapshot, scope);
    const cutter = new DeleteCutter(batchRows, firstBatchNo);
    const vanished = { deps, config, pin, snapshot, scope, wanted: found.wanted, cutter, signal };
    const judged = judge(found, journal, config.allowDeletes);
    return {
      ...judged,
      batches: () => (judged.deletes > 0 ? cutVanished(vanished) : []),
      release: () => snapshot.release(),
    };
  } catch (error) {
    snapshot.release();
    throw error;
  }
}

interface VanishedCounts {
  /** Rows to delete, those out of scope among them. */
  readonly planned: number;
  /** Of these, the rows in scope, range by range. */
  readonly wanted: readonly number[];
  readonly liveRows: number;
  readonly unsureNew: number;
}

async function countVanished(
  journal: PublishedJournal,
  snapshot: SnapshotByRange,
  scope: KeySet | null,
): Promise<VanishedCounts> {
  const wanted: number[] = [];
  const found = { planned: 0, liveRows: 0, unsureNew: 0 };
  for await (const { snapshot: part, marks } of snapshot.all()) {
    const { deletes, unsureNew } = vanishedOrdinals(part, marks);
    found.planned += deletes.length;
    found.unsureNew += unsureNew.length;
    found.liveRows += part.liveRows;
    wanted.push(inScope(part, deletes, scope).length);
  }
  // Marks are by ordinal: over any other snapshot they would name the wrong rows.
  if (found.liveRows !== journal.snapshotRows) {
    const compared = `the run was compared with ${journal.snapshotRows}`;
    throw new Error(`the snapshot has ${found.liveRows} rows, ${compared}`);
  }
  return { ...found, wanted };
}

/** Whether the vanished rows are deleted or held, and what a person should know of it. */
function judge(
  { planned, wanted, liveRows, unsureNew }: VanishedCounts,
  { linesRead }: PublishedJournal,
  allowed: boolean,
): Omit<PlannedDeletes, 'batches' | 'release'> {
  const wantedRows = wanted.reduce((sum, rows) => sum + rows, 0);
  // All that vanished and not only the scope's: what the brake asks is whether the model's result can be believed.
  const brake = { deletes: planned, snapshotRows: liveRows, rowsRead: linesRead, allowed };
  const isHeld = wantedRows > 0 && holdsDeletes(brake);
  const deletes = isHeld ? 0 : wantedRows;
  const kept = (rows: number, reason: string): PlanNotice[] =>
    rows > 0 ? [{ type: 'vanished_rows_kept', detail: { rows, reason } }] : [];
  return {
    planned,
    outOfScope: planned - wantedRows,
    deletes,
    notices: (deleted) => [
      ...kept(unsureNew, 'never_acknowledged'),
      ...(isHeld ? [heldNotice(wantedRows, liveRows)] : []),
      ...kept(deletes - deleted, 'key_unknown'),
    ],
  };
}

function heldNotice(rows: number, snapshotRows: number): PlanNotice {
  return { type: 'deletes_held', detail: { rows, snapshot_rows: snapshotRows } };
}

interface VanishedRows {
  readonly deps: ActivityDeps;
  readonly config: PinnedConfig;
  readonly pin: Pick<SnapshotPin, 'version' | 'lastDelta'>;
  readonly snapshot: SnapshotByRange;
  readonly scope: KeySet | null;
  readonly wanted: readonly number[];
  readonly cutter: DeleteCutter;
  readonly signal: AbortSignal;
}

/** Finds the vanished rows once more: to keep them from the counting on would take four bytes for each, of all ranges. */
async function* cutVanished(vanished: VanishedRows): AsyncGenerator<NewBatch> {
  const { deps, config, pin, snapshot, scope, wanted, cutter, signal } = vanished;
  for (const [at, rows] of wanted.entries()) {
    if (rows === 0) continue;
    const { snapshot: part, marks } = await snapshot.at(at);
    const matcher = new KeyMatcher({
      hasher: deps.hasher,
      keyMatch: config.sync.settings.keyMatch,
      snapshot: part,
      wanted: inScope(part, vanishedOrdinals(part, marks).deletes, scope),
    });
    for await (const stored of untilAborted(snapshotParts(deps.knex, config.syncId, pin, true), signal)) {
      if (stored.kind === 'all_unsure' || !stored.rowKeys) continue;
      yield* cutter.add(rowsOf(part, matcher.match({ entries: stored.entries, keys: stored.rowKeys })));
      // A range's keys lie together in the base: what comes after them need not be read.
      if (matcher.unmatched === 0) break;
    }
  }
  yield* cutter.finish();
}

/** Entries without a fingerprint, and their key lines. */
function rowsOf(snapshot: PackedSnapshot, { ordinals, data }: MatchedKeys): StoredKeys {
  const entries = new Uint32Array(ordinals.length * entryWords);
  ordinals.forEach((ordinal, row) => snapshot.copyKey(ordinal, entries, row * entryWords));
  return { entries: new Uint8Array(entries.buffer), keys: data };
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
