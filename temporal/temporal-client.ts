// Owns how processes reach Temporal: address, TLS and keys, and a client that is lazy, so that its process starts
// and answers while Temporal is away.
import {
  Client,
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';

export interface TemporalAddress {
  /** host:port. */
  readonly address: string;
  readonly namespace: string;
}

// Four attempts take 2 s; the SDK's ten took 20 s to tell a caller that Temporal is away.
const attempts = 4;
// Two seconds between tries to connect: with gRPC's own two minutes, runs queued in an outage of one minute started only
// 40 s after its end.
const mostReconnectMs = 2_000;
// Two seconds: probes are asked every few seconds and must not pile up.
const checkDeadlineMs = 2_000;

/** A client that connects on its first call. TLS and API keys come from Temporal's own TEMPORAL_* variables. */
export function temporalClient(place: TemporalAddress, env: NodeJS.ProcessEnv): Client {
  const connection = Connection.lazy({
    ...(connectionOptionsOf(place, env) as ConnectionOptions),
    channelArgs: { 'grpc.max_reconnect_backoff_ms': mostReconnectMs },
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: attempts }))],
  });
  return new Client({ connection, namespace: place.namespace });
}

/** Address, TLS and API key for a client's or a worker's connection. */
export function connectionOptionsOf(
  { address, namespace }: TemporalAddress,
  env: NodeJS.ProcessEnv,
): ClientConnectConfig['connectionOptions'] {
  return loadClientConnectConfig({
    // A profile lying about in the home directory must not add its keys to our address; a named one may.
    disableFile: !env['TEMPORAL_CONFIG_FILE'] && !env['TEMPORAL_PROFILE'],
    overrideEnvVars: { ...definedOf(env), TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace },
  }).connectionOptions;
}

/** Rejects when Temporal does not answer within two seconds. */
export async function checkTemporal(client: Client): Promise<void> {
  await client.withDeadline(Date.now() + checkDeadlineMs, () => client.workflowService.getSystemInfo({}));
}

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
