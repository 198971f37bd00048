// Owns the deletes of mirror mode: which vanished rows are deleted, which are held or kept, and their batches.
import type { PinnedConfig } from '../db/configuration/pinned-config';
import type { PublishedJournal } from '../db/ledger/journal-store';
import type { NewBatch, PlanNotice } from '../db/ledger/plan-store';
import { type SnapshotPin, snapshotParts } from '../db/snapshot/snapshot-store';
import type { KeySet } from '../diff/key-set';
import { KeyMatcher } from '../diff/key-matcher';
import type { PackedSnapshot } from '../diff/packed-snapshot';
import { entryBytes } from '../diff/packed-words';
import { vanishedOrdinals } from '../diff/vanished';
import { holdsDeletes } from '../domain/deletes';
import { rowOperation } from '../domain/row-outcome';
import type { ActivityDeps } from './deps';
import { loadSnapshot } from './load-snapshot';
import { untilAborted } from './until-aborted';

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
  const { marks, snapshotVersion: version, snapshotDelta: lastDelta, snapshotRows: rows } = journal;
  if (!marks) return noDeletes;
  const pin = { version, lastDelta, rows };
  const snapshot = await loadSnapshot(deps.knex, config.syncId, pin, signal);
  try {
    // Marks are by ordinal: over any other snapshot they would name the wrong rows.
    if (snapshot.liveRows !== rows) {
      throw new Error(`the snapshot has ${snapshot.liveRows} rows, the run was compared with ${rows}`);
    }
    return await planVanished(deps, config, {
      journal,
      marks,
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
  readonly marks: Buffer;
  readonly pin: Pick<SnapshotPin, 'version' | 'lastDelta'>;
  readonly snapshot: PackedSnapshot;
  readonly scope: KeySet | null;
  readonly batchRows: number;
  readonly firstBatchNo: number;
  readonly signal: AbortSignal;
}

async function planVanished(
  deps: ActivityDeps,
  config: PinnedConfig,
  { journal, marks, pin, snapshot, scope, batchRows, firstBatchNo, signal }: Vanished,
): Promise<PlannedDeletes> {
  const vanished = vanishedOrdinals(snapshot, marks);
  const planned = vanished.deletes.length;
  const notices: PlanNotice[] = [];
  if (vanished.unsureNew.length > 0) {
    notices.push({
      type: 'vanished_rows_kept',
      detail: { rows: vanished.unsureNew.length, reason: 'never_acknowledged' },
    });
  }
  const wanted = inScope(snapshot, vanished.deletes, scope);
  const outOfScope = planned - wanted.length;
  if (wanted.length === 0) return { ...noDeletes, planned, skipped: planned, outOfScope, notices };
  // All that vanished and not only the scope's: what the brake asks is whether the model's result can be believed.
  const brake = {
    deletes: planned,
    snapshotRows: snapshot.liveRows,
    rowsRead: journal.linesRead,
    allowed: config.allowDeletes,
  };
  if (holdsDeletes(brake)) {
    notices.push({ type: 'deletes_held', detail: { rows: wanted.length, snapshot_rows: snapshot.liveRows } });
    return { planned, skipped: planned, outOfScope, batches: [], notices };
  }

  const matcher = new KeyMatcher({
    hasher: deps.hasher,
    keyMatch: config.sync.settings.keyMatch,
    snapshot,
    wanted,
  });
  const cutter = new DeleteCutter(batchRows, firstBatchNo);
  for await (const part of untilAborted(snapshotParts(deps.knex, config.syncId, pin, true), signal)) {
    if (part.kind === 'all_unsure' || !part.rowKeys) continue;
    const { ordinals, data } = matcher.match({ entries: part.entries, keys: part.rowKeys });
    let start = 0;
    for (const ordinal of ordinals) {
      const end = data.indexOf(10, start) + 1;
      const entry = new Uint32Array(entryBytes / 4);
      snapshot.copyKey(ordinal, entry, 0);
      cutter.add(Buffer.from(entry.buffer), Buffer.from(data.subarray(start, end)));
      start = end;
    }
  }
  const unnamed = matcher.unmatched().length;
  if (unnamed > 0)
    notices.push({ type: 'vanished_rows_kept', detail: { rows: unnamed, reason: 'key_unknown' } });
  return { planned, skipped: outOfScope + unnamed, outOfScope, batches: cutter.finish(), notices };
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

/** Collects key lines into batches. */
class DeleteCutter {
  private readonly batches: NewBatch[] = [];
  private entries: Buffer[] = [];
  private keys: Buffer[] = [];

  constructor(
    private readonly batchRows: number,
    private readonly firstBatchNo: number,
  ) {}

  add(entry: Buffer, key: Buffer): void {
    this.entries.push(entry);
    this.keys.push(key);
    if (this.keys.length === this.batchRows) this.cut();
  }

  finish(): readonly NewBatch[] {
    this.cut();
    return this.batches;
  }

  private cut(): void {
    if (this.keys.length === 0) return;
    this.batches.push({
      batchNo: this.firstBatchNo + this.batches.length,
      kind: 'delete',
      creates: 0,
      updates: 0,
      deletes: this.keys.length,
      lineFrom: null,
      lineTo: null,
      operations: Buffer.alloc(this.keys.length, rowOperation.delete),
      entries: Buffer.concat(this.entries),
      rowKeys: Buffer.concat(this.keys),
    });
    this.entries = [];
    this.keys = [];
  }
}
