// Owns composing one worker: database, connectors, activities, Temporal. What main and the tests both use.
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Knex } from 'knex';
import { createActivities } from '../activities/index';
import type { ActivityDeps } from '../activities/deps';
import { openDestination, openSource } from '../connectors/registry';
import { DestinationStore } from '../db/configuration/destination-store';
import { SourceStore } from '../db/configuration/source-store';
import { createHasher } from '../diff/hasher';
import { taskQueue } from '../workflows/messages';

export interface WorkerOptions {
  readonly knex: Knex;
  /** 32 bytes that open the stored credentials. */
  readonly secretKey: Buffer;
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Path of the prebuilt workflow bundle. */
  readonly bundlePath: string;
  readonly log: ActivityDeps['log'];
  /** Another queue than the product's, for tests that share one server. */
  readonly taskQueue?: string;
  /** How long running activities may go on after a shutdown began; 5 s unless a test is in a hurry. */
  readonly shutdownGraceMs?: number;
}

/** What activities work with, over the real stores and connectors. */
export async function activityDeps(
  options: Pick<WorkerOptions, 'knex' | 'secretKey' | 'log'>,
): Promise<ActivityDeps> {
  const sources = new SourceStore(options.knex, options.secretKey);
  const destinations = new DestinationStore(options.knex, options.secretKey);
  return {
    knex: options.knex,
    hasher: await createHasher(),
    openSource: async (workspaceId, sourceId) => openSource(await sources.connection(workspaceId, sourceId)),
    openDestination: async (workspaceId, destinationId) =>
      openDestination(await destinations.connection(workspaceId, destinationId)),
    log: options.log,
  };
}

/** A worker that polls once `run` is called. */
export async function createWorker(options: WorkerOptions): Promise<Worker> {
  return Worker.create({
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue ?? taskQueue,
    workflowBundle: { codePath: options.bundlePath },
    activities: createActivities(await activityDeps(options)),
    // The cancel of a run is noticed in the answer to a heartbeat: one a second, not one in 60 s.
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
    // Each active run holds a snapshot in memory and a few database connections.
    maxConcurrentActivityTaskExecutions: 20,
    // Activities hand over at the next batch; a batch may take its destination's deadline.
    shutdownGraceTime: options.shutdownGraceMs ?? 5_000,
    shutdownForceTime: '30s',
  });
}
