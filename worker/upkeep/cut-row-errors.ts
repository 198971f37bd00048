// Owns the watch that cuts large groups of row errors into blocks, so that they are quick to search. How is the database's.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { cutNextGroup } from '../../db/ledger/row-error-blocks';
import type { Watch } from '../reconciler/reconciler';

/** The watch over groups that are stored and not cut yet. */
export function rowErrorBlocksWatch(knex: Knex): Watch {
  return {
    what: 'blocks of row errors',
    // Until then a search is as exact, and takes longer: some seconds are no matter.
    everyMs: 5_000,
    async round(signal) {
      while (!signal.aborted) {
        const startedMs = performance.now();
        if (!(await cutNextGroup(knex))) break;
        // As long a rest as the work took: runs have the database, and this process, at least half of the time.
        await sleep(performance.now() - startedMs, undefined, { signal }).catch(() => undefined);
      }
      // Nothing that did not agree.
      return 0;
    },
  };
}
