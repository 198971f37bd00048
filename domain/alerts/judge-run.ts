// Owns what a run that has ended says to each rule: what it opens, repeats and resolves. Who is told of it is telling's.
import type { RetryScope, RunKind } from '../run';
import { errorRate } from '../trends/measured-run';
import type { TrendVerdicts } from '../trends/judge-last';
import type { RunFacts } from './alert';
import type { SyncParts } from './causes';
import { type AlertFound, foundOf } from './finding';
import { type AlertKind, alertKinds, type EffectiveRules, type RuleSettings } from './rules';
import type { Transition } from './transition';

/** A run that has ended, with what rules ask beyond what is told of it. */
export interface EndedRun extends RunFacts {
  readonly kind: RunKind;
  readonly retryOf: string | null;
  /** Which of its rows a retry is about; null: it is none. */
  readonly retryScope: RetryScope | null;
  /** Rows unaccounted for, or counted twice (negative). */
  readonly counterMismatch: number;
  /** Deletes its plan held back. */
  readonly heldDeletes: number;
}

export interface RunToJudge {
  readonly sync: SyncParts;
  readonly run: EndedRun;
  readonly rules: EffectiveRules;
  /** Rules of which an alert of the sync is open, each with the run it was last seen at; null: it is about none. */
  readonly open: ReadonlyMap<AlertKind, string | null>;
  /** Failed runs one after the other until this one, it included; 0: it has not failed. */
  readonly failuresInARow: number;
  /** What the trends make of the run; kinds that could not be judged are absent. */
  readonly trends: TrendVerdicts;
}

/** What a rule makes of a run. Goes on: an alert that is open is repeated, none is opened. Null: nothing. */
type Opinion = AlertFound | { readonly goesOn: AlertFound } | 'over' | null;

/** What the run changes, in the order of the rules. */
export function judgeRun(input: RunToJudge): Transition[] {
  return alertKinds.filter(isOfRuns).flatMap((kind): Transition[] => {
    const isOpen = input.open.has(kind);
    const { enabled, settings } = input.rules[kind];
    if (!enabled) return isOpen ? [{ what: 'resolve', kind, isSilent: true }] : [];
    const opinion = opinions[kind](input, settings);
    if (opinion === null) return [];
    if (opinion === 'over') return isOpen ? [{ what: 'resolve', kind, isSilent: false }] : [];
    if ('goesOn' in opinion) return isOpen ? [{ what: 'repeat', kind, ...opinion.goesOn }] : [];
    return [{ what: isOpen ? 'repeat' : 'open', kind, ...opinion }];
  });
}

/** Whether the run is told by the rule run_completed. */
export function isToldAsCompleted({ run, rules }: Pick<RunToJudge, 'run' | 'rules'>): boolean {
  return rules.run_completed.enabled && run.status === 'completed' && run.kind !== 'dry_run';
}

// Those of the clock are judge-clock's.
type RuleOfRuns = Exclude<AlertKind, 'run_late' | 'schedule_paused'>;
const isOfRuns = (kind: AlertKind): kind is RuleOfRuns => kind in opinions;

const opinions: Readonly<Record<RuleOfRuns, (input: RunToJudge, settings: RuleSettings) => Opinion>> = {
  run_failed: (input) => {
    const { run, sync } = input;
    if (says(input, 'failed') && run.failure)
      return foundOf('run_failed', sync, run, { message: run.failure.message });
    return overWhenCompleted(input);
  },
  consecutive_failures: (input, { failures = 1 }) => {
    const { run, sync, failuresInARow } = input;
    if (!says(input, 'failed') || !run.failure) return overWhenCompleted(input);
    if (failuresInARow < failures) return null;
    const found = { message: run.failure.message, failures: failuresInARow };
    return foundOf('consecutive_failures', sync, run, found, {
      observed: failuresInARow,
      expected: failures,
    });
  },
  error_rate: (input, { threshold = 0, minRows = 0 }) => {
    const { run, sync } = input;
    if (!says(input, 'completed')) return null;
    // Of rows that were refused once: that many are refused again says nothing about the sync. That none is does, where
    // they are those of the run that was told of, and not of one long before it.
    if (isAboutSomeRows(run))
      return run.rowsFailed === 0 && input.open.get('error_rate') === run.retryOf ? 'over' : null;
    if (run.rowsFailed === 0) return 'over';
    const rate = errorRate(run.rowsFailed, run.rowsProcessed);
    if (rate === null || run.rowsProcessed < minRows) return null;
    if (rate <= threshold) return 'over';
    return foundOf(
      'error_rate',
      sync,
      run,
      { run, rate, threshold },
      { observed: rate, expected: threshold },
    );
  },
  // It is opened while the run goes on. Others end meanwhile: those that are cancelled while they wait for it.
  run_stuck: ({ run, open }) => (open.get('run_stuck') === run.id ? 'over' : null),
  row_count_spike: (input) => opinionOfTrends('row_count_spike', input),
  row_count_drop: (input) => opinionOfTrends('row_count_drop', input),
  error_rate_increase: (input) => opinionOfTrends('error_rate_increase', input),
  duration_increase: (input) => opinionOfTrends('duration_increase', input),
  deletes_held: (input) => {
    const { run, sync } = input;
    if (saysAnything(input) && run.heldDeletes > 0)
      return foundOf('deletes_held', sync, run, { rows: run.heldDeletes }, { observed: run.heldDeletes });
    // Of all that vanished it looks at its own rows alone.
    return isAboutSomeRows(run) ? null : overWhenCompleted(input);
  },
  counter_mismatch: (input) => {
    const { run, sync } = input;
    if (!saysAnything(input) || run.counterMismatch === 0) return overWhenCompleted(input);
    const found = { difference: run.counterMismatch };
    return foundOf('counter_mismatch', sync, run, found, { observed: run.counterMismatch, expected: 0 });
  },
};

/** A retry of a part; "run again" is a run like any other. */
function isAboutSomeRows({ retryScope }: EndedRun): boolean {
  return retryScope !== null && retryScope !== 'all';
}

/** A cancelled run was somebody's wish, and a dry run sends nothing: neither does. */
function saysAnything({ run }: RunToJudge): boolean {
  return run.kind !== 'dry_run' && run.status !== 'cancelled';
}

function says(input: RunToJudge, status: 'completed' | 'failed'): boolean {
  return saysAnything(input) && input.run.status === status;
}

function overWhenCompleted(input: RunToJudge): Opinion {
  return says(input, 'completed') ? 'over' : null;
}

function opinionOfTrends(kind: keyof TrendVerdicts & RuleOfRuns, { trends, sync, run }: RunToJudge): Opinion {
  const verdict = trends[kind];
  if (!verdict) return null;
  if (verdict === 'usual') return 'over';
  const { baseline: expected, observed } = verdict.change;
  const found = foundOf(kind, sync, run, { observed, expected }, { observed, expected });
  return verdict.isNews ? found : { goesOn: found };
}
