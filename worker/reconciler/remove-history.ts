// Owns the watch that removes old runs and row errors, a chunk at a time. What may go is the database's to decide.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { beginRemovals } from '../../db/runs/begin-removals';
import { continueRemovals } from '../../db/runs/continue-removals';
import type { Watch } from './reconciler';

/** How long history is kept after a run's end, days; 0: for ever. */
export interface Retention {
  readonly runDays: number;
  readonly rowErrorDays: number;
}

export interface HistoryLog {
  info(fields: Record<string, unknown>, message: string): void;
}

/** What a round removed. */
export interface RemovedHistory {
  readonly runs: number;
  /** Runs that stay, without their row errors. */
  readonly rowErrorsOfRuns: number;
  readonly rows: number;
}

/** Removes what is old enough until nothing is left of it, or `signal` is aborted: then the rest is the next round's. */
export async function removeHistory(
  knex: Knex,
  { runDays, rowErrorDays }: Retention,
  signal: AbortSignal,
): Promise<RemovedHistory> {
  let removed: RemovedHistory = { runs: 0, rowErrorsOfRuns: 0, rows: 0 };
  while (!signal.aborted) {
    const startedMs = performance.now();
    const chunk = await continueRemovals(knex);
    if (chunk) {
      removed = {
        runs: removed.runs + chunk.ended.run,
        rowErrorsOfRuns: removed.rowErrorsOfRuns + chunk.ended.row_errors,
        rows: removed.rows + chunk.rows,
      };
    } else {
      const begun = runDays > 0 ? await beginRemovals(knex, 'run', runDays) : [];
      if (begun.length === 0 && rowErrorDays > 0)
        begun.push(...(await beginRemovals(knex, 'row_errors', rowErrorDays)));
      if (begun.length === 0) break;
    }
    // As long a rest as the work took: runs that are under way have the database at least half of the time.
    await sleep(performance.now() - startedMs, undefined, { signal }).catch(() => undefined);
  }
  return removed;
}

/** The watch over what is too old. */
export function historyWatch(knex: Knex, retention: Retention, log: HistoryLog): Watch {
  return {
    what: 'history',
    // Ages are in days: ten minutes more or less are no matter.
    everyMs: 600_000,
    async round(signal) {
      const removed = await removeHistory(knex, retention, signal);
      if (removed.rows > 0) log.info({ ...removed }, 'old runs and row errors were removed');
      // Nothing that did not agree.
      return 0;
    },
  };
}
