// Owns looking at a source, a destination or a model for the API. Reads only, keeps nothing.
import { ConnectorFailure } from '../connectors/connector-failure';
import type { CheckReport, ModelColumn } from '../connectors/source';
import type { Failure } from '../domain/failure';
import { type Attempt, inAttempt } from './attempt/attempt';
import type { ActivityDeps } from './deps';

export type InspectActivityInput =
  | { readonly what: 'source'; readonly workspaceId: string; readonly sourceId: string }
  | { readonly what: 'destination'; readonly workspaceId: string; readonly destinationId: string }
  | { readonly what: 'model'; readonly workspaceId: string; readonly sourceId: string; readonly sql: string };

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
