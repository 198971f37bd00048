// Owns the words of alerts: incidents of a sync, what is kept of each, and what can become of it. Which runs earn one is
// judge-run's.
import type { FailureCode } from '../failure';
import type { RunOutcome, RunStatus, RunTrigger } from '../run';
import type { AlertKind, Severity } from './rules';

/** Derived from what is set: resolved, else acknowledged, else open. Muted is beside it. */
export const alertStates = ['open', 'acknowledged', 'resolved'] as const;
export type AlertState = (typeof alertStates)[number];

export const alertEventTypes = [
  'opened',
  'repeated',
  'reminded',
  'acknowledged',
  'muted',
  'unmuted',
  'resolved',
] as const;
export type AlertEventType = (typeof alertEventTypes)[number];

/** Facts of the run an alert or a notification is about. Times are RFC 3339; counts are rows. */
export interface RunFacts {
  readonly id: string;
  readonly status: RunStatus;
  readonly outcome: RunOutcome | null;
  readonly trigger: RunTrigger;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly durationMs: number | null;
  readonly rowsProcessed: number;
  readonly rowsCreated: number;
  readonly rowsUpdated: number;
  readonly rowsDeleted: number;
  readonly rowsFailed: number;
  readonly failure: { readonly code: FailureCode; readonly message: string } | null;
}

/** What is told of an alert as it was at its last occurrence. Holds no row data. */
export interface AlertDetail {
  /** One sentence: "Users → CRM failed: Destination authentication expired". */
  readonly sentence: string;
  /** What to do, most useful first; sentences. */
  readonly advice: readonly string[];
  /** Null: it is about no run. */
  readonly run: RunFacts | null;
  /** Where it lies, so far as that is known; null: in no single place of the workspace. */
  readonly about: AlertPlace | null;
  /** Of rules with a measure: rows, a share of 0 to 1, milliseconds, a number of runs. */
  readonly observed?: number;
  /** What it was expected to be, or the threshold. */
  readonly expected?: number;
  /** run_late: from which slot on nothing came, RFC 3339. */
  readonly dueAt?: string;
}

/** A part of the workspace that an alert is about: many syncs may share it. */
export interface AlertPlace {
  readonly kind: 'source' | 'model' | 'destination';
  readonly id: string;
  readonly name: string;
}

/** An alert as messages tell of it. */
export interface ToldAlert extends AlertDetail {
  readonly id: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly sync: { readonly id: string; readonly name: string };
  readonly occurrences: number;
  readonly openedAt: string;
  readonly lastSeenAt: string;
  readonly resolvedAt: string | null;
  /** The run that ended it, as `run` is the one it was last seen at; null: none did, or it goes on. */
  readonly resolvedRun: RunFacts | null;
  /** Whether a person resolved it, and not what happened. */
  readonly resolvedByHand: boolean;
}
