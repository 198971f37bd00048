// Owns POST /syncs/{id}/trigger: the run's row first, then its workflow. A trigger survives an outage of Temporal.
import { enqueueRun } from '../../db/runs/run-queue';
import { type Route, route } from '../route';
import { launchedRunAnswer } from '../runs/answers';
import { type LaunchDependencies, launchRun } from '../runs/launch-run';
import { newTrigger } from './schema';

export function triggerRoute(deps: LaunchDependencies): Route {
  const { knex, syncs } = deps;
  return route({
    method: 'POST',
    path: '/syncs/:sync_id/trigger',
    scope: 'trigger',
    tag: 'Runs',
    summary: 'Trigger a run of a sync',
    answers: { 202: launchedRunAnswer },
    limit: 'triggers',
    body: newTrigger,
    problems: ['not_found', 'queue_full'],
    async handle({ workspaceId, tokenId, requestId, body, param }) {
      const sync = await syncs.get(workspaceId, param('sync_id'));
      const { kind, note, allow_deletes: allowDeletes } = body;
      const choice = { trigger: 'api', kind, note } as const;
      const place = { workspaceId, syncId: sync.id, triggeredBy: tokenId, allowDeletes };
      const queued = await enqueueRun(knex, { ...choice, ...place });
      return launchRun(deps, sync, queued, { ...choice, requestId });
    },
  });
}
