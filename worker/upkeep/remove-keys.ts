// Owns the watch that removes idempotency keys whose answers are not kept any longer. Which those are is the database's to
// say.
import type { Knex } from 'knex';
import { removeOldKeys } from '../../db/idempotency/idempotency-store';
import type { Watch } from '../reconciler/reconciler';

// Some ten milliseconds each: answers have a kilobyte or two.
const chunk = 1_000;

/** The watch over old keys. */
export function keysWatch(knex: Knex, most = chunk): Watch {
  return {
    what: 'idempotency keys',
    // They are not answered for any more, removed or not: ten minutes more or less are no matter.
    everyMs: 600_000,
    async round(signal) {
      while (!signal.aborted && (await removeOldKeys(knex, most)) === most);
      // Nothing that did not agree.
      return 0;
    },
  };
}
