// Owns a sync to measure: stored in our database, run through the API as a user would run it. Measures nothing itself.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DestinationStore } from '../../db/configuration/destination-store';
import { ModelStore } from '../../db/configuration/model-store';
import { SourceStore } from '../../db/configuration/source-store';
import { SyncStore } from '../../db/configuration/sync-store';
import type { RunCounts } from '../../domain/counts';
import type { Phase } from '../../domain/phase';
import type { SyncMode } from '../../domain/sync';
import type { BenchPlace } from '../bench-place';
import { withClient } from './bench-client';
import { makeTarget, userColumns, usersModel } from './users-model';

/** One run, as a user would time it and as its own record has it; milliseconds. */
export interface MeasuredRun {
  /** From the trigger to the workflow's result. */
  readonly wholeMs: number;
  /** From the start of the query phase to the end of change detection. */
  readonly readMs: number;
  /** From the start to the end of the destination writes; NaN when nothing was written. */
  readonly writeMs: number;
  readonly counts: RunCounts;
}

/** A stored sync of users. */
export interface BenchSync {
  readonly id: string;
  /** Runs it once. Throws when the run does not complete. `allow_deletes`: however many rows left the model. */
  run(asked?: { readonly allow_deletes: boolean }): Promise<MeasuredRun>;
}

interface BenchDestination {
  readonly kind: string;
  readonly config: Record<string, unknown>;
  readonly secrets: Record<string, unknown>;
  readonly object: Record<string, string>;
}

// A minute and more: by then it is not for want of room.
const mostTries = 30;

/** Stores a sync of the warehouse's `table` (or view) into a new, empty table called `name` in the target database. */
export async function storeSync(
  place: BenchPlace,
  table: string,
  name: string,
  mode: SyncMode = 'upsert',
): Promise<BenchSync> {
  await withClient(place.targetUrl, (client) => makeTarget(client, name));
  const destination = {
    kind: 'postgres',
    config: {},
    secrets: { url: place.targetUrl },
    object: { schema: 'public', table: name },
  };
  return storeSyncInto(place, table, name, destination, mode);
}

/** Stores a sync of the warehouse's `table` (or view) into any destination. */
export async function storeSyncInto(
  place: BenchPlace,
  table: string,
  name: string,
  { kind, config, secrets, object }: BenchDestination,
  mode: SyncMode = 'upsert',
): Promise<BenchSync> {
  const { knex, secretKey, workspaceId } = place;
  const source = await new SourceStore(knex, secretKey).create({
    workspaceId,
    name,
    kind: 'postgres',
    config: {},
    secrets: { url: place.warehouseUrl },
  });
  const destination = await new DestinationStore(knex, secretKey).create({
    workspaceId,
    name,
    kind,
    config,
    secrets,
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
    mode,
    mapping: userColumns.map((column) => ({ column: column.name, field: column.name })),
    object,
    settings: {},
    createdBy: null,
  });
  return { id: sync.id, run: (asked = { allow_deletes: false }) => runOnce(place, sync.id, asked) };
}

async function runOnce(place: BenchPlace, syncId: string, asked: object): Promise<MeasuredRun> {
  const startedMs = performance.now();
  const { id } = await ask<{ id: string }>(place, 'POST', `/syncs/${syncId}/trigger`, asked);
  // From outside: a run of the API has the same id as its workflow.
  const { counts } = (await place.temporal.workflow.getHandle(id).result()) as { counts: RunCounts };
  const wholeMs = performance.now() - startedMs;
  const { phases } = await ask<{ phases: PhaseTimes[] }>(place, 'GET', `/syncs/${syncId}/runs/${id}`);
  const [query, detection, writes] = (['query', 'change_detection', 'destination_writes'] as const).map(
    (wanted) => phases.find(({ phase }) => phase === wanted),
  );
  return {
    wholeMs,
    readMs: between(query?.started_at, detection?.ended_at),
    writeMs: between(writes?.started_at, writes?.ended_at),
    counts,
  };
}

interface PhaseTimes {
  readonly phase: Phase;
  readonly started_at: string;
  readonly ended_at: string;
}

function between(from: string | undefined, to: string | undefined): number {
  return from === undefined || to === undefined ? Number.NaN : Date.parse(to) - Date.parse(from);
}

/** As a good client asks: again under the same key when the API has no room just then, as it says for five hundred at once. */
async function ask<Answer>(
  { api }: BenchPlace,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const headers = {
    Authorization: `Bearer ${api.token}`,
    ...(body === undefined ? {} : { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() }),
  };
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(`${api.url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.ok) return (await answer.json()) as Answer;
    const said = await answer.text();
    if (answer.status !== 503 || tries === mostTries)
      throw new Error(`${method} ${path} answered ${answer.status}: ${said}`);
    await sleep(1_000 * Number(answer.headers.get('Retry-After') ?? 1));
  }
}
