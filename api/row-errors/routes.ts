// Owns the routes that read the row errors of a run: list, groups, export.
import type { Readable } from 'node:stream';
import type { Knex } from 'knex';
import type { WalkPlace } from '../../db/page';
import type { SecretKey } from '../../db/seal';
import { type ErrorRun, findErrorRun } from '../../db/views/row-errors/error-run';
import type { RowErrorFilter } from '../../db/views/row-errors/row-error-filter';
import { rowErrorGroups } from '../../db/views/row-errors/row-error-groups-view';
import { rowErrorPages } from '../../db/views/row-errors/row-error-pages';
import { errorsFrom, errorsOnPage, totalAtHand } from '../../db/views/row-errors/row-errors-view';
import { ApiError, notFound } from '../errors';
import { paged, pageLinks, pageRequest, walkAnswer } from '../lists/paged';
import { OpenPlaces, type PlaceTaker } from '../rate-limit/open-places';
import { type Route, route, type RouteAnswer, type RouteRequest } from '../route';
import { rowErrorGroupListAnswer, rowErrorListAnswer } from './answers';
import { exportBody, exportTypes, startingWith } from './export';
import { presentGroup, presentRowError } from './presenter';
import {
  type ExportFormat,
  type RowErrorFilters,
  rowErrorGroupsQuery,
  rowErrorsExportQuery,
  type RowErrorsQuery,
  rowErrorsQuery,
} from './schema';

export interface RowErrorRoutesDependencies {
  readonly knex: Knex;
  /** Signs cursors. */
  readonly secretKey: SecretKey;
}

const path = '/syncs/:sync_id/runs/:run_id/errors';

// Each reads pages for as long as its reader takes them, and holds some of them in memory: a person needs one or two.
const exportLimits = { mostPerToken: 4, mostPerWorkspace: 16, mostInAll: 32 };

export function rowErrorRoutes({ knex, secretKey }: RowErrorRoutesDependencies): Route[] {
  const exports = new OpenPlaces('exports going on', exportLimits);
  return [
    route({
      method: 'GET',
      path,
      scope: 'read',
      tag: 'Row errors',
      summary: 'List the row errors of a run, in the order the rows were read',
      query: rowErrorsQuery,
      answers: { 200: rowErrorListAnswer },
      problems: ['invalid_request', 'invalid_cursor', 'not_found'],
      handle: async (request) => list(await find(request), request),
    }),
    route({
      method: 'GET',
      path: `${path}/groups`,
      scope: 'read',
      tag: 'Row errors',
      summary: 'Group the row errors of a run by message and field, largest group first',
      query: rowErrorGroupsQuery,
      answers: { 200: rowErrorGroupListAnswer },
      problems: ['invalid_request', 'not_found'],
      async handle(request) {
        const page = pageRequest(request.query);
        const { rows, total, totalErrors, restErrors } = await rowErrorGroups(
          knex,
          await find(request),
          page,
        );
        const present = (group: (typeof rows)[number]): object => presentGroup(group, totalErrors);
        const body = paged({ rows: [...rows], total }, page, present);
        return { body: { ...body, total_errors: totalErrors, ungrouped_errors: restErrors } };
      },
    }),
    route({
      method: 'GET',
      path: `${path}/export`,
      scope: 'read',
      tag: 'Row errors',
      summary: 'Export the row errors of an ended run, all that match, as CSV or NDJSON',
      query: rowErrorsExportQuery,
      answers: { 200: [{ mediaType: 'text/csv' }, { mediaType: 'application/x-ndjson' }] },
      problems: ['invalid_request', 'not_found', 'run_not_finished'],
      async handle(request) {
        const { format, ...filters } = request.query;
        return exportOf(request, await find(request), format, filterOf(filters));
      },
    }),
  ];

  type RunRequest = Pick<RouteRequest<unknown, unknown>, 'workspaceId' | 'param'>;

  async function find({ workspaceId, param }: RunRequest): Promise<ErrorRun> {
    const run = await findErrorRun(knex, workspaceId, param('sync_id'), param('run_id'));
    if (!run) throw notFound('This run');
    return run;
  }

  async function list(
    run: ErrorRun,
    { workspaceId, query }: RunRequest & { query: RowErrorsQuery },
  ): Promise<RouteAnswer> {
    const { page: _page, per_page: perPage, cursor, ...filters } = query;
    const given = Object.entries(filters).filter(([, value]) => value !== undefined) as [string, string][];
    const address = { path: `/api/v1/syncs/${run.syncId}/runs/${run.id}/errors`, query: given };
    const filter = filterOf(filters);
    if (cursor !== undefined) {
      const walk = { secretKey, workspaceId, list: address, cursor, perPage };
      return walkAnswer(
        walk,
        (place: WalkPlace<number>) => errorsFrom(knex, run, filter, place, perPage),
        presentRowError,
      );
    }
    const request = pageRequest(query);
    const { rows, total } = await errorsOnPage(knex, run, filter, request);
    return {
      headers: pageLinks(total, request, address),
      body: {
        data: rows.map(presentRowError),
        total_errors: total,
        page: request.page,
        per_page: request.perPage,
      },
    };
  }

  async function exportOf(
    taker: PlaceTaker,
    run: ErrorRun,
    format: ExportFormat,
    filter: RowErrorFilter,
  ): Promise<RouteAnswer> {
    if (!run.hasEnded)
      throw new ApiError('run_not_finished', 'Row errors may still come: export them when it has ended.');
    const giveBack = exports.take(taker);
    try {
      const answer = await beginExport(taker.workspaceId, run, format, filter);
      // However it ends: whole, cut, or because its reader has gone.
      answer.body.once('close', giveBack);
      return answer;
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  async function beginExport(
    workspaceId: string,
    run: ErrorRun,
    format: ExportFormat,
    filter: RowErrorFilter,
  ): Promise<RouteAnswer & { readonly body: Readable }> {
    const total = await totalAtHand(knex, run, filter);
    const pages = rowErrorPages(knex, run.id, filter);
    // Read before the answer begins: what goes wrong by then can still be told.
    const first = await pages.next();
    const checkWhole = async (exported: number): Promise<void> => {
      const now = await findErrorRun(knex, workspaceId, run.syncId, run.id);
      if (exported !== (total ?? exported) || now?.isThinned !== run.isThinned)
        throw new Error(
          `${exported} of ${total ?? 'some'} row errors of ${run.id} were exported; some were removed meanwhile`,
        );
    };
    return {
      headers: {
        'Content-Type': exportTypes[format],
        'Content-Disposition': `attachment; filename="row-errors-${run.id}.${format}"`,
        ...(total === null ? {} : { 'X-Total-Errors': String(total) }),
      },
      body: exportBody(format, { pages: first.done ? pages : startingWith(first.value, pages), checkWhole }),
    };
  }
}

function filterOf({ row_id: rowId, q: text, group, ...words }: RowErrorFilters): RowErrorFilter {
  return { ...words, rowId, text, group: group === undefined ? undefined : parseInt(group, 16) };
}
