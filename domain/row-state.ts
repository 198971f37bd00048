// Owns what a snapshot knows of one row and how an answer changes it; not where entries are kept.
import { rowOperation, rowOutcome } from './row-outcome';
import type { SyncMode } from './sync';

/** Fingerprints below this, with the flag bit clear, stand for states of a snapshot entry. */
export const reservedFingerprints = 16;

/** State of one snapshot entry. The first three are also the reserved fingerprints that stand for them. */
export const rowState = {
  /** Acknowledged once, but the destination may hold something else now: comes again whatever it looks like. */
  unsure: 0,
  /** Never acknowledged, may exist: comes again, and is never deleted. */
  unsureNew: 1,
  /** Removed; the same as not being there. */
  dead: 2,
  /** Acknowledged with its fingerprint as not being in the destination (update mode). */
  missing: 3,
  /** Accepted by the destination with its fingerprint. */
  known: 4,
  /** No entry. */
  unknown: 5,
} as const;
export type RowState = (typeof rowState)[keyof typeof rowState];

/** Set in the high word of a fingerprint when the row is `missing`. */
export const missingFlag = 0x80000000;

/** Reads the state out of a stored fingerprint. */
export function stateOfFingerprint(low: number, high: number): RowState {
  if (high >= missingFlag) return rowState.missing;
  if (high !== 0 || low >= reservedFingerprints) return rowState.known;
  if (low > rowState.dead) throw new Error(`reserved fingerprint ${low} has no meaning`);
  return low as RowState;
}

/** What one sent row and its answer do to an entry; `null` leaves it as it is. */
export function stateAfter(
  mode: SyncMode,
  operation: number,
  outcome: number,
  before: RowState,
): RowState | null {
  switch (outcome) {
    case rowOutcome.created:
    case rowOutcome.updated:
      return rowState.known;
    case rowOutcome.deleted:
      return rowState.dead;
    case rowOutcome.skipped:
      if (operation === rowOperation.delete) return rowState.dead;
      // The row was there before this sync: it holds who knows what, and must never be deleted as ours.
      if (mode === 'insert') return rowState.unsureNew;
      return operation === rowOperation.update && mode === 'update' ? rowState.missing : rowState.known;
    case rowOutcome.failed:
      return null;
    case rowOutcome.unknown:
    case rowOutcome.failedUnsure:
      // Only what was acknowledged before may be deleted later, so a row that never was stays "new".
      return before === rowState.known || before === rowState.unsure ? rowState.unsure : rowState.unsureNew;
    default:
      throw new Error(`row outcome ${outcome} has no meaning`);
  }
}

/** What a full resync does to an entry before it starts. */
export function stateUnderResync(before: RowState): RowState {
  if (before === rowState.known) return rowState.unsure;
  // Missing rows were never acknowledged as being there: they come again, but must not become deletable.
  return before === rowState.missing ? rowState.unsureNew : before;
}
