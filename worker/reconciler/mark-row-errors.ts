// Owns the watch that makes the row errors of large runs quick to search, group after group. What is made is the database's.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { markNextGroup } from '../../db/ledger/row-error-blocks';
import type { Watch } from './reconciler';

/** The watch over groups of row errors that have ended without marks. */
export function rowErrorMarksWatch(knex: Knex): Watch {
  return {
    what: 'marks of row errors',
    // Until then a search is as exact, and takes longer: some seconds are no matter.
    everyMs: 5_000,
    async round(signal) {
      while (!signal.aborted) {
        const startedMs = performance.now();
        if (!(await markNextGroup(knex))) break;
        // As long a rest as the work took: runs have the database, and this process, at least half of the time.
        await sleep(performance.now() - startedMs, undefined, { signal }).catch(() => undefined);
      }
      // Nothing that did not agree.
      return 0;
    },
  };
}
