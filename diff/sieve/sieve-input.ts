// Owns what a sieve is given and what it gives: the run's settings, a pass of several, and the count of every line.
import type { KeyMatch, SyncMode } from '../../domain/sync';
import type { Hasher } from '../hasher';
import type { JournalBatch } from '../journal-batch';
import type { KeyRange } from '../keys/key-range';
import type { Marks } from '../snapshot/marks';
import type { PackedSnapshot } from '../snapshot/packed-snapshot';

/** What a sieve needs to know, and where its batches go. */
export interface SieveInput {
  readonly hasher: Hasher;
  readonly snapshot: PackedSnapshot;
  /** The first `keyColumns` columns of a line are the row key. */
  readonly keyColumns: number;
  readonly keyMatch: KeyMatch;
  readonly mode: SyncMode;
  readonly fingerprintSeed: bigint;
  /** Update mode: offer rows again that the destination did not have. */
  readonly offerMissing: boolean;
  /** Longer lines are refused. Default 16 MiB: a row that long is a mistake, and one of them must fit in memory. */
  readonly maxLineBytes?: number;
  /** One of the passes over a model that is too large for one. Absent: there is one pass, over all of it. */
  readonly pass?: SievePass;
  /** Called one batch at a time; reading goes on when it has settled. */
  onBatch(batch: JournalBatch): Promise<void>;
}

/** A pass takes the lines of one range of keys, whose entries the snapshot has; lines without a key are the first one's. */
export interface SievePass {
  readonly range: KeyRange;
  /** Lines that the passes before have journalled, and ordinals of the snapshots they had. */
  readonly linesBefore: number;
  readonly ordinalsBefore: number;
}

/** What became of the lines: linesRead = unchanged + skipped + journalled. */
export interface SieveResult {
  /** Lines that were the pass's own. */
  readonly linesRead: number;
  /** All lines, those of other passes among them. */
  readonly linesSeen: number;
  /** Of the keys of all lines, as KeySum has it, where there are several passes: they agree when it is the same. */
  readonly keySum: string;
  readonly unchanged: number;
  /** identicalCopies + knownSkipped + missingSkipped. */
  readonly skipped: number;
  /** Further copies of a row that equals the snapshot. */
  readonly identicalCopies: number;
  /** Insert mode: rows that were sent before. */
  readonly knownSkipped: number;
  /** Update mode: rows the destination did not have, not offered this time. */
  readonly missingSkipped: number;
  readonly journalled: number;
  /** Journalled lines that the plan refuses for a null key. */
  readonly refusedNullKey: number;
  /** Journalled lines that the plan refuses for their length. */
  readonly refusedTooLarge: number;
  readonly marks: Marks;
  /** Live entries that no line had the key of. */
  readonly unseen: number;
}
