// Owns looking at a source, a destination, a model or a sync for the API. Reads only, keeps nothing.
import { ConnectorFailure } from '../connectors/connector-failure';
import type { CheckReport, ModelColumn } from '../connectors/source';
import { ModelStore } from '../db/configuration/model-store';
import { SyncStore } from '../db/configuration/sync-store';
import type { Failure } from '../domain/failure';
import { type Attempt, inAttempt } from './attempt/attempt';
import { deliveryTarget } from './delivery/delivery-target';
import type { ActivityDeps } from './deps';

export type InspectActivityInput =
  | { readonly what: 'source'; readonly workspaceId: string; readonly sourceId: string }
  | { readonly what: 'destination'; readonly workspaceId: string; readonly destinationId: string }
  | { readonly what: 'model'; readonly workspaceId: string; readonly sourceId: string; readonly sql: string }
  | { readonly what: 'sync'; readonly workspaceId: string; readonly syncId: string };

export interface Inspection extends CheckReport {
  readonly columns?: readonly Pick<ModelColumn, 'name' | 'type'>[];
  readonly failure?: Failure;
}

export function inspectActivity(deps: ActivityDeps) {
  return (input: InspectActivityInput): Promise<Inspection> =>
    inAttempt(deps, {}, async (attempt) => {
      try {
        return await inspect(deps, input, attempt);
      } catch (error) {
        if (!(error instanceof ConnectorFailure)) throw error;
        return { ok: false, message: error.failure.message, details: {}, failure: error.failure };
      }
    });
}

async function inspect(
  deps: ActivityDeps,
  input: InspectActivityInput,
  { signal }: Attempt,
): Promise<Inspection> {
  if (input.what === 'destination') {
    const destination = await deps.openDestination(input.workspaceId, input.destinationId);
    try {
      return await destination.check(signal);
    } finally {
      await destination.close();
    }
  }
  if (input.what === 'sync') return proveWrites(deps, input, signal);
  const source = await deps.openSource(input.workspaceId, input.sourceId);
  try {
    if (input.what === 'source') return await source.check(signal);
    const columns = await source.describe(input.sql, signal);
    return {
      ok: true,
      message: `The model has ${columns.length} columns`,
      details: {},
      columns: columns.map(({ name, type }) => ({ name, type })),
    };
  } finally {
    await source.close();
  }
}

/** Has the destination prove, as before the first write of a run, that it would take the rows of the sync. */
async function proveWrites(
  deps: ActivityDeps,
  { workspaceId, syncId }: { workspaceId: string; syncId: string },
  signal: AbortSignal,
): Promise<Inspection> {
  const sync = await new SyncStore(deps.knex).get(workspaceId, syncId);
  const model = await new ModelStore(deps.knex).find(workspaceId, sync.modelId);
  if (!model) throw new Error(`model ${sync.modelId} of sync ${syncId} does not exist`);
  const mapped = new Set(sync.mapping.map(({ column }) => column));
  const missing = model.rowKey.find((column) => !mapped.has(column));
  if (missing !== undefined) {
    return { ok: false, message: `The row key column "${missing}" is not mapped`, details: {} };
  }
  const destination = await deps.openDestination(workspaceId, sync.destinationId);
  try {
    await destination.prepare(deliveryTarget({ rowKey: model.rowKey, sync }, []), signal);
    return { ok: true, message: 'The destination would take the rows', details: {} };
  } finally {
    await destination.close();
  }
}
