// Owns the routes of sources.
import type { SourceStore, StoredSource } from '../../db/configuration/source-store';
import { presentConnection } from '../connection-presenter';
import { notFound } from '../errors';
import { configurationQuery } from '../fields';
import { presentInspection } from '../inspection-presenter';
import type { Inspector } from '../inspector';
import { paged, pageRequest } from '../paged';
import { type Route, route } from '../route';
import { newSource } from './schema';

export interface SourceRoutesDependencies {
  readonly sources: SourceStore;
  readonly inspector: Inspector;
}

export function sourceRoutes({ sources, inspector }: SourceRoutesDependencies): Route[] {
  return [
    route({
      method: 'GET',
      path: '/sources',
      scope: 'read',
      query: configurationQuery,
      async handle({ workspaceId, query }) {
        const request = pageRequest(query);
        return { body: paged(await sources.list(workspaceId, query, request), request, presentConnection) };
      },
    }),
    route({
      method: 'POST',
      path: '/sources',
      scope: 'write',
      body: newSource,
      async handle({ workspaceId, body }) {
        const { url, parts } = body.config.url;
        const { name, kind } = body;
        const source = await sources.create({
          workspaceId,
          name,
          kind,
          config: { ...parts },
          secrets: { url },
        });
        const headers = { Location: `/api/v1/sources/${source.id}` };
        return { status: 201, headers, body: presentConnection(source) };
      },
    }),
    route({
      method: 'GET',
      path: '/sources/:source_id',
      scope: 'read',
      handle: async (request) => ({ body: presentConnection(await find(request)) }),
    }),
    route({
      method: 'POST',
      path: '/sources/:source_id/check',
      scope: 'write',
      isSafe: true,
      async handle(request) {
        const { id, workspaceId } = await find(request);
        const result = await inspector.inspect({ what: 'source', workspaceId, sourceId: id });
        return { body: presentInspection(result) };
      },
    }),
  ];

  async function find(request: { workspaceId: string; param(name: string): string }): Promise<StoredSource> {
    const source = await sources.find(request.workspaceId, request.param('source_id'));
    if (!source) throw notFound('This source');
    return source;
  }
}
