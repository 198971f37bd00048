// Retries runs for tests of the engine, as the API does. Owns no rule of retrying.
import { enqueueRetry, type RetryInput } from '../../../db/runs/enqueue-retry';
import { type SyncRunInput, workflowNames } from '../../../workflows/messages';
import type { Engine, RunRecord } from './engine';
import { eventsOf } from './run-facts';

/** Puts a retry into the queue without starting its workflow; returns its id. */
export async function queueRetry(
  engine: Engine,
  run: Pick<RunRecord, 'id' | 'sync_id'>,
  overrides: Partial<RetryInput> = {},
): Promise<string> {
  const queued = await enqueueRetry(engine.knex, {
    workspaceId: engine.workspaceId,
    syncId: run.sync_id,
    retryOf: run.id,
    scope: 'all',
    trigger: 'api',
    kind: 'normal',
    triggeredBy: null,
    note: null,
    allowDeletes: false,
    ...overrides,
  });
  if (!queued) throw new Error(`run ${run.id} is not there`);
  return queued.runId;
}

/** Starts the workflow of a queued run and waits until it has ended. */
export async function startQueued(engine: Engine, runId: string): Promise<RunRecord> {
  const run = await engine.knex('runs').where({ id: runId }).first();
  const input: SyncRunInput = {
    workspaceId: engine.workspaceId,
    syncId: run.sync_id,
    runId,
    trigger: run.trigger,
    kind: run.kind,
  };
  await engine.client.workflow.start(workflowNames.syncRun, {
    taskQueue: engine.taskQueue,
    workflowId: run.workflow_id,
    args: [input],
  });
  return engine.ended(runId);
}

/** Retries an ended run and waits for the new one. */
export async function retry(
  engine: Engine,
  run: Pick<RunRecord, 'id' | 'sync_id'>,
  overrides: Partial<RetryInput> = {},
): Promise<RunRecord> {
  return startQueued(engine, await queueRetry(engine, run, overrides));
}

/** What the run's plan says of rows out of its scope; undefined when it has none. */
export async function outOfScope(engine: Engine, runId: string): Promise<unknown> {
  const events = await eventsOf(engine, runId);
  return events.find(({ type }) => type === 'changes_planned')?.detail['out_of_scope'];
}
