// Owns the watch that removes previews nobody has come for: whoever asked went away, or its process did.
import type { Knex } from 'knex';
import { removeExpiredPreviews } from '../../db/preview-store';
import type { Watch } from '../reconciler/reconciler';

export function previewWatch(knex: Knex): Watch {
  return {
    what: 'previews',
    // They may be two minutes old: what is left of one is gone within three.
    everyMs: 60_000,
    async round() {
      await removeExpiredPreviews(knex);
      // Nothing that did not agree.
      return 0;
    },
  };
}
