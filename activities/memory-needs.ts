// Owns the reckoning of what a run's large tables take in memory. Reserves nothing.
import { rangesFor } from '../diff/key-range';

// Bytes a row. Snapshot: 24 for the entry, up to 13.4 for its slots (a power of two, filled to three fifths), marks. Plan:
// 9 for each line; 24, up to 13.4 and a state for its key. Fold: 45 for each row of a delta, and its key value, twice over
// while it grows.
const snapshotRowBytes = 38;
const planLineBytes = 9;
const planKeyBytes = 39;
const foldRowBytes = 120;

// A fold is rare and can be done in any number of ranges, each of which reads all deltas once more: so it takes no more
// than the snapshot of some million rows, however much a first load has left.
const mostFoldBytes = 256 * 1024 * 1024;

/** Work on many rows, in so many ranges of their keys, and what each of them takes. */
export interface MemoryNeed {
  readonly ranges: number;
  readonly bytes: number;
}

/** For a snapshot of about so many rows. */
export function snapshotNeed(rows: number, limitBytes: number): MemoryNeed {
  return inRanges(rows * snapshotRowBytes, limitBytes);
}

/** For planning so many journalled lines; what is known of every line stays, range by range comes its key. */
export function planNeed(lines: number, limitBytes: number): MemoryNeed {
  const always = lines * planLineBytes;
  const { ranges, bytes } = inRanges(lines * planKeyBytes, Math.max(limitBytes - always, limitBytes / 4));
  return { ranges, bytes: always + bytes };
}

/** For folding deltas of so many rows. */
export function foldNeed(deltaRows: number, limitBytes: number): MemoryNeed {
  return inRanges(deltaRows * foldRowBytes, Math.min(limitBytes, mostFoldBytes));
}

function inRanges(bytes: number, limitBytes: number): MemoryNeed {
  const ranges = rangesFor(bytes, limitBytes);
  return { ranges, bytes: Math.ceil(bytes / ranges) };
}
