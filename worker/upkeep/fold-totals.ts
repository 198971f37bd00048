// Owns the watch that keeps the totals of runs short to add up. How they are folded is the database's.
import type { Knex } from 'knex';
import { foldedAtOnce, foldRunTotals } from '../../db/runs/fold-run-totals';
import type { Watch } from '../reconciler/reconciler';

/** The watch over what has come and gone since the last fold. */
export function totalsWatch(knex: Knex): Watch {
  return {
    what: 'totals of runs',
    // A total is as exact unfolded. A thousand runs within this time are five thousand rows to add up, a millisecond.
    everyMs: 5_000,
    async round(signal) {
      while (!signal.aborted && (await foldRunTotals(knex)) === foldedAtOnce);
      // Nothing that did not agree.
      return 0;
    },
  };
}
