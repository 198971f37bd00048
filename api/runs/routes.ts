// Owns the routes that read runs: history, detail, row errors. Their events are beside them, in events/.
import type { Knex } from 'knex';
import type { SyncStore } from '../../db/configuration/sync-store';
import { rowErrors } from '../../db/views/row-errors-view';
import { type RunDetailView, runDetail } from '../../db/views/run-detail-view';
import { runHistory } from '../../db/views/run-history-view';
import { notFound } from '../errors';
import { paged, pageRequest } from '../paged';
import { type Route, route } from '../route';
import type { TemporalUi } from '../temporal-ui';
import { presentRowError, presentRun, presentRunDetail } from './presenter';
import { rowErrorsQuery, runHistoryQuery } from './schema';

export interface RunRoutesDependencies {
  readonly knex: Knex;
  readonly syncs: SyncStore;
  readonly temporalUi: TemporalUi | null;
}

export function runRoutes({ knex, syncs, temporalUi }: RunRoutesDependencies): Route[] {
  return [
    route({
      method: 'GET',
      path: '/syncs/:sync_id/runs',
      scope: 'read',
      query: runHistoryQuery,
      async handle({ workspaceId, query, param }) {
        const syncId = param('sync_id');
        await syncs.get(workspaceId, syncId);
        const request = pageRequest(query);
        const filter = {
          statuses: query.status,
          outcomes: query.outcome,
          triggers: query.trigger,
          kinds: query.kind,
          hasErrors: query.has_errors,
          startedAfter: query.started_after,
          startedBefore: query.started_before,
        };
        return {
          body: paged(await runHistory(knex, workspaceId, syncId, filter, request), request, presentRun),
        };
      },
    }),
    route({
      method: 'GET',
      path: '/syncs/:sync_id/runs/:run_id',
      scope: 'read',
      handle: async (request) => ({ body: presentRunDetail(await find(request), temporalUi) }),
    }),
    route({
      method: 'GET',
      path: '/syncs/:sync_id/runs/:run_id/errors',
      scope: 'read',
      query: rowErrorsQuery,
      async handle(request) {
        const { workspaceId, query } = request;
        const run = await find(request);
        const filter = { field: query.field, code: query.code, rowId: query.row_id, text: query.q };
        const found = await rowErrors(knex, workspaceId, run.id, filter, pageRequest(query));
        const { page, per_page } = query;
        return { body: { data: found.rows.map(presentRowError), total_errors: found.total, page, per_page } };
      },
    }),
  ];

  async function find(request: { workspaceId: string; param(name: string): string }): Promise<RunDetailView> {
    const syncId = request.param('sync_id');
    const run = await runDetail(knex, request.workspaceId, syncId, request.param('run_id'));
    if (!run) throw notFound('This run');
    return run;
  }
}
