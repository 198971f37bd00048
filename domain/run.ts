// Owns the words of a run: its status, outcome, trigger and kind. The rules between them live beside it.

/** The page's five statuses; the same strings on the wire, in Postgres and here. */
export const runStatuses = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** Statuses that never change again. */
export const finalStatuses = ['completed', 'failed', 'cancelled'] as const;
export type FinalStatus = (typeof finalStatuses)[number];

/** The finer truth of a finished run; null until it has ended. */
export const runOutcomes = [
  'no_changes',
  'clean',
  'with_row_errors',
  'planned',
  'nothing_applied',
  'partial',
] as const;
export type RunOutcome = (typeof runOutcomes)[number];

/** What initiated a run. `manual` is for a person at web pages, of which there are none yet; `api` is a token. */
export const runTriggers = ['schedule', 'manual', 'api'] as const;
export type RunTrigger = (typeof runTriggers)[number];

/** `full_resync` offers every row again; `dry_run` plans and counts, and sends nothing. */
export const runKinds = ['normal', 'full_resync', 'dry_run'] as const;
export type RunKind = (typeof runKinds)[number];

/** Which rows of a run its retry is about: every row anew, those refused, those never sent or never answered. */
export const retryScopes = ['all', 'failed', 'not_attempted'] as const;
export type RetryScope = (typeof retryScopes)[number];
