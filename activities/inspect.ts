// Owns looking at a source, a destination, a model, a sync or an alert channel for the API. Reads only, but for a test message;
// of a preview's rows nothing goes to Temporal.
import { failedReport } from '../connectors/check-report';
import { ConnectorFailure } from '../connectors/connector-failure';
import type { Destination, FieldType } from '../connectors/destination';
import type { CheckReport, ModelColumn, Source } from '../connectors/source';
import { ModelStore } from '../db/configuration/model-store';
import { SyncStore } from '../db/configuration/sync-store';
import type { Failure } from '../domain/failure';
import { inAttempt } from './attempt/attempt';
import { deliverTest } from './deliver-alerts';
import { deliveryTarget } from './delivery/delivery-target';
import type { ActivityDeps } from './deps';

export type InspectActivityInput =
  | { readonly what: 'source'; readonly workspaceId: string; readonly sourceId: string }
  | { readonly what: 'destination'; readonly workspaceId: string; readonly destinationId: string }
  | { readonly what: 'model'; readonly workspaceId: string; readonly sourceId: string; readonly sql: string }
  | { readonly what: 'preview'; readonly workspaceId: string; readonly previewId: string }
  | { readonly what: 'sync'; readonly workspaceId: string; readonly syncId: string }
  | { readonly what: 'channel'; readonly workspaceId: string; readonly deliveryId: string };

/** `columns` of a model; `fields` that a sync writes; `failure`: what a run would end with. */
export interface Inspection extends CheckReport {
  readonly durationMs: number;
  readonly columns?: readonly Pick<ModelColumn, 'name' | 'type'>[];
  /** Absent where fields have no types. */
  readonly fields?: readonly FieldType[];
  readonly failure?: Failure;
}

type Found = Omit<Inspection, 'durationMs'>;

// Somebody waits for the first rows: what takes longer is no look any more. The whole inspection has 25 s.
const previewTimeoutSeconds = 15;

export function inspectActivity(deps: ActivityDeps) {
  return (input: InspectActivityInput): Promise<Inspection> =>
    inAttempt(deps, {}, async ({ signal }) => {
      const startedMs = performance.now();
      const found = await inspect(deps, input, signal);
      return { ...found, durationMs: Math.round(performance.now() - startedMs) };
    });
}

function inspect(deps: ActivityDeps, input: InspectActivityInput, signal: AbortSignal): Promise<Found> {
  if (input.what === 'destination') return checkDestination(deps, input, signal);
  if (input.what === 'preview') return preview(deps, input, signal);
  if (input.what === 'sync') return proveWrites(deps, input, signal);
  if (input.what === 'channel') return deliverTest(deps, input, signal);
  return withSource(deps, input, (source) =>
    input.what === 'source' ? source.check(signal) : describeModel(source, input.sql, signal),
  );
}

async function withSource(
  deps: ActivityDeps,
  { workspaceId, sourceId }: { workspaceId: string; sourceId: string },
  look: (source: Source) => Promise<Found>,
): Promise<Found> {
  const source = await deps.openSource(workspaceId, sourceId);
  try {
    return await look(source);
  } finally {
    await source.close();
  }
}

async function checkDestination(
  deps: ActivityDeps,
  { workspaceId, destinationId }: { workspaceId: string; destinationId: string },
  signal: AbortSignal,
): Promise<Found> {
  let destination: Destination;
  try {
    destination = await deps.openDestination(workspaceId, destinationId);
  } catch (error) {
    // A configuration that an older build took and this one does not.
    return failedReport(error, 'configuration');
  }
  try {
    return await destination.check(signal);
  } finally {
    await destination.close();
  }
}

/** Has the destination prove, as before the first write of a run, that it would take the rows of the sync. */
async function proveWrites(
  deps: ActivityDeps,
  { workspaceId, syncId }: { workspaceId: string; syncId: string },
  signal: AbortSignal,
): Promise<Found> {
  const sync = await new SyncStore(deps.knex).get(workspaceId, syncId);
  const model = await new ModelStore(deps.knex).find(workspaceId, sync.modelId);
  if (!model) throw new Error(`model ${sync.modelId} of sync ${syncId} does not exist`);
  const mapped = new Set(sync.mapping.map(({ column }) => column));
  const missing = model.rowKey.find((column) => !mapped.has(column));
  if (missing !== undefined) {
    const detail = `The row key column "${missing}" is not mapped`;
    return { ok: false, checks: [{ name: 'writes', ok: false, detail }] };
  }
  const destination = await deps.openDestination(workspaceId, sync.destinationId);
  try {
    const target = deliveryTarget({ rowKey: model.rowKey, sync }, []);
    await destination.prepare(target, signal);
    const fields = await destination.fieldTypes?.(target, signal);
    return {
      ok: true,
      ...(fields ? { fields } : {}),
      checks: [{ name: 'writes', ok: true, detail: 'The destination would take the rows' }],
    };
  } catch (error) {
    return failedReport(error, 'writes');
  } finally {
    await destination.close();
  }
}

const connected = { name: 'connection', ok: true, detail: 'The source answers' };

async function describeModel(source: Source, sql: string, signal: AbortSignal): Promise<Found> {
  try {
    const columns = await source.describe(sql, signal);
    const detail = `It is one statement that reads; its result has ${columns.length} columns`;
    return {
      ok: true,
      checks: [connected, { name: 'query', ok: true, detail }],
      columns: columns.map(({ name, type }) => ({ name, type })),
    };
  } catch (error) {
    return { ...failedModel(error), failure: failureIn(error) };
  }
}

/** The rows, or the failure, which may repeat values of rows, go the way on which they were asked for. */
async function preview(
  deps: ActivityDeps,
  { workspaceId, previewId }: { workspaceId: string; previewId: string },
  signal: AbortSignal,
): Promise<Found> {
  const request = await deps.previews.request(workspaceId, previewId);
  if (!request) throw new Error(`the preview ${previewId} is gone`);
  const { sql, limit } = request;
  return withSource(deps, request, async (source) => {
    try {
      const rows = await source.preview({ sql, limit, timeoutSeconds: previewTimeoutSeconds }, signal);
      const columns = rows.columns.map(({ name, type }) => ({ name, type }));
      await deps.previews.answer(workspaceId, previewId, { rows: { ...rows, columns } });
      return { ok: true, checks: [] };
    } catch (error) {
      await deps.previews.answer(workspaceId, previewId, { failure: failureIn(error) });
      return { ok: false, checks: [] };
    }
  });
}

function failedModel(error: unknown): CheckReport {
  if (failureIn(error).code === 'source_connection_failed') return failedReport(error);
  const { ok, checks } = failedReport(error, 'query');
  return { ok, checks: [connected, ...checks] };
}

function failureIn(error: unknown): Failure {
  if (!(error instanceof ConnectorFailure)) throw error;
  return error.failure;
}
