// Owns the routes of one run: its detail. Lists of runs are list-routes', row errors and events have folders beside.
import { type RunDetailView, runDetail } from '../../db/views/run-detail-view';
import { notFound } from '../errors';
import { printOf } from '../print-of';
import { type Route, route, type RouteAnswer } from '../route';
import type { TemporalUi } from '../../temporal/web-ui';
import { runDetailAnswer } from './answers';
import { listRoutes, type ListRoutesDependencies } from './list-routes';
import { presentRunDetail } from './presenter';

export interface RunRoutesDependencies extends ListRoutesDependencies {
  readonly temporalUi: TemporalUi | null;
}

export function runRoutes(deps: RunRoutesDependencies): Route[] {
  const { knex, temporalUi } = deps;
  return [
    ...listRoutes(deps),
    route({
      method: 'GET',
      path: '/syncs/:sync_id/runs/:run_id',
      scope: 'read',
      tag: 'Runs',
      summary: 'Show a run with its phases, performance, progress and what it ran with',
      answers: { 200: runDetailAnswer },
      problems: ['not_found'],
      handle: async (request) => answerDetail(await find(request), temporalUi),
    }),
  ];

  async function find(request: { workspaceId: string; param(name: string): string }): Promise<RunDetailView> {
    const syncId = request.param('sync_id');
    const run = await runDetail(knex, request.workspaceId, syncId, request.param('run_id'));
    if (!run) throw notFound('This run');
    return run;
  }
}

// What is shown of an open run is written every two seconds: asked more often, it tells nothing new.
const openRunRetryAfter = '2';

function answerDetail(run: RunDetailView, ui: TemporalUi | null): RouteAnswer {
  const body = presentRunDetail(run, ui);
  if (run.completedAt === null) return { body, headers: { 'Retry-After': openRunRetryAfter } };
  // The run itself stays as it is, what stands around it does not: the next run, removed row errors, an execution that a
  // reset has made, a token's name. So the tag is of all that is said. Caches may keep it, if they ask each time.
  const etag = printOf(JSON.stringify(body));
  return { body, etag, headers: { 'Cache-Control': 'private, no-cache' } };
}
