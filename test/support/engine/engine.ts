// Gives tests the whole engine on real parts: a database of ours, a worker, a Temporal client, a warehouse, a target.
import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import {
  type ActivityInterceptorsFactory,
  DefaultLogger,
  NativeConnection,
  Runtime,
} from '@temporalio/worker';
import type { Knex } from 'knex';
import type { ActivityDeps, DeliveryWatcher } from '../../../activities/deps';
import { DestinationStore } from '../../../db/configuration/destination-store';
import { ModelStore } from '../../../db/configuration/model-store';
import { SyncStore } from '../../../db/configuration/sync-store';
import { connect } from '../../../db/connect';
import { enqueueRun, type EnqueueInput } from '../../../db/runs/run-queue';
import type { RunKind, RunOutcome, RunStatus } from '../../../domain/run';
import type { DestinationObject, FieldMapping, SyncMode, SyncSettings } from '../../../domain/sync';
import type { LinksOfRun } from '../../../db/alerts/deliveries/compose-message';
import type { DeliveryPace } from '../../../domain/alerts/delivery-pace';
import { createWorker, type RunWorker } from '../../../worker/create-worker';
import { type SyncRunInput, workflowNames } from '../../../workflows/messages';
import { aSource } from '../../factories/a-source';
import { aWorkspace, testSecretKey, uniqueSuffix } from '../../factories/a-workspace';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../database';
import { loopback } from '../outside/loopback';
import { testServers } from '../servers';

/** A run's record as Postgres has it; snake case, as the table. */
export interface RunRecord {
  id: string;
  sync_id: string;
  status: RunStatus;
  outcome: RunOutcome | null;
  rows_processed: number;
  rows_unchanged: number;
  rows_skipped: number;
  rows_created: number;
  rows_updated: number;
  rows_deleted: number;
  rows_failed: number;
  rows_not_attempted: number;
  rows_unknown: number;
  planned_deletes: number;
  counter_mismatch: number;
  failure_code: string | null;
  failure_message: string | null;
  workflow_id: string;
}

export interface SyncSketch {
  readonly sql: string;
  readonly rowKey?: readonly string[];
  readonly mode?: SyncMode;
  readonly mapping: readonly FieldMapping[];
  readonly object?: DestinationObject;
  readonly settings?: Partial<SyncSettings>;
  /** A destination of this test's own; absent: the target database. */
  readonly destination?: { kind: string; config: Record<string, unknown>; secrets: Record<string, unknown> };
  /** Another warehouse than the engine's own. */
  readonly sourceUrl?: string;
}

/** For snapshots and plans, as much as a worker has unless told otherwise: no test's runs wait for each other. */
export const ampleMemory = 1024 ** 3;

/** One engine per test file; `close` leaves nothing behind. */
export class Engine {
  private constructor(
    readonly knex: Knex,
    readonly client: Client,
    readonly warehouse: Knex,
    readonly target: Knex,
    readonly workspaceId: string,
    readonly databases: { ours: TestDatabase; warehouse: TestDatabase; target: TestDatabase },
    readonly taskQueue: string,
    private readonly stops: (() => Promise<unknown>)[],
  ) {}

  static async start({ withWorker = true } = {}): Promise<Engine> {
    const { temporalAddress } = testServers();
    const databases = {
      ours: await createTestDatabase(),
      warehouse: await createEmptyDatabase(),
      target: await createEmptyDatabase(),
    };
    const knex = connect(databases.ours.url, { poolSize: 20 });
    const warehouse = connect(databases.warehouse.url, { poolSize: 3 });
    const target = connect(databases.target.url, { poolSize: 3 });
    const connection = await Connection.connect({ address: temporalAddress });
    const taskQueue = `test-${randomBytes(6).toString('hex')}`;
    const workspaceId = (await aWorkspace(knex)).id;
    const stops: (() => Promise<unknown>)[] = [];
    const engine = new Engine(
      knex,
      new Client({ connection }),
      warehouse,
      target,
      workspaceId,
      databases,
      taskQueue,
      stops,
    );
    if (withWorker) await engine.startWorker();
    stops.push(
      () => connection.close(),
      () => Promise.all([knex.destroy(), warehouse.destroy(), target.destroy()]),
      () => Promise.all([databases.ours.drop(), databases.warehouse.drop(), databases.target.drop()]),
    );
    return engine;
  }

  async startWorker(
    options: {
      shutdownGraceMs?: number;
      sieveMemoryBytes?: number;
      concurrentWork?: number;
      concurrentInspections?: number;
      slotWaitMs?: number;
      deliveryPace?: DeliveryPace;
      deliveryWatcher?: DeliveryWatcher | undefined;
      messageLinks?: LinksOfRun;
      interceptors?: ActivityInterceptorsFactory[];
      log?: ActivityDeps['log'];
    } = {},
  ): Promise<RunWorker> {
    const { temporalAddress, bundlePath } = testServers();
    if (!Runtime._instance) {
      Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
    }
    const connection = await NativeConnection.connect({ address: temporalAddress });
    const worker = await createWorker({
      knex: this.knex,
      secretKey: testSecretKey,
      connection,
      namespace: 'default',
      bundlePath,
      log: { warn: () => undefined },
      taskQueue: this.taskQueue,
      sieveMemoryBytes: ampleMemory,
      allowedInside: loopback,
      ...options,
    });
    const running = worker.run();
    this.stops.unshift(async () => {
      worker.shutdown();
      await running;
      await connection.close();
    });
    return worker;
  }

  /** A stored sync over the engine's warehouse; its model's columns are taken from the mapping. */
  async sync(sketch: SyncSketch): Promise<string> {
    const { workspaceId, knex } = this;
    const source = await aSource(knex, {
      workspaceId,
      url: sketch.sourceUrl ?? this.databases.warehouse.url,
    });
    const model = await new ModelStore(knex).create({
      workspaceId,
      name: `Model ${uniqueSuffix()}`,
      sourceId: source.id,
      sql: sketch.sql,
      rowKey: sketch.rowKey ?? ['id'],
      columns: sketch.mapping.map(({ column }) => ({ name: column, type: 'text' })),
    });
    const destination = await new DestinationStore(knex, testSecretKey).create({
      workspaceId,
      name: `Destination ${uniqueSuffix()}`,
      ...(sketch.destination ?? {
        kind: 'postgres',
        config: {},
        secrets: { url: this.databases.target.url },
      }),
    });
    const sync = await new SyncStore(knex).create({
      workspaceId,
      name: `Sync ${uniqueSuffix()}`,
      modelId: model.id,
      destinationId: destination.id,
      mode: sketch.mode ?? 'upsert',
      mapping: sketch.mapping,
      object: sketch.object ?? {},
      settings: sketch.settings ?? {},
      createdBy: null,
    });
    return sync.id;
  }

  /** Queues a run and starts its workflow, as the API does. */
  async trigger(syncId: string, overrides: Partial<EnqueueInput> = {}): Promise<string> {
    const kind: RunKind = overrides.kind ?? 'normal';
    const queued = await enqueueRun(this.knex, {
      workspaceId: this.workspaceId,
      syncId,
      trigger: 'api',
      kind,
      triggeredBy: null,
      note: null,
      allowDeletes: false,
      ...overrides,
    });
    const input: SyncRunInput = {
      workspaceId: this.workspaceId,
      syncId,
      runId: queued.runId,
      trigger: 'api',
      kind,
    };
    await this.client.workflow.start(workflowNames.syncRun, {
      taskQueue: this.taskQueue,
      workflowId: queued.workflowId,
      args: [input],
    });
    return queued.runId;
  }

  /** Triggers a run and waits until it has ended, however it ended. */
  async run(syncId: string, overrides: Partial<EnqueueInput> = {}): Promise<RunRecord> {
    const runId = await this.trigger(syncId, overrides);
    return this.ended(runId);
  }

  async ended(runId: string): Promise<RunRecord> {
    await this.client.workflow
      .getHandle(runId)
      .result()
      .catch((error: unknown) => {
        if ((error as Error).name !== 'WorkflowFailedError') throw error;
      });
    return this.record(runId);
  }

  async record(runId: string): Promise<RunRecord> {
    const { rows } = await this.knex.raw<{ rows: RunRecord[] }>(`SELECT * FROM runs WHERE id = ?`, [runId]);
    const row = rows[0];
    if (!row) throw new Error(`run ${runId} has no record`);
    return row;
  }

  async close(): Promise<void> {
    for (const stop of this.stops) await stop();
  }
}
