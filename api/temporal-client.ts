// Owns the connection to Temporal: lazy, so that the API starts and answers reads while Temporal is away.
import {
  Client,
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

export interface TemporalAddress {
  /** host:port. */
  readonly address: string;
  readonly namespace: string;
}

// Four attempts take 2 s; the SDK's ten took 20 s to tell a caller that Temporal is away.
const attempts = 4;
// Two seconds: probes are asked every few seconds and must not pile up.
const checkDeadlineMs = 2_000;

/** A client that connects on its first call. TLS and API keys come from Temporal's own TEMPORAL_* variables. */
export function temporalClient({ address, namespace }: TemporalAddress, env: NodeJS.ProcessEnv): Client {
  const { connectionOptions } = loadClientConnectConfig({
    // A profile lying about in the home directory must not add its keys to our address; a named one may.
    disableFile: !env['TEMPORAL_CONFIG_FILE'] && !env['TEMPORAL_PROFILE'],
    overrideEnvVars: { ...definedOf(env), TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace },
  });
  const connection = Connection.lazy({
    ...(connectionOptions as ConnectionOptions),
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: attempts }))],
  });
  return new Client({ connection, namespace });
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
