// Owns the routes that list runs: the history of one sync, and the runs of all.
import type { Knex } from 'knex';
import type { SyncStore } from '../../db/configuration/sync-store';
import type { WalkPlace } from '../../db/page';
import type { SecretKey } from '../../db/seal';
import { type RunList, runsFrom, runsOnPage } from '../../db/views/run-history-view';
import type { RunMark } from '../../db/views/run-list/run-order';
import { pageAnswer, pageRequest, walkAnswer } from '../lists/paged';
import { type Route, route, type RouteAnswer } from '../route';
import { runListAnswer } from './answers';
import { canonicalQuery, filterOf, orderOf } from './list-query';
import { presentRun } from './presenter';
import { type RunsQuery, runsQuery, syncRunsQuery } from './schema';

export interface ListRoutesDependencies {
  readonly knex: Knex;
  /** Signs cursors. */
  readonly secretKey: SecretKey;
  readonly syncs: SyncStore;
}

export function listRoutes({ knex, secretKey, syncs }: ListRoutesDependencies): Route[] {
  return [
    route({
      method: 'GET',
      path: '/syncs/:sync_id/runs',
      scope: 'read',
      tag: 'Runs',
      summary: 'List the runs of a sync, newest first',
      query: syncRunsQuery,
      answers: { 200: runListAnswer },
      problems: ['invalid_request', 'invalid_cursor', 'not_found'],
      async handle({ workspaceId, query, param }) {
        const syncId = param('sync_id');
        await syncs.assertHistory(workspaceId, syncId);
        return list({ workspaceId, syncId }, `/api/v1/syncs/${syncId}/runs`, query);
      },
    }),
    route({
      method: 'GET',
      path: '/runs',
      scope: 'read',
      tag: 'Runs',
      summary: 'List the runs of all syncs, newest first',
      query: runsQuery,
      answers: { 200: runListAnswer },
      problems: ['invalid_request', 'invalid_cursor'],
      handle: ({ workspaceId, query }) => list({ workspaceId, syncId: null }, '/api/v1/runs', query),
    }),
  ];

  async function list(
    scope: Pick<RunList, 'workspaceId' | 'syncId'>,
    path: string,
    query: RunsQuery,
  ): Promise<RouteAnswer> {
    const address = { path, query: canonicalQuery(query) };
    const runs: RunList = { ...scope, filter: filterOf(query), order: orderOf(query.sort) };
    if (query.cursor === undefined) {
      const request = pageRequest(query);
      return pageAnswer(await runsOnPage(knex, runs, request), request, presentRun, address);
    }
    const { workspaceId } = scope;
    const walk = { secretKey, workspaceId, list: address, cursor: query.cursor, perPage: query.per_page };
    return walkAnswer(
      walk,
      (place: WalkPlace<RunMark>) => runsFrom(knex, runs, place, query.per_page),
      presentRun,
    );
  }
}
