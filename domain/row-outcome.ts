// Owns the codes of one row's planned operation and of its answer, and what adding answers up means.
import type { RunCounts } from './counts';

/** What the plan says of one journalled line or one vanished key; one byte each in the ledger. */
export const rowOperation = {
  create: 1,
  update: 2,
  delete: 3,
  /** Its key is out of the retry's scope: counted as skipped, stays due. */
  skipOutOfScope: 9,
  /** An identical copy of a line that is sent: counted as skipped. */
  skipCopy: 10,
  refuseDuplicateKey: 11,
  refuseNullKey: 12,
  refuseTooLarge: 13,
  /** Its row is in another batch of the run: a follow-up covers lines of the batch it was made from. */
  inOtherBatch: 14,
} as const;
export type RowOperation = (typeof rowOperation)[keyof typeof rowOperation];

/** Whether a line with this operation is handed to the destination. */
export function isSent(operation: number): boolean {
  return operation <= rowOperation.delete;
}

/** What became of one sent row; one byte each in the ledger. `unknown`: sent, no answer. */
export const rowOutcome = {
  unknown: 0,
  created: 1,
  updated: 2,
  deleted: 3,
  /** Nothing to do: update without a match, insert of a row that exists, delete of a row that is not there. */
  skipped: 4,
  failed: 5,
  /** Failed for want of a clear answer: the destination may hold the new value all the same. */
  failedUnsure: 6,
} as const;
export type RowOutcome = (typeof rowOutcome)[keyof typeof rowOutcome];

/**
 * In what is kept of a batch midway, as `unknown`: the row goes alone, for all it was sent with was refused. No outcome,
 * since it stands in no whole answer.
 */
export const goesAlone = 7;

/** Whether the destination has said what became of the row. */
export function isJudged(outcome: number): boolean {
  return outcome !== rowOutcome.unknown && outcome !== goesAlone;
}

/**
 * Turns every `failed` into `failedUnsure`, in place: for a batch that had been sent before without an answer. What is
 * refused now may have been applied then.
 */
export function doubtRefusals(outcomes: Uint8Array): void {
  for (let row = 0; row < outcomes.length; row += 1) {
    if (outcomes[row] === rowOutcome.failed) outcomes[row] = rowOutcome.failedUnsure;
  }
}

/** The counters that a block of answers amounts to. */
export function countOutcomes(outcomes: Uint8Array): Partial<RunCounts> {
  const byCode = Array.from({ length: 7 }, () => 0);
  for (const code of outcomes) byCode[code] = (byCode[code] ?? 0) + 1;
  const of = (code: RowOutcome): number => byCode[code] ?? 0;
  return {
    created: of(rowOutcome.created),
    updated: of(rowOutcome.updated),
    deleted: of(rowOutcome.deleted),
    skipped: of(rowOutcome.skipped),
    failed: of(rowOutcome.failed) + of(rowOutcome.failedUnsure),
    unknown: of(rowOutcome.unknown),
  };
}
