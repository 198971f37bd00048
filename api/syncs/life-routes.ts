// Owns the routes that pause, resume and delete a sync, and the one that reads its timeline.
import { deleteSync, pauseSync, resumeSync, SyncActiveError } from '../../db/configuration/schedule-store';
import { SyncStore } from '../../db/configuration/sync-store';
import { syncEvents } from '../../db/views/sync-events-view';
import { syncActive } from '../errors';
import { presentEvent } from '../events/presenter';
import { paged, pageRequest } from '../lists/paged';
import { type Route, route } from '../route';
import { syncAnswer, syncEventsAnswer } from './answers';
import { applySoon, type ApplySoonDependencies } from './apply-soon';
import { assertSyncMatch } from './etag';
import { presentSync } from './presenter';
import { pauseBody, syncEventsQuery } from './schedule/schema';

export interface LifeRoutesDependencies extends ApplySoonDependencies {
  readonly syncs: SyncStore;
}

export function lifeRoutes(deps: LifeRoutesDependencies): Route[] {
  const { knex, syncs } = deps;
  return [
    turn('pause', 'Pause the schedule of a sync', pauseSync),
    turn('resume', 'Resume the schedule of a sync', resumeSync),
    route({
      method: 'DELETE',
      path: '/syncs/:sync_id',
      scope: 'write',
      tag: 'Syncs',
      summary: 'Delete a sync and its schedule',
      answers: { 204: null },
      problems: ['not_found', 'precondition_failed', 'sync_active'],
      async handle({ workspaceId, tokenId, requestId, param, header }) {
        const syncId = param('sync_id');
        const ifMatch = header('if-match');
        try {
          await deleteSync(knex, { workspaceId, syncId }, tokenId, async (trx) => {
            if (ifMatch !== '') assertSyncMatch(ifMatch, await new SyncStore(trx).get(workspaceId, syncId));
          });
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
      tag: 'Syncs',
      summary: 'List what happened to a sync itself, newest first',
      query: syncEventsQuery,
      answers: { 200: syncEventsAnswer },
      problems: ['not_found'],
      async handle({ workspaceId, query, param }) {
        const syncId = param('sync_id');
        await syncs.assertHistory(workspaceId, syncId);
        const request = pageRequest(query);
        return { body: paged(await syncEvents(knex, workspaceId, syncId, request), request, presentEvent) };
      },
    }),
  ];

  /** Pause or resume: idempotent, answered with the sync as it is now. */
  function turn(word: 'pause' | 'resume', summary: string, act: typeof pauseSync): Route {
    return route({
      method: 'POST',
      path: `/syncs/:sync_id/${word}`,
      scope: 'write',
      tag: 'Schedules',
      summary,
      body: pauseBody,
      answers: { 200: syncAnswer },
      problems: ['not_found'],
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
