// Owns the routes of deliveries: those of a channel and those that tell of an alert; read, and sent once more.
import type { Knex } from 'knex';
import type { ChannelStore } from '../../../db/alerts/channel-store';
import { redeliver, RedeliverRefusedError } from '../../../db/alerts/redeliver';
import type { WalkPlace } from '../../../db/page';
import type { SecretKey } from '../../../db/seal';
import { findAlert } from '../../../db/views/alerts/alert-view';
import {
  deliveriesFrom,
  deliveriesOnPage,
  type DeliveryList,
  type DeliveryMark,
  type DeliveryView,
  findDelivery,
} from '../../../db/views/alerts/delivery-list-view';
import { ApiError, notFound } from '../../errors';
import { pageAnswer, pageRequest, walkAnswer } from '../../lists/paged';
import { type Route, route, type RouteAnswer } from '../../route';
import { deliveryAnswer, deliveryListAnswer } from './answers';
import { presentDelivery } from './presenter';
import { type DeliveriesQuery, deliveriesQuery } from './schema';

export interface DeliveryRoutesDependencies {
  readonly knex: Knex;
  /** Signs cursors. */
  readonly secretKey: SecretKey;
  readonly channels: ChannelStore;
}

interface PlacedRequest {
  readonly workspaceId: string;
  param(name: string): string;
}

/** What deliveries are of. */
interface Owner {
  /** Where it is, as a route has it. */
  readonly path: string;
  readonly whose: string;
  /** Throws 404 when it is not there. */
  readonly listOf: (request: PlacedRequest) => Promise<DeliveryList>;
}

const tag = 'Alerts';

export function deliveryRoutes(deps: DeliveryRoutesDependencies): Route[] {
  const { knex, channels } = deps;
  return [
    ...deliveriesOf(deps, {
      path: '/alert-channels/:channel_id',
      whose: 'to an alert channel',
      async listOf({ workspaceId, param }) {
        const channelId = param('channel_id');
        if (!(await channels.find(workspaceId, channelId))) throw notFound('This channel');
        return { workspaceId, of: { channelId } };
      },
    }),
    ...deliveriesOf(deps, {
      path: '/alerts/:alert_id',
      whose: 'of an alert',
      async listOf({ workspaceId, param }) {
        const alertId = param('alert_id');
        if (!(await findAlert(knex, workspaceId, alertId))) throw notFound('This alert');
        return { workspaceId, of: { alertId } };
      },
    }),
  ];
}

function deliveriesOf(deps: DeliveryRoutesDependencies, { path, whose, listOf }: Owner): Route[] {
  const { knex } = deps;
  const deliveries = `${path}/deliveries`;
  return [
    route({
      method: 'GET',
      path: deliveries,
      scope: 'read',
      tag,
      summary: `List the deliveries ${whose}, newest first`,
      query: deliveriesQuery,
      answers: { 200: deliveryListAnswer },
      problems: ['not_found', 'invalid_cursor'],
      async handle(request) {
        const list = { ...(await listOf(request)), states: request.query.state };
        const at = `/api/v1${deliveries}`.replace(/:(\w+)/, (_, name: string) => request.param(name));
        return listed(deps, list, at, request.query);
      },
    }),
    route({
      method: 'GET',
      path: `${deliveries}/:delivery_id`,
      scope: 'read',
      tag,
      summary: `Show a delivery ${whose} with its attempts`,
      answers: { 200: deliveryAnswer },
      problems: ['not_found'],
      async handle(request) {
        return { body: presentDelivery(await find(await listOf(request), request.param('delivery_id'))) };
      },
    }),
    route({
      method: 'POST',
      path: `${deliveries}/:delivery_id/redeliver`,
      scope: 'write',
      tag,
      summary: `Have a delivery ${whose} sent once more`,
      answers: { 202: deliveryAnswer },
      problems: ['not_found', 'delivery_pending', 'delivery_empty', 'channel_off'],
      async handle(request) {
        const list = await listOf(request);
        const { id: deliveryId } = await find(list, request.param('delivery_id'));
        await redeliver(knex, { workspaceId: request.workspaceId, deliveryId }).catch(asProblem);
        return { status: 202, body: presentDelivery(await find(list, deliveryId)) };
      },
    }),
  ];

  async function find(list: DeliveryList, deliveryId: string): Promise<DeliveryView> {
    const delivery = await findDelivery(knex, list, deliveryId);
    if (!delivery) throw notFound('This delivery');
    return delivery;
  }
}

async function listed(
  { knex, secretKey }: DeliveryRoutesDependencies,
  list: DeliveryList,
  path: string,
  query: DeliveriesQuery,
): Promise<RouteAnswer> {
  const states = query.state && [...new Set(query.state)].toSorted().join();
  const address = { path, query: states === undefined ? [] : [['state', states] as const] };
  if (query.cursor === undefined) {
    const request = pageRequest(query);
    return pageAnswer(await deliveriesOnPage(knex, list, request), request, presentDelivery, address);
  }
  const { workspaceId } = list;
  return walkAnswer(
    { secretKey, workspaceId, list: address, cursor: query.cursor, perPage: query.per_page },
    (place: WalkPlace<DeliveryMark>) => deliveriesFrom(knex, list, place, query.per_page),
    presentDelivery,
  );
}

const refusals = {
  pending: ['delivery_pending', 'It is on its way already.'],
  channel_off: ['channel_off', 'Its channel is switched off or deleted: switch it on first.'],
  empty: ['delivery_empty', 'It was withdrawn when nothing was left that it could tell.'],
} as const;

function asProblem(error: unknown): never {
  if (!(error instanceof RedeliverRefusedError)) throw error;
  const [code, detail] = refusals[error.why];
  throw new ApiError(code, detail);
}
