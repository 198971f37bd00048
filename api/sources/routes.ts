// Owns the routes of sources.
import type { SourceStore, StoredSource } from '../../db/configuration/source-store';
import { checkAnswer, pageOf } from '../answers';
import { connectionAnswer, presentConnection } from '../configuration/connection-presenter';
import { notFound, preconditionFailed } from '../errors';
import { configurationQuery } from '../fields';
import { assertIfMatch } from '../configuration/if-match';
import { presentCheck } from '../configuration/check-presenter';
import type { Inspector } from '../configuration/inspector';
import { paged, pageRequest } from '../lists/paged';
import { removeConfigured } from '../configuration/remove-configured';
import { type Route, route } from '../route';
import { sourceAnswer } from './answers';
import { newSource, sourcePatch } from './schema';

export interface SourceRoutesDependencies {
  readonly sources: SourceStore;
  readonly inspector: Inspector;
}

const tag = 'Sources';

export function sourceRoutes({ sources, inspector }: SourceRoutesDependencies): Route[] {
  return [
    route({
      method: 'GET',
      path: '/sources',
      scope: 'read',
      tag,
      summary: 'List the sources in order of creation',
      query: configurationQuery,
      answers: { 200: pageOf(sourceAnswer) },
      async handle({ workspaceId, query }) {
        const request = pageRequest(query);
        return { body: paged(await sources.list(workspaceId, query, request), request, presentConnection) };
      },
    }),
    route({
      method: 'POST',
      path: '/sources',
      scope: 'write',
      tag,
      summary: 'Create a source',
      body: newSource,
      answers: { 201: sourceAnswer },
      problems: ['name_taken'],
      async handle({ workspaceId, tokenId, body }) {
        const { url, parts } = body.config.url;
        const { name, kind } = body;
        const source = await sources.create({
          workspaceId,
          name,
          kind,
          config: { ...parts },
          secrets: { url },
          createdBy: tokenId,
        });
        const headers = { Location: `/api/v1/sources/${source.id}` };
        return { status: 201, headers, ...connectionAnswer(source) };
      },
    }),
    route({
      method: 'GET',
      path: '/sources/:source_id',
      scope: 'read',
      tag,
      summary: 'Show a source',
      answers: { 200: sourceAnswer },
      problems: ['not_found'],
      handle: async (request) => connectionAnswer(await find(request)),
    }),
    route({
      method: 'PATCH',
      path: '/sources/:source_id',
      scope: 'write',
      tag,
      summary: 'Change a source; what is left out stays as it is',
      body: sourcePatch,
      answers: { 200: sourceAnswer },
      problems: ['not_found', 'name_taken', 'precondition_failed', 'precondition_required'],
      async handle(request) {
        const source = await find(request);
        assertIfMatch(request.header('if-match'), connectionAnswer(source).etag);
        const { name, config } = request.body;
        if (name === undefined && config === undefined) return connectionAnswer(source);
        const changed = await sources.update(source, {
          name,
          ...(config && { config: { ...config.url.parts }, secrets: { url: config.url.url } }),
          updatedBy: request.tokenId,
        });
        if (!changed) throw preconditionFailed();
        return connectionAnswer(changed);
      },
    }),
    route({
      method: 'DELETE',
      path: '/sources/:source_id',
      scope: 'write',
      tag,
      summary: 'Delete a source that no model reads from',
      answers: { 204: null },
      problems: ['not_found', 'in_use', 'precondition_failed'],
      async handle(request) {
        const source = await find(request);
        const { etag } = connectionAnswer(source);
        const removable = { ...source, etag, what: 'This source', userKind: 'model' } as const;
        return removeConfigured(request, removable, sources);
      },
    }),
    route({
      method: 'POST',
      path: '/sources/:source_id/check',
      scope: 'write',
      isSafe: true,
      tag,
      summary: 'Have a worker connect to a source, and tell what it saw',
      answers: { 200: checkAnswer },
      problems: ['not_found', 'inspection_unavailable'],
      async handle(request) {
        const { id, workspaceId } = await find(request);
        return { body: presentCheck(await inspector.inspect({ what: 'source', workspaceId, sourceId: id })) };
      },
    }),
  ];

  async function find(request: { workspaceId: string; param(name: string): string }): Promise<StoredSource> {
    const source = await sources.find(request.workspaceId, request.param('source_id'));
    if (!source) throw notFound('This source');
    return source;
  }
}
