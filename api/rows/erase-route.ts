// Owns POST /syncs/{id}/rows/erase: one row goes from all that ended runs have left of it.
import type { Knex } from 'knex';
import { SyncActiveError } from '../../db/configuration/schedule-store';
import { eraseRow, RowStillMirroredError } from '../../db/erasure/erase-row';
import { TooManyReadingsError } from '../../db/views/row-story/story-runs';
import { ambiguousRowKey, rowStillMirrored, syncActive } from '../errors';
import { type Route, route } from '../route';
import { erasedRowAnswer } from './answers';
import { rowToErase } from './schema';

export function eraseRoute({ knex }: { readonly knex: Knex }): Route {
  return route({
    method: 'POST',
    path: '/syncs/:sync_id/rows/erase',
    scope: 'admin',
    tag: 'Row errors',
    summary: 'Erase one row from what runs of a sync have left of it',
    // In the body and not in the path: addresses stand in logs of proxies.
    body: rowToErase,
    answers: { 200: erasedRowAnswer },
    problems: ['not_found', 'sync_active', 'row_still_mirrored', 'unprocessable'],
    async handle({ workspaceId, tokenId, body, param }) {
      const row = { workspaceId, syncId: param('sync_id'), rowId: body.row_key, by: tokenId };
      try {
        const { rowErrors, snapshotParts } = await eraseRow(knex, row);
        return { body: { row_errors: rowErrors, snapshot_parts: snapshotParts } };
      } catch (error) {
        if (error instanceof SyncActiveError) throw syncActive(error.blockingRun);
        if (error instanceof RowStillMirroredError) throw rowStillMirrored();
        if (error instanceof TooManyReadingsError) throw ambiguousRowKey();
        throw error;
      }
    },
  });
}
