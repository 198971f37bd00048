// Owns POST /syncs/{id}/trigger: the run's row first, then its workflow. A trigger survives an outage of Temporal.
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { DestinationStore } from '../../db/configuration/destination-store';
import type { ModelStore } from '../../db/configuration/model-store';
import type { StoredSync, SyncStore } from '../../db/configuration/sync-store';
import { enqueueRun } from '../../db/runs/run-queue';
import { runDetail } from '../../db/views/run-detail-view';
import { notFound } from '../errors';
import { type Route, route } from '../route';
import type { LaunchedRun, RunLauncher } from '../../temporal/run-launcher';
import { presentRunDetail } from '../runs/presenter';
import type { TemporalUi } from '../temporal-ui';
import { newTrigger } from './schema';

export interface TriggerRouteDependencies {
  readonly knex: Knex;
  readonly syncs: SyncStore;
  readonly models: ModelStore;
  readonly destinations: DestinationStore;
  readonly launcher: RunLauncher;
  readonly temporalUi: TemporalUi | null;
  readonly logger: Logger;
}

export function triggerRoute(deps: TriggerRouteDependencies): Route {
  const { knex, syncs, temporalUi } = deps;
  return route({
    method: 'POST',
    path: '/syncs/:sync_id/trigger',
    scope: 'trigger',
    body: newTrigger,
    async handle({ workspaceId, tokenId, requestId, body, param }) {
      const sync = await syncs.find(workspaceId, param('sync_id'));
      if (!sync) throw notFound('This sync');
      const trigger = 'api';
      const { kind, note, allow_deletes: allowDeletes } = body;
      const choice = { workspaceId, syncId: sync.id, trigger, kind } as const;
      const queued = await enqueueRun(knex, { ...choice, triggeredBy: tokenId, note, allowDeletes });
      const { runId, workflowId, admitted } = queued;
      const summary = await summaryOf(deps, sync);
      await launch(deps, { ...choice, runId, workflowId, summary: `${summary} (${trigger})` }, requestId);
      const run = await runDetail(knex, workspaceId, sync.id, runId);
      if (!run) throw new Error(`run ${runId} vanished after it was queued`);
      return {
        status: 202,
        headers: { Location: `/api/v1/syncs/${sync.id}/runs/${runId}` },
        body: { ...presentRunDetail(run, temporalUi), state: admitted ? 'started' : 'queued' },
      };
    },
  });
}

// The run stays queued without its workflow, and is started when Temporal is back: the caller need not know.
async function launch(deps: TriggerRouteDependencies, run: LaunchedRun, requestId: string): Promise<void> {
  try {
    await deps.launcher.start(run);
  } catch (error) {
    deps.logger.warn(
      { request_id: requestId, run_id: run.runId, err: error },
      'the workflow of a run could not be started; the run stays queued',
    );
  }
}

async function summaryOf(
  { models, destinations }: TriggerRouteDependencies,
  sync: StoredSync,
): Promise<string> {
  const [model, destination] = await Promise.all([
    models.find(sync.workspaceId, sync.modelId),
    destinations.find(sync.workspaceId, sync.destinationId),
  ]);
  return `${model?.name ?? sync.modelId} → ${destination?.name ?? sync.destinationId}`;
}
