// Owns the routes that look at a model through a worker: its check, and the preview of one that need not be stored.
import type { ModelStore, StoredModel } from '../../db/configuration/model-store';
import type { SourceStore } from '../../db/configuration/source-store';
import type { PreviewStore } from '../../db/preview-store';
import type { InspectedColumn, InspectedThing } from '../../workflows/messages';
import { checkAnswer } from '../answers';
import { notFound } from '../errors';
import { presentCheck } from '../configuration/check-presenter';
import type { Inspector } from '../configuration/inspector';
import { type Route, route } from '../route';
import { modelPreviewAnswer } from './answers';
import { assertRowKey, modelProblem, unknownSource } from './model-faults';
import { columnChanges } from './column-changes';
import { lookAtModel, presentPreview } from './preview';
import { modelPreview } from './schema';

export interface LookRoutesDependencies {
  readonly models: ModelStore;
  readonly sources: SourceStore;
  readonly previews: PreviewStore;
  readonly inspector: Inspector;
}

const tag = 'Models';

export function modelLookRoutes(deps: LookRoutesDependencies): Route[] {
  const { models, sources, inspector } = deps;
  return [
    route({
      method: 'POST',
      path: '/models/:model_id/check',
      scope: 'write',
      isSafe: true,
      tag,
      summary: 'Have a worker describe a model anew, and tell whether it is still as it was',
      answers: { 200: checkAnswer },
      problems: ['not_found', 'inspection_unavailable'],
      async handle({ workspaceId, param }) {
        const model = await models.find(workspaceId, param('model_id'));
        if (!model) throw notFound('This model');
        const { sourceId, sql } = model;
        const found = await inspector.inspect({ what: 'model', workspaceId, sourceId, sql });
        const checks = [...found.checks, ...(found.columns ? checksOf(model, found.columns) : [])];
        return { body: presentCheck({ ...found, checks, ok: checks.every(({ ok }) => ok) }) };
      },
    }),
    route({
      method: 'POST',
      path: '/models/preview',
      scope: 'write',
      isSafe: true,
      tag,
      summary: 'Run a query for its first rows and columns, without storing it',
      body: modelPreview,
      answers: { 200: modelPreviewAnswer },
      problems: [
        'row_key_not_in_model',
        'model_query_failed',
        'source_connection_failed',
        'inspection_failed',
        'inspection_unavailable',
        'unprocessable',
      ],
      async handle({ workspaceId, body }) {
        const { source_id: sourceId, sql, row_key: rowKey = [], limit } = body;
        if (!(await sources.find(workspaceId, sourceId))) throw unknownSource();
        const { answer, durationMs } = await lookAtModel(deps, { workspaceId, sourceId, sql, limit });
        if ('failure' in answer) throw modelProblem(answer.failure);
        assertRowKey(rowKey, answer.rows.columns);
        return { body: presentPreview(answer.rows, rowKey, durationMs) };
      },
    }),
  ];
}

// Of a kind, in one sentence.
const mostNamed = 20;

/** What a run would find: whether the row key is there, and what is different from the columns as stored. */
function checksOf(model: StoredModel, columns: readonly InspectedColumn[]): InspectedThing[] {
  const names = columns.map(({ name }) => name);
  const lacking = model.rowKey.filter((column) => !names.includes(column));
  const { added, removed, retyped } = columnChanges(model.columns, columns);
  const differences = [
    ...named('Gone', removed),
    ...named('New', added),
    ...named('Of another type', retyped),
  ];
  return [
    {
      name: 'row_key',
      ok: lacking.length === 0,
      detail:
        lacking.length === 0 ? 'The result has the row key' : named('The result lacks', lacking).join(''),
    },
    {
      name: 'columns',
      // What is new is in nobody's way.
      ok: removed.length === 0,
      detail: differences.length === 0 ? 'As they were when the model was stored' : differences.join('. '),
    },
  ];
}

function named(what: string, columns: readonly string[]): string[] {
  if (columns.length === 0) return [];
  const more = columns.length > mostNamed ? ` and ${columns.length - mostNamed} more` : '';
  const names = columns.slice(0, mostNamed).map((column) => `"${column}"`);
  return [`${what}: ${names.join(', ')}${more}`];
}
