// Owns a sync to measure: stored as the API would store it, run as the API would run it. Measures nothing itself.
import { Client } from 'pg';
import { temporalRunLauncher } from '../temporal/run-launcher';
import { DestinationStore } from '../db/configuration/destination-store';
import { ModelStore } from '../db/configuration/model-store';
import { SourceStore } from '../db/configuration/source-store';
import { SyncStore } from '../db/configuration/sync-store';
import { enqueueRun } from '../db/runs/run-queue';
import type { RunCounts } from '../domain/counts';
import type { SyncRunResult } from '../workflows/messages';
import type { BenchPlace } from './bench-place';
import { makeTarget, userColumns, usersModel } from './users-model';

/** One run, as a user would time it and as its own record has it; milliseconds. */
export interface MeasuredRun {
  /** From the trigger to the workflow's result. */
  readonly wholeMs: number;
  /** From the start of the query phase to the end of change detection. */
  readonly readMs: number;
  readonly counts: RunCounts;
}

/** A stored sync of a users table into a table of its own. */
export interface BenchSync {
  /** Runs it once. Throws when the run does not complete. */
  run(): Promise<MeasuredRun>;
}

/** Stores an upsert of the warehouse's `table` into a new, empty table of the same name in the target database. */
export async function storeSync(place: BenchPlace, table: string, name: string): Promise<BenchSync> {
  const { knex, secretKey, workspaceId } = place;
  await withClient(place.targetUrl, (client) => makeTarget(client, name));
  const common = { workspaceId, name, kind: 'postgres', config: {} };
  const source = await new SourceStore(knex, secretKey).create({
    ...common,
    secrets: { url: place.warehouseUrl },
  });
  const destination = await new DestinationStore(knex, secretKey).create({
    ...common,
    secrets: { url: place.targetUrl },
  });
  const model = await new ModelStore(knex).create({
    workspaceId,
    name,
    sourceId: source.id,
    sql: usersModel(table),
    rowKey: ['id'],
    columns: userColumns,
  });
  const sync = await new SyncStore(knex).create({
    workspaceId,
    name,
    modelId: model.id,
    destinationId: destination.id,
    mode: 'upsert',
    mapping: userColumns.map((column) => ({ column: column.name, field: column.name })),
    object: { schema: 'public', table: name },
    settings: {},
    createdBy: null,
  });
  return { run: () => runOnce(place, sync.id) };
}

async function runOnce(place: BenchPlace, syncId: string): Promise<MeasuredRun> {
  const { knex, temporal, workspaceId } = place;
  const startedMs = performance.now();
  const queued = await enqueueRun(knex, {
    workspaceId,
    syncId,
    trigger: 'api',
    kind: 'normal',
    triggeredBy: null,
    note: null,
    allowDeletes: false,
  });
  const launched = {
    ...queued,
    workspaceId,
    syncId,
    trigger: 'api',
    kind: 'normal',
    summary: 'Bench',
  } as const;
  await temporalRunLauncher(temporal).start(launched);
  const result = (await temporal.workflow.getHandle(queued.workflowId).result()) as SyncRunResult;
  const wholeMs = performance.now() - startedMs;
  const { rows } = await knex.raw<{ rows: { read_ms: number }[] }>(
    `SELECT (extract(epoch FROM max(ended_at) - min(started_at)) * 1000)::float8 AS read_ms
     FROM run_phases WHERE run_id = ? AND phase IN ('query', 'change_detection')`,
    [queued.runId],
  );
  return { wholeMs, readMs: rows[0]?.read_ms ?? Number.NaN, counts: result.counts };
}

/** Runs `work` on a connection of its own. */
export async function withClient<Result>(
  url: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
