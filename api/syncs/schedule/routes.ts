// Owns the routes of a sync's schedule: read, written whole, removed.
import { findSchedule, putSchedule, removeSchedule } from '../../../db/configuration/schedule-store';
import type { StoredSync, SyncStore } from '../../../db/configuration/sync-store';
import { lastSlots } from '../../../db/views/last-slots-view';
import { notFound } from '../../errors';
import { type Route, route, type RouteAnswer } from '../../route';
import { applySoon, type ApplySoonDependencies, soon } from '../apply-soon';
import { assertScheduleMatch, etagOfSchedule } from '../etag';
import { scheduleAnswer } from './answers';
import { type AskedTimes, presentSchedule } from './presenter';
import { putScheduleBody, scheduleOf } from './schema';

export interface ScheduleRoutesDependencies extends ApplySoonDependencies {
  readonly syncs: SyncStore;
}

// Five say whether a cron does what was meant, weekends included.
const shownTimes = 5;
const shownSlots = 10;

export function scheduleRoutes(deps: ScheduleRoutesDependencies): Route[] {
  const { knex, syncs } = deps;
  return [
    route({
      method: 'GET',
      path: '/syncs/:sync_id/schedule',
      scope: 'read',
      tag: 'Schedules',
      summary: 'Read the schedule of a sync, its next times and what became of its last slots',
      answers: { 200: scheduleAnswer },
      problems: ['not_found'],
      async handle({ workspaceId, requestId, param }) {
        return shown(await syncs.get(workspaceId, param('sync_id')), requestId);
      },
    }),
    route({
      method: 'PUT',
      path: '/syncs/:sync_id/schedule',
      scope: 'write',
      tag: 'Schedules',
      summary: 'Write the whole schedule of a sync',
      body: putScheduleBody,
      answers: { 200: scheduleAnswer },
      problems: ['not_found', 'precondition_failed'],
      async handle({ workspaceId, tokenId, requestId, body, param, header }) {
        const { id: syncId } = await syncs.get(workspaceId, param('sync_id'));
        const put = { schedule: scheduleOf(body), overlapPolicy: body.overlap_policy, by: tokenId };
        await putSchedule(knex, { workspaceId, syncId }, put, (current) =>
          assertScheduleMatch(header('if-match'), current),
        );
        const isAnswered = await applySoon(deps, syncId, requestId);
        return shown(await syncs.get(workspaceId, syncId), requestId, isAnswered);
      },
    }),
    route({
      method: 'DELETE',
      path: '/syncs/:sync_id/schedule',
      scope: 'write',
      tag: 'Schedules',
      summary: 'Remove the schedule of a sync',
      answers: { 204: null },
      problems: ['not_found', 'precondition_failed'],
      async handle({ workspaceId, tokenId, requestId, param, header }) {
        const { id: syncId } = await syncs.get(workspaceId, param('sync_id'));
        await removeSchedule(knex, { workspaceId, syncId }, tokenId, (current) =>
          assertScheduleMatch(header('if-match'), current),
        );
        // Also when it was marked before: Temporal may have been away then.
        await applySoon(deps, syncId, requestId);
        return { status: 204, body: null };
      },
    }),
  ];

  /** `isAnswering` false: Temporal has just let a caller wait, and is not asked a second time. */
  async function shown(sync: StoredSync, requestId: string, isAnswering = true): Promise<RouteAnswer> {
    const { workspaceId, id: syncId } = sync;
    const stored = await findSchedule(knex, { workspaceId, syncId });
    if (!stored) throw notFound('A schedule of this sync');
    const [next, slots] = await Promise.all([
      isAnswering && nextTimes(deps, syncId, requestId),
      lastSlots(knex, syncId, shownSlots),
    ]);
    const body = presentSchedule(sync, stored, next || null, slots);
    return { etag: etagOfSchedule({ ...sync, schedule: stored.schedule }, body), body };
  }
}

/** From what fires them; empty when it has no schedule yet, null when it does not answer. */
async function nextTimes(
  { schedules, logger }: ApplySoonDependencies,
  syncId: string,
  requestId: string,
): Promise<AskedTimes> {
  const asked = schedules.look(syncId).then(
    (look) => (look?.paused ? [] : (look?.next ?? []).slice(0, shownTimes)),
    (error: unknown) => {
      logger.warn(
        { request_id: requestId, sync_id: syncId, err: error },
        'Temporal could not be asked for a schedule',
      );
      return null;
    },
  );
  return soon(asked);
}
