// Owns how a run's ending becomes a status and an outcome: by rule, from the counters, not by feel.
import type { RunCounts } from './counts';
import type { FinalStatus, RunKind, RunOutcome } from './run';

/** How the work of a run ended, as its closer knows it. */
export const endingKinds = ['finished', 'failed', 'cancelled'] as const;
export type EndingKind = (typeof endingKinds)[number];

export interface Verdict {
  readonly status: FinalStatus;
  readonly outcome: RunOutcome;
}

/** Facts the verdict rests on. `planAnswered`: a plan was published and every planned row got an answer. */
export interface EndingFacts {
  readonly ending: EndingKind;
  readonly kind: RunKind;
  readonly planAnswered: boolean;
  readonly counts: RunCounts;
}

/**
 * The status and outcome of a run. A plan whose every row was answered is `completed` even if a cancel or a failure
 * came after the last answer; completed is never given without that proof.
 */
export function verdictOf({ ending, kind, planAnswered, counts }: EndingFacts): Verdict {
  if (kind === 'dry_run' && ending === 'finished') {
    return { status: 'completed', outcome: 'planned' };
  }
  if (planAnswered && kind !== 'dry_run') {
    return { status: 'completed', outcome: completedOutcome(counts) };
  }
  const applied = counts.created + counts.updated + counts.deleted + counts.unknown;
  const status = ending === 'cancelled' ? 'cancelled' : 'failed';
  return { status, outcome: applied > 0 ? 'partial' : 'nothing_applied' };
}

function completedOutcome(counts: RunCounts): RunOutcome {
  if (counts.failed > 0) return 'with_row_errors';
  const sent = counts.created + counts.updated + counts.deleted;
  return sent > 0 ? 'clean' : 'no_changes';
}
