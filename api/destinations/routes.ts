// Owns the routes of destinations.
import type { DestinationStore, StoredDestination } from '../../db/configuration/destination-store';
import { presentConnection } from '../connection-presenter';
import { notFound } from '../errors';
import { configurationQuery } from '../fields';
import { presentInspection } from '../inspection-presenter';
import type { Inspector } from '../inspector';
import { paged, pageRequest } from '../paged';
import { type Route, route } from '../route';
import { newDestination } from './schema';

export interface DestinationRoutesDependencies {
  readonly destinations: DestinationStore;
  readonly inspector: Inspector;
}

export function destinationRoutes({ destinations, inspector }: DestinationRoutesDependencies): Route[] {
  return [
    route({
      method: 'GET',
      path: '/destinations',
      scope: 'read',
      query: configurationQuery,
      async handle({ workspaceId, query }) {
        const request = pageRequest(query);
        return {
          body: paged(await destinations.list(workspaceId, query, request), request, presentConnection),
        };
      },
    }),
    route({
      method: 'POST',
      path: '/destinations',
      scope: 'write',
      body: newDestination,
      async handle({ workspaceId, body }) {
        const destination = await destinations.create({ workspaceId, ...body });
        const headers = { Location: `/api/v1/destinations/${destination.id}` };
        return { status: 201, headers, body: presentConnection(destination) };
      },
    }),
    route({
      method: 'GET',
      path: '/destinations/:destination_id',
      scope: 'read',
      handle: async (request) => ({ body: presentConnection(await find(request)) }),
    }),
    route({
      method: 'POST',
      path: '/destinations/:destination_id/check',
      scope: 'write',
      isSafe: true,
      async handle(request) {
        const { id, workspaceId } = await find(request);
        const result = await inspector.inspect({ what: 'destination', workspaceId, destinationId: id });
        return { body: presentInspection(result) };
      },
    }),
  ];

  async function find(request: {
    workspaceId: string;
    param(name: string): string;
  }): Promise<StoredDestination> {
    const destination = await destinations.find(request.workspaceId, request.param('destination_id'));
    if (!destination) throw notFound('This destination');
    return destination;
  }
}
