// Owns the watch that removes old runs, row errors, their values and events, a chunk at a time. What may go is the database's to decide.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { beginRemovals } from '../../db/runs/begin-removals';
import { continueRemovals } from '../../db/runs/continue-removals';
import { beginRawValueRemovals, continueRawValueRemovals } from '../../db/runs/remove-raw-values';
import { removeSyncEvents } from '../../db/runs/remove-sync-events';
import type { Watch } from '../reconciler/reconciler';

/** How long history is kept after a run's end, days; 0: for ever. Each sync has its own say over the values in row errors. */
export interface Retention {
  /** Also how long an event is kept that belongs to a sync and to no run of it. */
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
  /** Runs whose row errors stay, without the values of their rows. */
  readonly rawValuesOfRuns: number;
  /** Events of syncs themselves. */
  readonly syncEvents: number;
  /** Rows of all tables, removed or written without their values. */
  readonly rows: number;
}

/** Removes what is old enough until nothing is left of it, or `signal` is aborted: then the rest is the next round's. */
export async function removeHistory(
  knex: Knex,
  { runDays, rowErrorDays }: Retention,
  signal: AbortSignal,
): Promise<RemovedHistory> {
  let removed: RemovedHistory = { runs: 0, rowErrorsOfRuns: 0, rawValuesOfRuns: 0, syncEvents: 0, rows: 0 };
  while (!signal.aborted) {
    const startedMs = performance.now();
    const chunk = await continueRemovals(knex);
    const values = chunk ? null : await continueRawValueRemovals(knex);
    if (chunk) {
      removed = {
        ...removed,
        runs: removed.runs + chunk.ended.run,
        rowErrorsOfRuns: removed.rowErrorsOfRuns + chunk.ended.row_errors,
        rows: removed.rows + chunk.rows,
      };
    } else if (values) {
      removed = {
        ...removed,
        rawValuesOfRuns: removed.rawValuesOfRuns + (values.ended ? 1 : 0),
        rows: removed.rows + values.rows,
      };
    } else if (!(await beginAny(knex, { runDays, rowErrorDays }))) {
      const events = runDays > 0 ? await removeSyncEvents(knex, runDays) : 0;
      if (events === 0) break;
      removed = { ...removed, syncEvents: removed.syncEvents + events, rows: removed.rows + events };
    }
    // As long a rest as the work took: runs that are under way have the database at least half of the time.
    await sleep(performance.now() - startedMs, undefined, { signal }).catch(() => undefined);
  }
  return removed;
}

/** Marks what is to go next; false when nothing is old enough. */
async function beginAny(knex: Knex, { runDays, rowErrorDays }: Retention): Promise<boolean> {
  if (runDays > 0 && (await beginRemovals(knex, 'run', runDays)).length > 0) return true;
  if (rowErrorDays > 0 && (await beginRemovals(knex, 'row_errors', rowErrorDays)).length > 0) return true;
  return (await beginRawValueRemovals(knex)).length > 0;
}

/** The watch over what is too old. */
export function historyWatch(knex: Knex, retention: Retention, log: HistoryLog): Watch {
  return {
    what: 'history',
    // Ages are in days: ten minutes more or less are no matter.
    everyMs: 600_000,
    async round(signal) {
      const removed = await removeHistory(knex, retention, signal);
      if (removed.rows > 0)
        log.info({ ...removed }, 'old runs, row errors, their values and events were removed');
      // Nothing that did not agree.
      return 0;
    },
  };
}
