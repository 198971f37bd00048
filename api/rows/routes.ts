// Owns the routes about single rows of a sync: what happened to one.
import type { Knex } from 'knex';
import type { SyncStore } from '../../db/configuration/sync-store';
import type { SecretKey } from '../../db/seal';
import { rowStory } from '../../db/views/row-story/row-story-view';
import { TooManyReadingsError } from '../../db/views/row-story/story-runs';
import { ambiguousRowKey } from '../errors';
import { Cursors } from '../lists/cursor';
import { addressOf, linkHeader, type ListAddress } from '../lists/paged';
import { type Route, route, type RouteAnswer } from '../route';
import { rowStoryAnswer } from './answers';
import { presentStoryEntry } from './presenter';
import { rowQuery, rowStoryQuery } from './schema';

export interface RowRoutesDependencies {
  readonly knex: Knex;
  /** Signs cursors. */
  readonly secretKey: SecretKey;
  readonly syncs: SyncStore;
}

export function rowRoutes({ knex, secretKey, syncs }: RowRoutesDependencies): Route[] {
  const about = {
    method: 'GET',
    scope: 'read',
    tag: 'Row errors',
    answers: { 200: rowStoryAnswer },
    problems: ['invalid_request', 'invalid_cursor', 'not_found', 'unprocessable'],
  } as const;
  return [
    route({
      ...about,
      path: '/syncs/:sync_id/rows/:row_key',
      summary: 'Tell what the runs of a sync did with one row',
      query: rowStoryQuery,
      handle: ({ workspaceId, query, param }) => {
        const rowId = param('row_key');
        const path = `/api/v1/syncs/${param('sync_id')}/rows/${encodeURIComponent(rowId)}`;
        return tell({ workspaceId, syncId: param('sync_id'), rowId }, { path, query: [] }, query);
      },
    }),
    route({
      ...about,
      path: '/syncs/:sync_id/rows',
      summary: 'Tell the same of a row whose key no path can hold',
      query: rowQuery,
      handle: ({ workspaceId, query, param }) => {
        const { row_key: rowId } = query;
        const address = {
          path: `/api/v1/syncs/${param('sync_id')}/rows`,
          query: [['row_key', rowId]] as const,
        };
        return tell({ workspaceId, syncId: param('sync_id'), rowId }, address, query);
      },
    }),
  ];

  async function tell(
    row: { readonly workspaceId: string; readonly syncId: string; readonly rowId: string },
    address: ListAddress,
    { per_page: perPage, cursor }: { readonly per_page: number; readonly cursor?: string | undefined },
  ): Promise<RouteAnswer> {
    await syncs.assertHistory(row.workspaceId, row.syncId);
    const cursors = new Cursors(secretKey, JSON.stringify(['row story', row]));
    const before = cursor === undefined ? null : cursors.decode<number>(cursor).mark;
    const story = await rowStory(knex, { ...row, before, mostEntries: perPage }).catch(asProblem);
    const next = story.next === null ? null : cursors.encode({ way: 'after', mark: story.next });
    return {
      headers: {
        Link: linkHeader({
          first: addressOf(address, { per_page: perPage }),
          prev: null,
          next: next && addressOf(address, { cursor: next, per_page: perPage }),
        }),
      },
      body: {
        row_id: row.rowId,
        snapshot: { state: story.snapshot },
        data: story.entries.map(presentStoryEntry),
        runs_looked_at: story.runsLookedAt,
        pagination: { per_page: perPage, next_cursor: next },
      },
    };
  }
}

function asProblem(error: unknown): never {
  throw error instanceof TooManyReadingsError ? ambiguousRowKey() : error;
}
