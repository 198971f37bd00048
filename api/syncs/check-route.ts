// Owns POST /syncs/{id}/check: whether the sync could run now, found out by looking. Nothing is written anywhere.
import type { ModelStore } from '../../db/configuration/model-store';
import type { SyncStore } from '../../db/configuration/sync-store';
import { checkAnswer } from '../answers';
import type { Inspector } from '../configuration/inspector';
import { type Route, route } from '../route';
import { inspectSync } from './inspect-sync';

export interface SyncCheckRouteDependencies {
  readonly syncs: SyncStore;
  readonly models: ModelStore;
  readonly inspector: Inspector;
}

export function syncCheckRoute({ syncs, models, inspector }: SyncCheckRouteDependencies): Route {
  return route({
    method: 'POST',
    path: '/syncs/:sync_id/check',
    scope: 'write',
    isSafe: true,
    tag: 'Syncs',
    summary: 'Check that a sync could run: connect to both ends, compare its mapping with what is there',
    answers: { 200: checkAnswer },
    problems: ['not_found', 'inspection_unavailable'],
    async handle({ workspaceId, param }) {
      const sync = await syncs.get(workspaceId, param('sync_id'));
      const model = await models.find(workspaceId, sync.modelId);
      if (!model) throw new Error(`model ${sync.modelId} of sync ${sync.id} does not exist`);
      const beganAt = performance.now();
      const checks = await inspectSync(inspector, sync, model);
      const durationMs = Math.round(performance.now() - beganAt);
      return { body: { ok: checks.every(({ ok }) => ok), checks, duration_ms: durationMs } };
    },
  });
}
