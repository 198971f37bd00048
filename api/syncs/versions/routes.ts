// Owns the routes that read the versions of a sync's configuration.
import type { Knex } from 'knex';
import type { SyncStore } from '../../../db/configuration/sync-store';
import { findSyncVersion, syncVersions } from '../../../db/views/sync-versions-view';
import { notFound } from '../../errors';
import { versionNumber } from '../../fields';
import { listed } from '../../lists/listed';
import { paged, pageRequest } from '../../lists/paged';
import { type Route, route } from '../../route';
import { syncVersionAnswer, syncVersionListAnswer } from './answers';
import { presentVersion, presentVersionDetail } from './presenter';
import { versionsQuery } from '../schema';

export interface VersionRoutesDependencies {
  readonly knex: Knex;
  readonly syncs: SyncStore;
}

export function versionRoutes({ knex, syncs }: VersionRoutesDependencies): Route[] {
  return [
    route({
      method: 'GET',
      path: '/syncs/:sync_id/versions',
      scope: 'read',
      tag: 'Syncs',
      summary: 'List the versions of a sync, newest first: who changed what',
      query: versionsQuery,
      answers: { 200: syncVersionListAnswer },
      problems: ['not_found'],
      async handle({ workspaceId, query, param }) {
        const syncId = param('sync_id');
        await syncs.assertHistory(workspaceId, syncId);
        const request = pageRequest(query);
        const page = await syncVersions(knex, { workspaceId, syncId }, request);
        return { body: paged(page, request, listed(presentVersion)) };
      },
    }),
    route({
      method: 'GET',
      path: '/syncs/:sync_id/versions/:version',
      scope: 'read',
      tag: 'Syncs',
      summary: 'Read one version of a sync whole',
      answers: { 200: syncVersionAnswer },
      problems: ['not_found'],
      async handle({ workspaceId, param }) {
        const syncId = param('sync_id');
        await syncs.assertHistory(workspaceId, syncId);
        const number = versionNumber(param('version'));
        const found = number && (await findSyncVersion(knex, { workspaceId, syncId }, number));
        if (!found) throw notFound('This version');
        return { body: presentVersionDetail(found) };
      },
    }),
  ];
}
