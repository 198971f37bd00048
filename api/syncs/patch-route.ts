// Owns PATCH /syncs/{id}: what is to change is merged, checked as a new sync is, and stored as a version of its own.
import type { Knex } from 'knex';
import { changeSync, type SyncDefinition } from '../../db/configuration/change-sync';
import type { DestinationStore, StoredDestination } from '../../db/configuration/destination-store';
import { ModelStore, type StoredModel } from '../../db/configuration/model-store';
import type { StoredSync, SyncStore } from '../../db/configuration/sync-store';
import { rowsSentTo } from '../../db/snapshot/sent-rows';
import { lastRun } from '../../db/views/run-history-view';
import type { DestinationObject } from '../../domain/sync';
import { changedMembers, syncChanges } from '../../domain/sync-changes';
import { type Fault, unprocessable } from '../errors';
import { type Route, route } from '../route';
import { syncDetailAnswer } from './answers';
import { faultsOfInsert, faultsOfSync } from './sync-faults';
import { assertSyncMatch, etagOfDetail } from './etag';
import { presentSyncDetail } from './presenter';
import { settingsOf, syncPatch, type SyncPatchBody } from './schema';

export interface PatchRouteDependencies {
  readonly knex: Knex;
  readonly syncs: SyncStore;
  readonly destinations: DestinationStore;
}

export function patchRoute({ knex, syncs, destinations }: PatchRouteDependencies): Route {
  return route({
    method: 'PATCH',
    path: '/syncs/:sync_id',
    scope: 'write',
    tag: 'Syncs',
    summary: 'Change a sync',
    body: syncPatch,
    answers: { 200: syncDetailAnswer },
    problems: ['not_found', 'name_taken', 'precondition_failed', 'precondition_required', 'unprocessable'],
    async handle({ workspaceId, tokenId, body, param, header }) {
      const place = { workspaceId, syncId: param('sync_id') };
      const { modelId, destinationId } = await syncs.get(workspaceId, place.syncId);
      const destination = await destinations.find(workspaceId, destinationId);
      const sync = await changeSync(knex, place, tokenId, async (current, trx) => {
        assertSyncMatch(header('if-match'), current);
        const wanted = merged(current, body);
        const faults = fixedFaults(current, body);
        // A name can be changed whether or not the sync fits its model still.
        if (changedMembers(syncChanges(current, wanted)).length > 0) {
          const model = await ModelStore.held(trx, workspaceId, modelId);
          faults.push(...faultsOfConfig(wanted, model, destination));
          faults.push(...faultsOfInsert(wanted, await rowsSentTo(trx, place)));
        }
        if (faults.length > 0) throw unprocessable(faults);
        return wanted;
      });
      const run = await lastRun(knex, workspaceId, place.syncId);
      return { etag: etagOfDetail(sync, run), body: presentSyncDetail(sync, run) };
    },
  });
}

function merged(sync: StoredSync, body: SyncPatchBody): SyncDefinition {
  return {
    name: body.name ?? sync.name,
    overlapPolicy: body.overlap_policy ?? sync.overlapPolicy,
    mode: body.mode ?? sync.mode,
    mapping: body.mapping ?? sync.mapping,
    object: mergedObject(sync.object, body.object ?? {}),
    settings: { ...sync.settings, ...settingsOf(body.settings ?? {}) },
  };
}

function mergedObject(
  object: DestinationObject,
  patch: NonNullable<SyncPatchBody['object']>,
): DestinationObject {
  const { schema = object.schema, table = object.table } = patch;
  return { ...(schema && { schema }), ...(table && { table }) };
}

// Both are what the sync's runs, snapshot and row errors speak of.
function fixedFaults(sync: StoredSync, body: SyncPatchBody): Fault[] {
  const fault = (pointer: string, what: string): Fault => ({
    pointer,
    code: 'not_changeable',
    detail: `A sync stays with its ${what}: its runs and its snapshot speak of that one. Make a new sync.`,
  });
  return [
    ...(body.model_id === undefined || body.model_id === sync.modelId ? [] : [fault('/model_id', 'model')]),
    ...(body.destination_id === undefined || body.destination_id === sync.destinationId
      ? []
      : [fault('/destination_id', 'destination')]),
  ];
}

function faultsOfConfig(
  wanted: SyncDefinition,
  model: StoredModel | null,
  destination: StoredDestination | null,
): Fault[] {
  if (!model || !destination) throw new Error('a sync has lost its model or its destination');
  return faultsOfSync(wanted, model, destination);
}
