// Owns the watch that removes old alerts and deliveries. Which those are is the database's to say.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { removeAlerts } from '../../db/alerts/remove-alerts';
import type { Watch } from '../reconciler/reconciler';

/** The watch over alerts that were resolved, and deliveries that ended, more than `days` ago; 0: they stay for ever. */
export function oldAlertsWatch(knex: Knex, days: number): Watch {
  return {
    what: 'old alerts',
    // Ages are in days: ten minutes more or less are no matter.
    everyMs: 600_000,
    async round(signal) {
      if (days === 0) return 0;
      while (!signal.aborted) {
        const startedMs = performance.now();
        const { deliveries, alerts } = await removeAlerts(knex, days);
        if (deliveries + alerts === 0) break;
        // As long a rest as the work took: runs have the database at least half of the time.
        await sleep(performance.now() - startedMs, undefined, { signal }).catch(() => undefined);
      }
      // Nothing that did not agree.
      return 0;
    },
  };
}
