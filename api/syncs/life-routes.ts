// Owns the routes that pause, resume and delete a sync, and the one that reads its timeline.
import { deleteSync, pauseSync, resumeSync, SyncActiveError } from '../../db/configuration/schedule-store';
import type { SyncStore } from '../../db/configuration/sync-store';
import { syncEvents } from '../../db/views/sync-events-view';
import { syncActive } from '../errors';
import { presentEvent } from '../events/presenter';
import { paged, pageRequest } from '../paged';
import { type Route, route } from '../route';
import { applySoon, type ApplySoonDependencies } from './apply-soon';
import { presentSync } from './presenter';
import { pauseBody, syncEventsQuery } from './schedule-schema';

export interface LifeRoutesDependencies extends ApplySoonDependencies {
  readonly syncs: SyncStore;
}

export function lifeRoutes(deps: LifeRoutesDependencies): Route[] {
  const { knex, syncs } = deps;
  return [
    turn('pause', pauseSync),
    turn('resume', resumeSync),
    route({
      method: 'DELETE',
      path: '/syncs/:sync_id',
      scope: 'write',
      async handle({ workspaceId, tokenId, requestId, param }) {
        const syncId = param('sync_id');
        try {
          await deleteSync(knex, { workspaceId, syncId }, tokenId);
        } catch (error) {
          if (error instanceof SyncActiveError) throw syncActive(error.blockingRun);
          throw error;
        }
        await applySoon(deps, syncId, requestId);
        return { status: 204, body: null };
      },
    }),
    route({
      method: 'GET',
      path: '/syncs/:sync_id/events',
      scope: 'read',
      query: syncEventsQuery,
      async handle({ workspaceId, query, param }) {
        const syncId = param('sync_id');
        await syncs.get(workspaceId, syncId);
        const request = pageRequest(query);
        return { body: paged(await syncEvents(knex, workspaceId, syncId, request), request, presentEvent) };
      },
    }),
  ];

  /** Pause or resume: idempotent, answered with the sync as it is now. */
  function turn(word: 'pause' | 'resume', act: typeof pauseSync): Route {
    return route({
      method: 'POST',
      path: `/syncs/:sync_id/${word}`,
      scope: 'write',
      body: pauseBody,
      async handle({ workspaceId, tokenId, requestId, body, param }) {
        const syncId = param('sync_id');
        await act(knex, { workspaceId, syncId }, body.note, tokenId);
        await applySoon(deps, syncId, requestId);
        const sync = await syncs.get(workspaceId, syncId);
        return { body: presentSync(sync) };
      },
    });
  }
}
