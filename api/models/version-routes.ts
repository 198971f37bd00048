// Owns the routes that read the versions of a model.
import type { Knex } from 'knex';
import type { ModelStore } from '../../db/configuration/model-store';
import { findModelVersion, modelVersions } from '../../db/views/model-versions-view';
import { notFound } from '../errors';
import { versionNumber } from '../fields';
import { listed } from '../lists/listed';
import { paged, pageRequest } from '../lists/paged';
import { type Route, route } from '../route';
import { modelVersionAnswer, modelVersionListAnswer } from './answers';
import { presentModelVersion } from './presenter';
import { modelVersionsQuery } from './schema';

export interface ModelVersionRoutesDependencies {
  readonly knex: Knex;
  readonly models: ModelStore;
}

const tag = 'Models';

export function modelVersionRoutes({ knex, models }: ModelVersionRoutesDependencies): Route[] {
  return [
    route({
      method: 'GET',
      path: '/models/:model_id/versions',
      scope: 'read',
      tag,
      summary: 'List the versions of a model, newest first: who changed what, and when',
      query: modelVersionsQuery,
      answers: { 200: modelVersionListAnswer },
      problems: ['not_found'],
      async handle({ workspaceId, query, param }) {
        const modelId = await found(workspaceId, param('model_id'));
        const request = pageRequest(query);
        const page = await modelVersions(knex, workspaceId, modelId, request);
        return { body: paged(page, request, listed(presentModelVersion)) };
      },
    }),
    route({
      method: 'GET',
      path: '/models/:model_id/versions/:version',
      scope: 'read',
      tag,
      summary: 'Read one version of a model whole',
      answers: { 200: modelVersionAnswer },
      problems: ['not_found'],
      async handle({ workspaceId, param }) {
        const modelId = await found(workspaceId, param('model_id'));
        const number = versionNumber(param('version'));
        const version = number && (await findModelVersion(knex, workspaceId, modelId, number));
        if (!version) throw notFound('This version');
        return { body: presentModelVersion(version) };
      },
    }),
  ];

  async function found(workspaceId: string, modelId: string): Promise<string> {
    const model = await models.find(workspaceId, modelId);
    if (!model) throw notFound('This model');
    return model.id;
  }
}
