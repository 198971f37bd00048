// Owns POST …/runs/{run_id}/retry: a new run for all or some rows of an ended one, queued and launched as a trigger is.
import { enqueueRetry, RetryRefusedError } from '../../db/runs/enqueue-retry';
import { notFound, retryRefused } from '../errors';
import { type Route, route } from '../route';
import { launchedRunAnswer } from './answers';
import { type LaunchDependencies, launchRun } from './launch-run';
import { newRetry } from './schema';

export function retryRoute(deps: LaunchDependencies): Route {
  const { knex, syncs } = deps;
  return route({
    method: 'POST',
    path: '/syncs/:sync_id/runs/:run_id/retry',
    scope: 'trigger',
    tag: 'Runs',
    summary: 'Retry a run: a new run for all or some of its rows',
    answers: { 202: launchedRunAnswer },
    problems: [
      'invalid_request',
      'not_found',
      'queue_full',
      'run_not_finished',
      'nothing_to_retry',
      'retry_scope_lost',
    ],
    limit: 'triggers',
    body: newRetry,
    async handle({ workspaceId, tokenId, requestId, body, param }) {
      const sync = await syncs.get(workspaceId, param('sync_id'));
      const { kind, note, scope, allow_deletes: allowDeletes } = body;
      const retryOf = param('run_id');
      const choice = { trigger: 'api', kind, note, retryOf } as const;
      const place = { workspaceId, syncId: sync.id, triggeredBy: tokenId, allowDeletes, scope };
      const queued = await enqueueRetry(knex, { ...choice, ...place }).catch(asProblem);
      if (!queued) throw notFound('This run');
      return launchRun(deps, sync, queued, { ...choice, requestId });
    },
  });
}

function asProblem(error: unknown): never {
  if (error instanceof RetryRefusedError) throw retryRefused(error.refusal, error.message, error.status);
  throw error;
}
