// Owns the words of a scheduled slot that did not become a run.

/** Why not: the sync is paused or gone, has no schedule (any more) or too many waiting runs, or its overlap policy found one in the way. */
export const skipReasons = ['paused', 'deleted', 'no_schedule', 'overlap', 'queue_full'] as const;
export type SkipReason = (typeof skipReasons)[number];

/** A slot that was skipped; `blockingRun` is the run that was in the way, for an overlap. */
export interface SkippedSlot {
  readonly skipped: SkipReason;
  readonly blockingRun: string | null;
}
