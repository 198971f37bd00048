// Owns what the HTTP tests share: a target of two fields, rows for it, and a destination opened against a stub.
import { ConnectorFailure } from '../../../../connectors/connector-failure';
import type {
  BatchAnswer,
  DeliveryTarget,
  Destination,
  OutgoingBatch,
} from '../../../../connectors/destination';
import { httpDestination } from '../../../../connectors/destinations/http/http-destination';
import { ownPace } from '../../../../connectors/shared-pace';
import type { StubCall } from '../../../support/outside/http-stub';
import { loopbackGuard } from '../../../support/outside/loopback';

export const never = new AbortController().signal;

/** Rows of a key `id` and a field `email`, upserted. */
export const target: DeliveryTarget = {
  object: {},
  columns: [
    { column: 'id', field: 'id', json: 'string' },
    { column: 'email', field: 'email', json: 'string' },
  ],
  keyColumns: 1,
  mode: 'upsert',
};

/** So many rows; those whose index is in `bad` have no address. */
export function someRows(count: number, bad: readonly number[] = []): string[][] {
  return Array.from({ length: count }, (_, at) => [`u${at}`, bad.includes(at) ? 'bad' : `u${at}@x.io`]);
}

export function openDestination(
  url: string,
  config: object = {},
  authorization = 'Bearer secret-token',
): Destination {
  const connection = {
    kind: 'http',
    config: { url, ...config },
    secrets: { headers: { Authorization: authorization } },
  };
  return httpDestination(connection, ownPace(), { guard: loopbackGuard });
}

/** Writes one batch through a lane of its own. */
export async function write(
  destination: Destination,
  batch: OutgoingBatch,
  signal: AbortSignal = never,
  to: DeliveryTarget = target,
): Promise<BatchAnswer> {
  const lane = await destination.openLane(to, signal);
  try {
    return await lane.write(batch, signal);
  } finally {
    await lane.close();
  }
}

/** The failure a promise ends with; an answer or any other error fails the test. */
export async function failureOfPromise(promise: Promise<unknown>): Promise<ConnectorFailure> {
  const ending = await promise.then(
    () => new Error('it succeeded'),
    (error: unknown) => error,
  );
  if (ending instanceof ConnectorFailure) return ending;
  throw ending;
}

/** The rows a call brought as a bare array. */
export function rowsIn(call: StubCall): Record<string, unknown>[] {
  return JSON.parse(call.body.toString('utf8')) as Record<string, unknown>[];
}

/** How often each key arrived. */
export function keysOf(calls: readonly StubCall[]): (string | string[] | undefined)[] {
  return calls.map((call) => call.headers['idempotency-key']);
}
