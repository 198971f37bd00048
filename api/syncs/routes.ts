// Owns the routes that create and read syncs. Changing one is patch-route's, triggering trigger-route's, its runs are runs/.
import type { Knex } from 'knex';
import type { DestinationStore, StoredDestination } from '../../db/configuration/destination-store';
import { ModelStore, type StoredModel } from '../../db/configuration/model-store';
import { SyncStore } from '../../db/configuration/sync-store';
import { lastRun } from '../../db/views/run-history-view';
import { type Fault, unprocessable } from '../errors';
import { configurationQuery } from '../fields';
import { listed } from '../lists/listed';
import { paged, pageRequest } from '../lists/paged';
import { type Route, route } from '../route';
import { syncDetailAnswer, syncListAnswer } from './answers';
import { faultsOfSync } from './sync-faults';
import { etagOfDetail } from './etag';
import { presentSync, presentSyncDetail } from './presenter';
import { applySoon, type ApplySoonDependencies } from './apply-soon';
import { scheduleOf } from './schedule/schema';
import { newSync, type NewSyncBody, settingsOf } from './schema';

export interface SyncRoutesDependencies extends ApplySoonDependencies {
  readonly knex: Knex;
  readonly syncs: SyncStore;
  readonly models: ModelStore;
  readonly destinations: DestinationStore;
}

export function syncRoutes(deps: SyncRoutesDependencies): Route[] {
  const { knex, syncs } = deps;
  return [
    route({
      method: 'GET',
      path: '/syncs',
      scope: 'read',
      tag: 'Syncs',
      summary: 'List syncs',
      query: configurationQuery,
      answers: { 200: syncListAnswer },
      async handle({ workspaceId, query }) {
        const request = pageRequest(query);
        return { body: paged(await syncs.list(workspaceId, query, request), request, listed(presentSync)) };
      },
    }),
    route({
      method: 'POST',
      path: '/syncs',
      scope: 'write',
      tag: 'Syncs',
      summary: 'Create a sync',
      body: newSync,
      answers: { 201: syncDetailAnswer },
      problems: ['name_taken', 'unprocessable'],
      async handle({ workspaceId, tokenId, requestId, body }) {
        const destination = await deps.destinations.find(workspaceId, body.destination_id);
        const sync = await knex.transaction(async (trx) => {
          // Held, so that it still has these columns when the sync is there.
          const model = await ModelStore.held(trx, workspaceId, body.model_id);
          assertFits(body, model, destination);
          return new SyncStore(trx).create({
            workspaceId,
            name: body.name,
            modelId: body.model_id,
            destinationId: body.destination_id,
            mode: body.mode,
            mapping: body.mapping,
            object: objectOf(body.object),
            settings: settingsOf(body.settings),
            schedule: body.schedule && scheduleOf(body.schedule),
            overlapPolicy: body.overlap_policy,
            createdBy: tokenId,
          });
        });
        if (sync.schedule) await applySoon(deps, sync.id, requestId);
        const headers = { Location: `/api/v1/syncs/${sync.id}` };
        const etag = etagOfDetail(sync, null);
        return { status: 201, headers, etag, body: presentSyncDetail(sync, null) };
      },
    }),
    route({
      method: 'GET',
      path: '/syncs/:sync_id',
      scope: 'read',
      tag: 'Syncs',
      summary: 'Read a sync and its newest run',
      answers: { 200: syncDetailAnswer },
      problems: ['not_found'],
      async handle({ workspaceId, param }) {
        const sync = await syncs.get(workspaceId, param('sync_id'));
        const run = await lastRun(knex, workspaceId, sync.id);
        return { etag: etagOfDetail(sync, run), body: presentSyncDetail(sync, run) };
      },
    }),
  ];
}

function assertFits(
  body: NewSyncBody,
  model: StoredModel | null,
  destination: StoredDestination | null,
): void {
  const faults: Fault[] = [];
  if (!model) {
    faults.push({ pointer: '/model_id', code: 'unknown_model', detail: 'This model does not exist.' });
  }
  if (!destination) {
    const detail = 'This destination does not exist.';
    faults.push({ pointer: '/destination_id', code: 'unknown_destination', detail });
  }
  const config = { ...body, object: objectOf(body.object) };
  if (model && destination) faults.push(...faultsOfSync(config, model, destination));
  if (faults.length > 0) throw unprocessable(faults);
}

function objectOf({ schema, table }: NewSyncBody['object']): { schema?: string; table?: string } {
  return { ...(schema === undefined ? {} : { schema }), ...(table === undefined ? {} : { table }) };
}
