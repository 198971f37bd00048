// Owns the routes of models. A model is described by its source before it is stored.
import type { ModelStore, StoredColumn } from '../../db/configuration/model-store';
import type { SourceStore } from '../../db/configuration/source-store';
import type { InspectResult } from '../../workflows/messages';
import { ApiError, notFound, unprocessable } from '../errors';
import { configurationQuery } from '../fields';
import type { Inspector } from '../inspector';
import { paged, pageRequest } from '../paged';
import { type Route, route } from '../route';
import { nearMatches } from '../near-matches';
import { presentModel } from './presenter';
import { newModel } from './schema';

export interface ModelRoutesDependencies {
  readonly models: ModelStore;
  readonly sources: SourceStore;
  readonly inspector: Inspector;
}

export function modelRoutes({ models, sources, inspector }: ModelRoutesDependencies): Route[] {
  return [
    route({
      method: 'GET',
      path: '/models',
      scope: 'read',
      query: configurationQuery,
      async handle({ workspaceId, query }) {
        const request = pageRequest(query);
        return { body: paged(await models.list(workspaceId, query, request), request, presentModel) };
      },
    }),
    route({
      method: 'POST',
      path: '/models',
      scope: 'write',
      body: newModel,
      async handle({ workspaceId, body }) {
        const { name, source_id: sourceId, sql, row_key: rowKey } = body;
        if (!(await sources.find(workspaceId, sourceId))) {
          throw unprocessable([
            { pointer: '/source_id', code: 'unknown_source', detail: 'This source does not exist.' },
          ]);
        }
        const columns = describedColumns(
          await inspector.inspect({ what: 'model', workspaceId, sourceId, sql }),
        );
        assertRowKey(rowKey, columns);
        const model = await models.create({ workspaceId, name, sourceId, sql, rowKey, columns });
        const headers = { Location: `/api/v1/models/${model.id}` };
        return { status: 201, headers, body: presentModel(model) };
      },
    }),
    route({
      method: 'GET',
      path: '/models/:model_id',
      scope: 'read',
      async handle({ workspaceId, param }) {
        const model = await models.find(workspaceId, param('model_id'));
        if (!model) throw notFound('This model');
        return { body: presentModel(model) };
      },
    }),
  ];
}

function describedColumns(result: InspectResult): readonly StoredColumn[] {
  if (result.ok && result.columns) return result.columns;
  const detail = result.failure?.message ?? result.message;
  const code = result.failure?.code;
  if (code === 'model_query_failed') {
    throw new ApiError(code, detail, [{ pointer: '/sql', code, detail }]);
  }
  if (code === 'source_connection_failed') {
    throw new ApiError(code, detail, [{ pointer: '/source_id', code, detail }]);
  }
  throw new ApiError('inspection_failed', detail);
}

function assertRowKey(rowKey: readonly string[], columns: readonly StoredColumn[]): void {
  const names = columns.map((column) => column.name);
  const faults = rowKey.flatMap((column, index) =>
    names.includes(column)
      ? []
      : [
          {
            pointer: `/row_key/${index}`,
            code: 'unknown_column',
            detail: `The model has no column "${column}"${nearMatches(column, names)}`,
          },
        ],
  );
  if (faults.length > 0) throw unprocessable(faults, 'row_key_not_in_model');
}
