// Owns the routes of destinations.
import type { DestinationStore, StoredDestination } from '../../db/configuration/destination-store';
import { SyncActiveError } from '../../db/configuration/schedule-store';
import { checkAnswer, pageOf } from '../answers';
import { connectionAnswer, presentConnection } from '../configuration/connection-presenter';
import { notFound, preconditionFailed, syncActive } from '../errors';
import { configurationQuery } from '../fields';
import { assertIfMatch } from '../configuration/if-match';
import { presentCheck } from '../configuration/check-presenter';
import type { Inspector } from '../configuration/inspector';
import { paged, pageRequest } from '../lists/paged';
import { removeConfigured } from '../configuration/remove-configured';
import { type Route, route } from '../route';
import { destinationAnswer } from './answers';
import { changeOf, type DestinationChange } from './change-of';
import { destinationPatch, newDestination } from './schema';

export interface DestinationRoutesDependencies {
  readonly destinations: DestinationStore;
  readonly inspector: Inspector;
}

const tag = 'Destinations';

export function destinationRoutes({ destinations, inspector }: DestinationRoutesDependencies): Route[] {
  return [
    route({
      method: 'GET',
      path: '/destinations',
      scope: 'read',
      tag,
      summary: 'List the destinations in order of creation',
      query: configurationQuery,
      answers: { 200: pageOf(destinationAnswer) },
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
      tag,
      summary: 'Create a destination',
      body: newDestination,
      answers: { 201: destinationAnswer },
      problems: ['name_taken'],
      async handle({ workspaceId, tokenId, body }) {
        const destination = await destinations.create({ workspaceId, ...body, createdBy: tokenId });
        const headers = { Location: `/api/v1/destinations/${destination.id}` };
        return { status: 201, headers, ...connectionAnswer(destination) };
      },
    }),
    route({
      method: 'GET',
      path: '/destinations/:destination_id',
      scope: 'read',
      tag,
      summary: 'Show a destination',
      answers: { 200: destinationAnswer },
      problems: ['not_found'],
      handle: async (request) => connectionAnswer(await find(request)),
    }),
    route({
      method: 'PATCH',
      path: '/destinations/:destination_id',
      scope: 'write',
      tag,
      summary: 'Change a destination; what is left out stays as it is',
      body: destinationPatch,
      answers: { 200: destinationAnswer },
      problems: [
        'not_found',
        'name_taken',
        'sync_active',
        'precondition_failed',
        'precondition_required',
        'unprocessable',
      ],
      async handle(request) {
        const destination = await find(request);
        assertIfMatch(request.header('if-match'), connectionAnswer(destination).etag);
        const change = changeOf(destination, request.body);
        if (isEmpty(change)) return connectionAnswer(destination);
        const changed = await write(destination, change, request.tokenId);
        if (!changed) throw preconditionFailed();
        return connectionAnswer(changed);
      },
    }),
    route({
      method: 'DELETE',
      path: '/destinations/:destination_id',
      scope: 'write',
      tag,
      summary: 'Delete a destination that no sync writes to',
      answers: { 204: null },
      problems: ['not_found', 'in_use', 'precondition_failed'],
      async handle(request) {
        const destination = await find(request);
        const { etag } = connectionAnswer(destination);
        const removable = { ...destination, etag, what: 'This destination', userKind: 'sync' } as const;
        return removeConfigured(request, removable, destinations);
      },
    }),
    route({
      method: 'POST',
      path: '/destinations/:destination_id/check',
      scope: 'write',
      isSafe: true,
      tag,
      summary: 'Have a worker connect to a destination, and tell what it saw; nothing is written',
      answers: { 200: checkAnswer },
      problems: ['not_found', 'inspection_unavailable'],
      async handle(request) {
        const { id, workspaceId } = await find(request);
        const found = await inspector.inspect({ what: 'destination', workspaceId, destinationId: id });
        return { body: presentCheck(found) };
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

  async function write(
    destination: StoredDestination,
    { isMove, ...change }: DestinationChange,
    tokenId: string,
  ): Promise<StoredDestination | null> {
    const wanted = { ...change, updatedBy: tokenId };
    if (!isMove) return destinations.update(destination, wanted);
    try {
      return await destinations.move(destination, wanted);
    } catch (error) {
      if (error instanceof SyncActiveError) throw syncActive(error.blockingRun);
      throw error;
    }
  }
}

function isEmpty({ name, config, secrets }: DestinationChange): boolean {
  return name === undefined && config === undefined && secrets === undefined;
}
