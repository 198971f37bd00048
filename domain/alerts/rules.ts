// Owns the rules of alerts: their kinds, how grave each is, what can be set of it, and what holds where nothing was set.
import type { AnomalyKind } from '../trends/anomaly';

/** `run_completed` is a notification and opens no alert; all others open one for each sync. */
export const alertRuleKinds = [
  'run_completed',
  'run_failed',
  'error_rate',
  'consecutive_failures',
  'run_late',
  'run_stuck',
  'row_count_spike',
  'row_count_drop',
  'error_rate_increase',
  'duration_increase',
  'deletes_held',
  'counter_mismatch',
  'schedule_paused',
] as const;
export type AlertRuleKind = (typeof alertRuleKinds)[number];
export type AlertKind = Exclude<AlertRuleKind, 'run_completed'>;
export const alertKinds = alertRuleKinds.filter((kind): kind is AlertKind => kind !== 'run_completed');

/** Those that the trends find (domain/trends). */
export const anomalyRules = [
  'row_count_spike',
  'row_count_drop',
  'error_rate_increase',
  'duration_increase',
] as const satisfies readonly AnomalyKind[];

/** Those whose alerts go on by themselves: time passes, and that is all there is to see of it. */
export const clockRules = [
  'run_late',
  'run_stuck',
  'schedule_paused',
] as const satisfies readonly AlertKind[];

export type Severity = 'warning' | 'critical';

export const severityOf: Readonly<Record<AlertKind, Severity>> = {
  run_failed: 'critical',
  error_rate: 'warning',
  consecutive_failures: 'critical',
  run_late: 'warning',
  run_stuck: 'critical',
  row_count_spike: 'warning',
  row_count_drop: 'warning',
  error_rate_increase: 'warning',
  duration_increase: 'warning',
  deletes_held: 'warning',
  counter_mismatch: 'critical',
  schedule_paused: 'warning',
};

/** What can be set of a rule; each kind has some of these, with a default for each. */
export interface RuleSettings {
  /** error_rate: share of the rows processed that failed, 0 to 1, above which it is told. */
  readonly threshold?: number;
  /** error_rate: runs of fewer rows say nothing. */
  readonly minRows?: number;
  /** consecutive_failures: how many in a row. */
  readonly failures?: number;
  /** schedule_paused: after how many days. */
  readonly days?: number;
  /** All that open alerts: an alert that goes on is told again at most so often, hours; 0: never. */
  readonly remindHours?: number;
}

export interface AlertRule {
  readonly kind: AlertRuleKind;
  readonly enabled: boolean;
  readonly settings: RuleSettings;
  /** Channels it is told on; null: all of the workspace. */
  readonly channelIds: readonly string[] | null;
}

/** What holds for a sync, rule by rule. */
export type EffectiveRules = Readonly<Record<AlertRuleKind, AlertRule>>;

/** The page's thresholds: 1 %, and runs that fail are told. A day between reminders: once a shift is noise, never is forgotten. */
const remind = { remindHours: 24 };

export const defaultRules: EffectiveRules = {
  run_completed: rule('run_completed', {}, false),
  run_failed: rule('run_failed', remind),
  // Of fewer than a hundred rows one that fails is a percent.
  error_rate: rule('error_rate', { threshold: 0.01, minRows: 100, ...remind }),
  consecutive_failures: rule('consecutive_failures', { failures: 3, ...remind }),
  run_late: rule('run_late', remind),
  run_stuck: rule('run_stuck', remind),
  row_count_spike: rule('row_count_spike', remind),
  row_count_drop: rule('row_count_drop', remind),
  error_rate_increase: rule('error_rate_increase', remind),
  duration_increase: rule('duration_increase', remind),
  deletes_held: rule('deletes_held', remind),
  counter_mismatch: rule('counter_mismatch', remind),
  // A week: holidays are shorter than what was forgotten.
  schedule_paused: rule('schedule_paused', { days: 7, remindHours: 168 }),
};

function rule(kind: AlertRuleKind, settings: RuleSettings, enabled = true): AlertRule {
  return { kind, enabled, settings, channelIds: null };
}

/** What holds for a sync: its own rule, else the workspace's, else everybody's. Settings that were not given are everybody's. */
export function effectiveRule(
  kind: AlertRuleKind,
  ofWorkspace: AlertRule | undefined,
  ofSync: AlertRule | undefined,
): AlertRule {
  const base = defaultRules[kind];
  const given = ofSync ?? ofWorkspace;
  return given ? { ...given, settings: { ...base.settings, ...given.settings } } : base;
}
