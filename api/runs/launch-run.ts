// Owns what follows once a run stands in the queue: its workflow is started and the caller is answered. Queues nothing.
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { DestinationStore } from '../../db/configuration/destination-store';
import type { ModelStore } from '../../db/configuration/model-store';
import type { StoredSync, SyncStore } from '../../db/configuration/sync-store';
import type { EnqueuedRun } from '../../db/runs/run-queue';
import { runDetail } from '../../db/views/run-detail-view';
import type { LaunchedRun, RunLauncher } from '../../temporal/run-launcher';
import { afterCommit, type AfterCommitDependencies } from '../after-commit';
import type { RouteAnswer } from '../route';
import type { TemporalUi } from '../../temporal/web-ui';
import { presentRunDetail } from './presenter';

export interface LaunchDependencies extends AfterCommitDependencies {
  readonly knex: Knex;
  readonly syncs: SyncStore;
  readonly models: ModelStore;
  readonly destinations: DestinationStore;
  readonly launcher: RunLauncher;
  readonly temporalUi: TemporalUi | null;
  readonly logger: Logger;
}

/** What the Temporal Web UI is told of the run, and the request that asked for it. */
export type LaunchChoice = Pick<LaunchedRun, 'trigger' | 'kind' | 'note' | 'retryOf'> & {
  readonly requestId: string;
};

/** Starts the workflow of a queued run and answers 202 with the run; an outage of Temporal changes nothing in that. */
export async function launchRun(
  deps: LaunchDependencies,
  sync: StoredSync,
  { runId, workflowId, admitted }: EnqueuedRun,
  { requestId, ...choice }: LaunchChoice,
): Promise<RouteAnswer> {
  const { knex, temporalUi } = deps;
  const { workspaceId, id: syncId } = sync;
  const summary = `${await titleOf(deps, sync)} (${choice.trigger})`;
  const launched = { ...choice, workspaceId, syncId, syncName: sync.name, runId, workflowId, summary };
  await afterCommit(deps, () => start(deps, launched, requestId));
  const run = await runDetail(knex, workspaceId, syncId, runId);
  if (!run) throw new Error(`run ${runId} vanished after it was queued`);
  return {
    status: 202,
    headers: { Location: `/api/v1/syncs/${syncId}/runs/${runId}` },
    body: { ...presentRunDetail(run, temporalUi), state: admitted ? 'started' : 'queued' },
  };
}

// The run stays queued without its workflow, and is started when Temporal is back: the caller need not know.
async function start(deps: LaunchDependencies, run: LaunchedRun, requestId: string): Promise<void> {
  try {
    await deps.launcher.start(run);
  } catch (error) {
    deps.logger.warn(
      { request_id: requestId, run_id: run.runId, err: error },
      'the workflow of a run could not be started; the run stays queued',
    );
  }
}

async function titleOf({ models, destinations }: LaunchDependencies, sync: StoredSync): Promise<string> {
  const [model, destination] = await Promise.all([
    models.find(sync.workspaceId, sync.modelId),
    destinations.find(sync.workspaceId, sync.destinationId),
  ]);
  return `${model?.name ?? sync.modelId} → ${destination?.name ?? sync.destinationId}`;
}
