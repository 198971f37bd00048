// Owns the routes that read runs: history, detail, events.
import type { Knex } from 'knex';
import type { SyncStore } from '../../db/configuration/sync-store';
import { type RunDetailView, runDetail } from '../../db/views/run-detail-view';
import { runEvents } from '../../db/views/run-events-view';
import { runHistory } from '../../db/views/run-history-view';
import { notFound } from '../errors';
import { paged, pageRequest } from '../paged';
import { type Route, route } from '../route';
import type { TemporalUi } from '../temporal-ui';
import { presentEvent, presentRun, presentRunDetail } from './presenter';
import { runHistoryQuery } from './schema';

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
      path: '/syncs/:sync_id/runs/:run_id/events',
      scope: 'read',
      async handle(request) {
        const run = await find(request);
        return { body: { data: (await runEvents(knex, request.workspaceId, run.id)).map(presentEvent) } };
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
