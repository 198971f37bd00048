// Owns the reckoning of what a run's large tables take in memory. Reserves nothing.
import { mostKeysOf, mostRanges } from '../../diff/keys/key-range';
import { ordinalsOf } from '../../diff/snapshot/marks';

// Bytes a row. Snapshot: 24 for the entry, up to 13.4 for its slots (a power of two, filled to three fifths), marks. Plan: 9
// for each line and one for its verdict, which stays; 24, up to 13.4 and a state for its key. Fold: 45 for each row of a
// delta, twice over while it grows. Scope of a retry: 16 for a key, in a table filled to three quarters.
const snapshotRowBytes = 38;
const planLineBytes = 10;
const verdictBytes = 1;
const planKeyBytes = 39;
const foldRowBytes = 90;
const scopeKeyBytes = 22;

// The marks of all passes are kept, a quarter of a byte a row, and put together in the end.
const keptMarkBytes = 0.5;
// Which rows vanished, by ordinal, until their keys are found.
const vanishedRowBytes = 4;
// Key values are copied to half as much again when the room for them is used up, and both are there meanwhile.
const keyGrowth = 2.5;

// The smallest tables, for however few rows. Snapshot: 1,024 slots. Plan: as many lines, slots and states.
const smallestSnapshotBytes = 4 * 1024;
const smallestPlanBytes = 16 * 1024;

// A fold is rare and can be done in any number of ranges, each of which reads all deltas once more: so it takes no more
// than the snapshot of some million rows, however much a first load has left.
const mostFoldBytes = 256 * 1024 * 1024;

// What is of all rows, and grows with them, must leave something for what is done in ranges.
const rangeShare = 4;

/** Work on many rows, in so many ranges of their keys, and what it takes with the largest of them. */
export interface MemoryNeed {
  readonly ranges: number;
  readonly bytes: number;
}

/** For a snapshot of about so many rows. */
export function snapshotNeed(rows: number, limitBytes: number): MemoryNeed {
  const always = smallestSnapshotBytes + rows * keptMarkBytes;
  return inRanges(rows, snapshotRowBytes, always, limitBytes);
}

/** For folding deltas of so many rows, with so many bytes of key values. */
export function foldNeed(deltaRows: number, keyBytes: number, limitBytes: number): MemoryNeed {
  const rowBytes = foldRowBytes + (keyGrowth * keyBytes) / Math.max(1, deltaRows);
  return inRanges(deltaRows, rowBytes, 0, Math.min(limitBytes, mostFoldBytes));
}

/** What change detection works with. */
export interface Detection {
  /** Journalled. */
  readonly lines: number;
  /** Of a retry's scope; 0 where every key is in it. */
  readonly scopeKeys: number;
  /** The journal's. */
  readonly marks: Uint8Array | null;
  readonly passes: number;
  /** Rows that left the model; null when they are not looked for. */
  readonly vanished: number | null;
}

/** What detection takes in all; `keptBytes` of it once the plan is made. */
export interface DetectionNeed extends MemoryNeed {
  readonly keptBytes: number;
}

/**
 * Writes are planned first, then deletes, in as many ranges as there were passes. What is of all lines may be more than the
 * limit by itself.
 */
export function detectionNeed(work: Detection, limitBytes: number): DetectionNeed {
  const { lines, scopeKeys, marks, passes, vanished } = work;
  const keptBytes = scopeKeys * scopeKeyBytes + lines * verdictBytes + (marks?.length ?? 0);
  const always = keptBytes + lines * (planLineBytes - verdictBytes) + smallestPlanBytes;
  const plan = inRanges(lines, planKeyBytes, always, limitBytes);
  const deleteBytes = marks && vanished !== null ? snapshotBytes(ordinalsOf(marks), passes, vanished) : 0;
  return { ranges: plan.ranges, bytes: Math.max(plan.bytes, keptBytes + deleteBytes), keptBytes };
}

function snapshotBytes(ordinals: number, passes: number, vanished: number): number {
  return (
    smallestSnapshotBytes + mostKeysOf(ordinals, passes) * snapshotRowBytes + vanished * vanishedRowBytes
  );
}

/** As few ranges as keep the largest under what `always`, which is of all rows, leaves of the limit. */
function inRanges(rows: number, rowBytes: number, always: number, limitBytes: number): MemoryNeed {
  const left = Math.max(limitBytes - always, limitBytes / rangeShare);
  let ranges = 1;
  while (mostKeysOf(rows, ranges) * rowBytes > left && ranges < mostRanges) ranges *= 2;
  return { ranges, bytes: Math.ceil(always + mostKeysOf(rows, ranges) * rowBytes) };
}
