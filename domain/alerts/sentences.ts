// Owns the sentence of each rule: what it has found of one sync. What a whole message says is words'.
import type { RunFacts } from './alert';
import { counted, inPercent, inTime, inUtc, inWords } from './figures';
import type { AlertKind } from './rules';

/** What the rule of each kind found. */
export interface Finding {
  readonly run_failed: { readonly message: string };
  readonly consecutive_failures: { readonly message: string; readonly failures: number };
  readonly error_rate: { readonly run: RunFacts; readonly rate: number; readonly threshold: number };
  readonly run_late: { readonly dueAt: string } | { readonly missed: number };
  readonly run_stuck: { readonly quietSince: string };
  readonly row_count_spike: Measured;
  readonly row_count_drop: Measured;
  readonly error_rate_increase: Measured;
  readonly duration_increase: Measured;
  readonly deletes_held: { readonly rows: number };
  readonly counter_mismatch: { readonly difference: number };
  readonly schedule_paused: { readonly pausedMs: number };
}

interface Measured {
  readonly observed: number;
  readonly expected: number;
}

const saysWhat: { readonly [Kind in AlertKind]: (found: Finding[Kind]) => string } = {
  run_failed: ({ message }) => ` failed: ${message}`,
  consecutive_failures: ({ message, failures }) =>
    ` has failed ${inWords(failures)} times in a row: ${message}`,
  error_rate: ({ run, rate, threshold }) =>
    `: ${inPercent(rate)} of the rows failed (${inWords(run.rowsFailed)} of ${inWords(run.rowsProcessed)}), more than ${inPercent(threshold)}`,
  run_late: (found) =>
    'missed' in found
      ? ` has missed ${counted(found.missed, 'scheduled run')}`
      : ` is late: the run of ${inUtc(found.dueAt)} has not started`,
  run_stuck: ({ quietSince }) => ` is stuck: its run has made no progress since ${inUtc(quietSince)}`,
  row_count_spike: ({ observed, expected }) => ` read far more rows than usual: ${rows(observed, expected)}`,
  row_count_drop: ({ observed, expected }) => ` read far fewer rows than usual: ${rows(observed, expected)}`,
  error_rate_increase: ({ observed, expected }) =>
    `: far more rows failed than usual: ${inPercent(observed)} instead of ${inPercent(expected)}`,
  duration_increase: ({ observed, expected }) =>
    ` took far longer than usual: ${inTime(observed)} instead of ${inTime(expected)}`,
  deletes_held: ({ rows: held }) =>
    ` holds ${counted(held, 'delete')} back: so many rows at once are not deleted unless a run allows it`,
  counter_mismatch: ({ difference }) =>
    `: the counters of a run do not add up: ${counted(Math.abs(difference), 'row')} ${difference > 0 ? 'unaccounted for' : 'counted twice'}`,
  schedule_paused: ({ pausedMs }) => ` has been paused for ${inTime(pausedMs)}`,
};

function rows(observed: number, expected: number): string {
  return `${inWords(observed)} instead of ${inWords(Math.round(expected))}`;
}

/** What the rule has found of the sync: "Users → CRM failed: Destination authentication expired". */
export function sentenceOf<Kind extends AlertKind>(
  kind: Kind,
  syncName: string,
  found: Finding[Kind],
): string {
  return `${syncName}${saysWhat[kind](found)}`;
}
