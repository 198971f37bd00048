// Owns the routes of models. A model is described by its source before it is stored, and before its content changes.
import type { ModelContent, StoredModel } from '../../db/configuration/model-store';
import { notFound, preconditionFailed } from '../errors';
import { configurationQuery } from '../fields';
import { assertIfMatch } from '../configuration/if-match';
import { listed } from '../lists/listed';
import { paged, pageRequest } from '../lists/paged';
import { removeConfigured } from '../configuration/remove-configured';
import { type Route, route } from '../route';
import { modelAnswer, modelListAnswer } from './answers';
import { assertRowKey, assertSyncsFit, describedColumns, unknownSource } from './model-faults';
import { type LookRoutesDependencies, modelLookRoutes } from './look-routes';
import { modelAnswerOf, presentModel } from './presenter';
import { type ModelPatch, modelPatch, newModel } from './schema';
import { modelVersionRoutes, type ModelVersionRoutesDependencies } from './version-routes';

export type ModelRoutesDependencies = LookRoutesDependencies & ModelVersionRoutesDependencies;

const tag = 'Models';
const refusals = [
  'row_key_not_in_model',
  'model_query_failed',
  'source_connection_failed',
  'inspection_failed',
  'inspection_unavailable',
  'unprocessable',
] as const;

export function modelRoutes(deps: ModelRoutesDependencies): Route[] {
  const { models, sources, inspector } = deps;
  return [
    ...modelLookRoutes(deps),
    ...modelVersionRoutes(deps),
    route({
      method: 'GET',
      path: '/models',
      scope: 'read',
      tag,
      summary: 'List the models in order of creation',
      query: configurationQuery,
      answers: { 200: modelListAnswer },
      async handle({ workspaceId, query }) {
        const request = pageRequest(query);
        return { body: paged(await models.list(workspaceId, query, request), request, listed(presentModel)) };
      },
    }),
    route({
      method: 'POST',
      path: '/models',
      scope: 'write',
      tag,
      summary: 'Create a model; a worker has its source describe it first',
      body: newModel,
      answers: { 201: modelAnswer },
      problems: ['name_taken', ...refusals],
      async handle({ workspaceId, tokenId, body }) {
        const { name, source_id: sourceId, sql, row_key: rowKey } = body;
        if (!(await sources.find(workspaceId, sourceId))) throw unknownSource();
        const columns = describedColumns(
          await inspector.inspect({ what: 'model', workspaceId, sourceId, sql }),
        );
        assertRowKey(rowKey, columns);
        const input = { workspaceId, name, sourceId, sql, rowKey, columns, createdBy: tokenId };
        const model = await models.create(input);
        const headers = { Location: `/api/v1/models/${model.id}` };
        return { status: 201, headers, ...modelAnswerOf(model) };
      },
    }),
    route({
      method: 'GET',
      path: '/models/:model_id',
      scope: 'read',
      tag,
      summary: 'Show a model with its current version',
      answers: { 200: modelAnswer },
      problems: ['not_found'],
      handle: async (request) => modelAnswerOf(await find(request)),
    }),
    route({
      method: 'PATCH',
      path: '/models/:model_id',
      scope: 'write',
      tag,
      summary: 'Change a model; another SQL or row key makes a new version, described like a new model',
      body: modelPatch,
      answers: { 200: modelAnswer },
      problems: ['not_found', 'name_taken', 'precondition_failed', 'precondition_required', ...refusals],
      async handle(request) {
        const model = await find(request);
        assertIfMatch(request.header('if-match'), modelAnswerOf(model).etag);
        const content = await changedContent(model, request.body);
        const { name } = request.body;
        if (name === undefined && content === undefined) return modelAnswerOf(model);
        const change = { name, content, updatedBy: request.tokenId };
        const changed = await models.update(model, change, assertSyncsFit);
        if (!changed) throw preconditionFailed();
        return modelAnswerOf(changed);
      },
    }),
    route({
      method: 'DELETE',
      path: '/models/:model_id',
      scope: 'write',
      tag,
      summary: 'Delete a model that no sync reads',
      answers: { 204: null },
      problems: ['not_found', 'in_use', 'precondition_failed'],
      async handle(request) {
        const model = await find(request);
        const { etag } = modelAnswerOf(model);
        const removable = { ...model, etag, what: 'This model', userKind: 'sync' } as const;
        return removeConfigured(request, removable, models);
      },
    }),
  ];

  async function find(request: { workspaceId: string; param(name: string): string }): Promise<StoredModel> {
    const model = await models.find(request.workspaceId, request.param('model_id'));
    if (!model) throw notFound('This model');
    return model;
  }

  /**
   * What the model would hold, described anew; undefined when that is what it holds already. The same SQL given once more may
   * have other columns by now.
   */
  async function changedContent(model: StoredModel, patch: ModelPatch): Promise<ModelContent | undefined> {
    if (patch.sql === undefined && patch.row_key === undefined) return undefined;
    const { workspaceId, sourceId } = model;
    const sql = patch.sql ?? model.sql;
    const rowKey = patch.row_key ?? model.rowKey;
    // The body does not name the source.
    const columns = describedColumns(
      await inspector.inspect({ what: 'model', workspaceId, sourceId, sql }),
      '',
    );
    assertRowKey(rowKey, columns, patch.row_key === undefined ? 'sql' : 'row_key');
    const content = { sql, rowKey, columns };
    return isSame(content, model) ? undefined : content;
  }
}

function isSame(one: ModelContent, other: ModelContent): boolean {
  const plain = ({ sql, rowKey, columns }: ModelContent): string =>
    JSON.stringify([sql, rowKey, columns.map(({ name, type }) => [name, type])]);
  return plain(one) === plain(other);
}
