// Owns how what a rule has found becomes what is kept and told of an alert: sentence, advice, cause.
import { adviceFor } from './advice';
import type { AlertDetail, RunFacts } from './alert';
import { causeOf, type SyncParts } from './causes';
import type { AlertKind } from './rules';
import { type Finding, sentenceOf } from './sentences';

/** What an alert is opened or repeated with. */
export interface AlertFound {
  readonly cause: string;
  readonly detail: AlertDetail;
}

/** `run` null: it is about no run. `measure` is told as it is. */
export function foundOf<Kind extends AlertKind>(
  kind: Kind,
  sync: SyncParts,
  run: RunFacts | null,
  finding: Finding[Kind],
  measure: Pick<AlertDetail, 'observed' | 'expected' | 'dueAt'> = {},
): AlertFound {
  const code = run?.failure?.code ?? null;
  const { cause, about } = causeOf(kind, sync, code);
  const sentence = sentenceOf(kind, sync.name, finding);
  return {
    cause,
    detail: { sentence, advice: adviceFor(kind, code), run: run && factsOf(run), about, ...measure },
  };
}

/** Nothing but the facts: a run to be judged has more. */
export function factsOf(run: RunFacts): RunFacts {
  return {
    id: run.id,
    status: run.status,
    outcome: run.outcome,
    trigger: run.trigger,
    startedAt: run.startedAt,
    completedAt: run.completedAt,
    durationMs: run.durationMs,
    rowsProcessed: run.rowsProcessed,
    rowsCreated: run.rowsCreated,
    rowsUpdated: run.rowsUpdated,
    rowsDeleted: run.rowsDeleted,
    rowsFailed: run.rowsFailed,
    failure: run.failure,
  };
}
