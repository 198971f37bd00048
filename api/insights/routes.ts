// Owns the routes that tell how syncs do: all of a workspace in one picture, one sync over time.
import type { Knex } from 'knex';
import type { SyncStore } from '../../db/configuration/sync-store';
import { timeFromNow } from '../../db/time-from-now';
import { openAlerts } from '../../db/views/alerts/open-alerts-view';
import { scheduleProgress } from '../../db/views/insights/schedule-progress-view';
import { syncHealth } from '../../db/views/insights/sync-health-view';
import { overdueSchedules } from '../../temporal/overdue-schedules';
import { type Route, route } from '../route';
import { syncHealthAnswer, trendsAnswer } from './answers';
import { presentSyncHealth, presentTrends } from './presenter';
import { syncHealthQuery, trendsQuery, usualDays, usualRuns, windowHours } from './schema';
import { trendsByDay, trendsByRun } from './trends';

export interface InsightRoutesDependencies {
  readonly knex: Knex;
  readonly syncs: SyncStore;
}

// Ten are as many as one can look after in a day.
const mostOffenders = 10;
const hourMs = 3_600_000;

export function insightRoutes({ knex, syncs }: InsightRoutesDependencies): Route[] {
  return [
    route({
      method: 'GET',
      path: '/insights/sync-health',
      scope: 'read',
      tag: 'Insights',
      summary: 'Tells how all syncs of the workspace did, against the period before',
      query: syncHealthQuery,
      answers: { 200: syncHealthAnswer },
      async handle({ workspaceId, query }) {
        const until = await timeFromNow(knex, 0);
        const period = { from: new Date(until.getTime() - windowHours[query.window] * hourMs), until };
        const [health, schedules, alerts] = await Promise.all([
          syncHealth(knex, workspaceId, period, mostOffenders),
          scheduleProgress(knex, workspaceId),
          openAlerts(knex, workspaceId),
        ]);
        const overdue = await overdueSchedules(schedules, until);
        return { body: presentSyncHealth(query.window, period, health, overdue, alerts) };
      },
    }),
    route({
      method: 'GET',
      path: '/syncs/:sync_id/trends',
      scope: 'read',
      tag: 'Insights',
      summary: 'Tells rows, error rate and duration of a sync by run or day, and what changed suddenly',
      query: trendsQuery,
      answers: { 200: trendsAnswer },
      async handle({ workspaceId, query, param }) {
        const syncId = param('sync_id');
        await syncs.assertHistory(workspaceId, syncId);
        const place = { workspaceId, syncId };
        const trends =
          query.by === 'run'
            ? await trendsByRun(knex, place, query.runs ?? usualRuns)
            : await trendsByDay(knex, place, query.days ?? usualDays, await timeFromNow(knex, 0));
        return { body: presentTrends(syncId, trends) };
      },
    }),
  ];
}
