// Owns composing one worker: database, connectors, activities, Temporal. What main and the tests both use.
import {
  type ActivityInterceptorsFactory,
  NativeConnection,
  Worker,
  type WorkerOptions as TemporalWorkerOptions,
} from '@temporalio/worker';
import type { Knex } from 'knex';
import { createActivities } from '../activities/index';
import { SieveMemory } from '../activities/memory/sieve-memory';
import type { ActivityDeps, DeliveryWatcher } from '../activities/deps';
import { addressGuard } from '../connectors/address-guard';
import { openAlertChannel, openDestination, openSource } from '../connectors/registry';
import { ChannelStore } from '../db/alerts/channel-store';
import type { LinksOfRun } from '../db/alerts/deliveries/compose-message';
import { DestinationStore } from '../db/configuration/destination-store';
import { DestinationPace } from '../db/destination-pace';
import { PreviewStore } from '../db/preview-store';
import { SourceStore } from '../db/configuration/source-store';
import type { SecretKey } from '../db/seal';
import { createHasher } from '../diff/hasher';
import { type DeliveryPace, deliveryPace } from '../domain/alerts/delivery-pace';
import { deliveryQueueOf, inspectionQueueOf, taskQueue, workQueueOf } from '../workflows/messages';

export interface WorkerOptions {
  readonly knex: Knex;
  /** Opens the stored credentials. */
  readonly secretKey: SecretKey;
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Path of the prebuilt workflow bundle. */
  readonly bundlePath: string;
  readonly log: ActivityDeps['log'];
  /** Watch what activities do; absent: nobody does. */
  readonly interceptors?: ActivityInterceptorsFactory[];
  /** Another queue than the product's, for tests that share one server. */
  readonly taskQueue?: string;
  /** What the runs have for snapshots and plans together. */
  readonly sieveMemoryBytes: number;
  /** Addresses and networks inside that HTTP destinations and alert channels may be called at. */
  readonly allowedInside: readonly string[];
  /** Where readers of messages look further; absent: messages have no links. */
  readonly messageLinks?: LinksOfRun;
  /** How long messages wait for their next try; as in production unless a test is in a hurry. */
  readonly deliveryPace?: DeliveryPace;
  /** Hears what becomes of messages; absent: nobody does. */
  readonly deliveryWatcher?: DeliveryWatcher | undefined;
  /** How many runs are worked on at once; 20 unless a test wants a worker that is soon full. */
  readonly concurrentWork?: number;
  /** How many inspections are made at once; 8 unless a test wants a worker that is soon full. */
  readonly concurrentInspections?: number;
  /** How long running activities may go on after a shutdown began; 5 s unless a test is in a hurry. */
  readonly shutdownGraceMs?: number;
  /** How long a batch waits for a call of the others to end; as the destination says unless a test is in a hurry. */
  readonly slotWaitMs?: number;
}

const nobody: DeliveryWatcher = {
  tried: () => undefined,
  failed: () => undefined,
  switchedOff: () => undefined,
};

/** What activities work with, over the real stores and connectors. */
async function activityDeps(
  options: Pick<
    WorkerOptions,
    | 'knex'
    | 'secretKey'
    | 'log'
    | 'sieveMemoryBytes'
    | 'allowedInside'
    | 'messageLinks'
    | 'deliveryPace'
    | 'deliveryWatcher'
    | 'concurrentWork'
    | 'slotWaitMs'
  >,
): Promise<ActivityDeps> {
  const sources = new SourceStore(options.knex, options.secretKey);
  const destinations = new DestinationStore(options.knex, options.secretKey);
  const channels = new ChannelStore(options.knex, options.secretKey);
  const guard = addressGuard(options.allowedInside);
  return {
    knex: options.knex,
    hasher: await createHasher(),
    sieveMemory: new SieveMemory(
      options.sieveMemoryBytes,
      Math.floor((options.concurrentWork ?? concurrentWork) * waitingShare),
    ),
    openSource: async (workspaceId, sourceId) => openSource(await sources.connection(workspaceId, sourceId)),
    openDestination: async (workspaceId, destinationId) =>
      openDestination(
        await destinations.connection(workspaceId, destinationId),
        new DestinationPace(options.knex, workspaceId, destinationId),
        { guard, slotWaitMs: options.slotWaitMs },
      ),
    openAlertChannel: async (workspaceId, channelId) =>
      openAlertChannel(await channels.connection(workspaceId, channelId), guard),
    messageLinks: options.messageLinks ?? (() => null),
    deliveryPace: options.deliveryPace ?? deliveryPace,
    deliveryWatcher: options.deliveryWatcher ?? nobody,
    previews: new PreviewStore(options.knex, options.secretKey),
    log: options.log,
  };
}

/** The pollers of one worker process: runs and what is brief about them, the work itself, inspections, and alert channels. */
export interface RunWorker {
  /** Polls until `shutdown`; rejects when one of them fails, once all have ended. */
  run(): Promise<void>;
  /** Takes no new work and hands over what is in hand; asked a second time it does nothing. */
  shutdown(): void;
}

// Each active run holds a snapshot in memory and a few database connections.
const concurrentWork = 20;
// Of these slots: runs that wait for memory keep no more from those that need little of it or none, as writing does.
const waitingShare = 0.5;
// Single transactions: they need a connection each for a moment, so more of them would only wait for one.
const concurrentBrief = 40;
// Each holds a connection to somebody's server and, of a preview, a megabyte of rows for as long as people wait.
const concurrentInspections = 8;

// Each waits for one call, of ten seconds at most, and holds a connection for a moment before and after it. A hundred
// channels that hang at once hold up no other one.
const concurrentDeliveries = 100;

/** A worker that polls once `run` is called. */
export async function createWorker(options: WorkerOptions): Promise<RunWorker> {
  const queue = options.taskQueue ?? taskQueue;
  const common = {
    connection: options.connection,
    namespace: options.namespace,
    activities: createActivities(await activityDeps(options)),
    interceptors: { activity: options.interceptors ?? [] },
    // The cancel of a run is noticed in the answer to a heartbeat: one a second, not one in 60 s.
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
    // Activities hand over at the next batch; a batch may take its destination's deadline.
    shutdownGraceTime: options.shutdownGraceMs ?? 5_000,
    shutdownForceTime: '30s',
  } satisfies Partial<TemporalWorkerOptions>;
  const workers = await Promise.all([
    Worker.create({
      ...common,
      taskQueue: queue,
      workflowBundle: { codePath: options.bundlePath },
      // What a workflow is to be told goes to the worker that has it in memory, and to any other one after this: a dead
      // one may hold a cancel up that long, and ten seconds, the default, are all that a cancel may take.
      stickyQueueScheduleToStartTimeout: '2s',
      maxConcurrentActivityTaskExecutions: concurrentBrief,
    }),
    Worker.create({
      ...common,
      taskQueue: workQueueOf(queue),
      maxConcurrentActivityTaskExecutions: options.concurrentWork ?? concurrentWork,
    }),
    Worker.create({
      ...common,
      taskQueue: inspectionQueueOf(queue),
      maxConcurrentActivityTaskExecutions: options.concurrentInspections ?? concurrentInspections,
    }),
    Worker.create({
      ...common,
      taskQueue: deliveryQueueOf(queue),
      maxConcurrentActivityTaskExecutions: concurrentDeliveries,
    }),
  ]);
  const shutdown = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  return {
    async run() {
      // One that fails alone would leave runs that are queued and closed, but never worked on.
      const ends = await Promise.allSettled(workers.map((worker) => worker.run().finally(shutdown)));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
    shutdown,
  };
}
