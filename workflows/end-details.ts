// Owns the words the Temporal Web UI shows of a run that has ended. Pure.
import type { RunCounts } from '../domain/counts';
import type { SyncRunResult } from './messages';

/** What happened to rows, in the order a reader asks; those with no row are left out. */
const told = [
  ['created', 'created'],
  ['updated', 'updated'],
  ['deleted', 'deleted'],
  ['failed', 'failed'],
  ['unchanged', 'unchanged'],
  ['skipped', 'skipped'],
  ['notAttempted', 'not attempted'],
  ['unknown', 'unknown'],
] as const satisfies readonly (readonly [keyof RunCounts, string])[];

/** `completed (with_row_errors): 40 rows read, 39 created, 1 failed`, and why a failed run failed. */
export function endDetails(
  { status, outcome, counts }: Omit<SyncRunResult, 'runId'>,
  because: string | null,
): string {
  const rows = told.flatMap(([name, word]) => (counts[name] > 0 ? [`${counts[name]} ${word}`] : []));
  const sentence = [`${counts.processed} rows read`, ...rows].join(', ');
  return `${status} (${outcome}): ${because ? `${because}; ` : ''}${sentence}`;
}
