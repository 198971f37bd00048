// Owns the routes of alerts: the incidents of a workspace, and what people do to them.
import type { Knex } from 'knex';
import {
  acknowledgeAlert,
  type ActAuthor,
  AlertNotFoundError,
  type AlertPlace,
  AlertResolvedError,
  muteAlert,
  resolveAlert,
  unmuteAlert,
} from '../../../db/alerts/alert-acts';
import type { WalkPlace } from '../../../db/page';
import type { SecretKey } from '../../../db/seal';
import { type AlertMark, alertsFrom, alertsOnPage } from '../../../db/views/alerts/alert-list-view';
import { alertEvents, findAlert } from '../../../db/views/alerts/alert-view';
import { alertResolved, notFound } from '../../errors';
import { pageAnswer, pageRequest, walkAnswer } from '../../lists/paged';
import { type Route, route, type RouteAnswer } from '../../route';
import { alertDetailAnswer, alertListAnswer } from './answers';
import { canonicalQuery, filterOf } from './list-query';
import { presentAlert, presentAlertDetail } from './presenter';
import { actBody, alertsQuery, muteBody } from './schema';

export interface IncidentRoutesDependencies {
  readonly knex: Knex;
  /** Signs cursors. */
  readonly secretKey: SecretKey;
}

const tag = 'Alerts';
// An alert that goes on for weeks has hundreds; what matters of them is what was last.
const mostEvents = 100;

export function incidentRoutes({ knex, secretKey }: IncidentRoutesDependencies): Route[] {
  return [
    route({
      method: 'GET',
      path: '/alerts',
      scope: 'read',
      tag,
      summary: 'List the alerts of all syncs, newest first',
      query: alertsQuery,
      answers: { 200: alertListAnswer },
      problems: ['invalid_cursor'],
      async handle({ workspaceId, query }) {
        const list = { workspaceId, filter: filterOf(query) };
        const address = { path: '/api/v1/alerts', query: canonicalQuery(query) };
        if (query.cursor === undefined) {
          const request = pageRequest(query);
          return pageAnswer(await alertsOnPage(knex, list, request), request, presentAlert, address);
        }
        return walkAnswer(
          { secretKey, workspaceId, list: address, cursor: query.cursor, perPage: query.per_page },
          (place: WalkPlace<AlertMark>) => alertsFrom(knex, list, place, query.per_page),
          presentAlert,
        );
      },
    }),
    route({
      method: 'GET',
      path: '/alerts/:alert_id',
      scope: 'read',
      tag,
      summary: 'Show an alert with what became of it, and by whom',
      answers: { 200: alertDetailAnswer },
      problems: ['not_found'],
      handle: ({ workspaceId, param }) => shown({ workspaceId, alertId: param('alert_id') }),
    }),
    act('acknowledge', 'Acknowledge an alert: somebody is at it, and it is not told again', acknowledgeAlert),
    route({
      method: 'POST',
      path: '/alerts/:alert_id/mute',
      scope: 'write',
      tag,
      summary: 'Mute an alert until a time: nobody is told of it meanwhile',
      body: muteBody,
      answers: { 200: alertDetailAnswer },
      problems: ['not_found', 'alert_resolved'],
      async handle({ workspaceId, tokenId, body: { until, hours = 0, note }, param }) {
        const place = { workspaceId, alertId: param('alert_id') };
        const span = until ? { until } : { hours };
        await muteAlert(knex, place, span, { by: tokenId, note }).catch(asProblem);
        return shown(place);
      },
    }),
    act('unmute', 'Unmute an alert: it is told again', unmuteAlert),
    act('resolve', 'Resolve an alert; what caused it opens another one when it comes again', resolveAlert),
  ];

  function act(
    name: string,
    summary: string,
    does: (knex: Knex, place: AlertPlace, author: ActAuthor) => Promise<void>,
  ): Route {
    return route({
      method: 'POST',
      path: `/alerts/:alert_id/${name}`,
      scope: 'write',
      tag,
      summary,
      body: actBody,
      answers: { 200: alertDetailAnswer },
      problems: ['not_found', ...(name === 'acknowledge' ? (['alert_resolved'] as const) : [])],
      async handle({ workspaceId, tokenId, body: { note }, param }) {
        const place = { workspaceId, alertId: param('alert_id') };
        await does(knex, place, { by: tokenId, note }).catch(asProblem);
        return shown(place);
      },
    });
  }

  async function shown({ workspaceId, alertId }: AlertPlace): Promise<RouteAnswer> {
    const [alert, events] = await Promise.all([
      findAlert(knex, workspaceId, alertId),
      alertEvents(knex, workspaceId, alertId, mostEvents),
    ]);
    if (!alert) throw notFound('This alert');
    return { body: presentAlertDetail(alert, events) };
  }
}

function asProblem(error: unknown): never {
  if (error instanceof AlertNotFoundError) throw notFound('This alert');
  if (error instanceof AlertResolvedError) throw alertResolved();
  throw error;
}
