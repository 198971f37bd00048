// Checks services that are somebody else's: those DATABASE_URL and TEMPORAL_ADDRESS name. Starts nothing.
import { connect } from 'node:net';
import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { Client } from 'pg';
import { LaunchError } from './launch-error';
import { missingSearchAttributes } from './temporal/temporal-server';

// A service that is up answers in milliseconds; ten seconds forgive a far one that is waking.
const connectMs = 10_000;

const oldestPostgres = 15;

/** Connects once and returns the server's version and host. Throws LaunchError with what to check; never shows the password. */
export async function checkDatabase(databaseUrl: string): Promise<{ version: string; place: string }> {
  const { host, pathname } = new URL(databaseUrl);
  const place = `${host}${pathname}`;
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: connectMs });
  try {
    await client.connect();
    const { rows } = await client.query<{ number: number; version: string }>(
      "select current_setting('server_version_num')::int as number, current_setting('server_version') as version",
    );
    const [server] = rows;
    if (server === undefined || server.number < oldestPostgres * 10_000) {
      throw new LaunchError(
        `DATABASE_URL: ${place} is PostgreSQL ${server?.version}; ${oldestPostgres} or newer is needed.`,
      );
    }
    return { version: server.version.split(' ')[0] ?? server.version, place };
  } catch (error) {
    if (error instanceof LaunchError) throw error;
    throw new LaunchError(
      `DATABASE_URL: cannot use ${place}: ${reasonOf(error)}. ` +
        'Check that the server runs and that host, port, user, password and database are right; unset it to use the embedded PostgreSQL.',
    );
  } finally {
    // An end that fails after a failed connect adds nothing.
    await client.end().catch(() => undefined);
  }
}

/** Connects once, with TLS and API key as the environment says. Throws LaunchError with what to check. */
export async function checkTemporal(address: string, namespace: string): Promise<void> {
  let connection: Connection | undefined;
  try {
    // The client would knock for ten seconds at a closed door.
    await openSocket(address);
    const { connectionOptions } = loadClientConnectConfig();
    connection = await Connection.connect({ ...connectionOptions, address, connectTimeout: connectMs });
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    throw new LaunchError(
      `TEMPORAL_ADDRESS: cannot use namespace "${namespace}" at ${address}: ${reasonOf(error)}. ` +
        'Check address, namespace and credentials; unset it to use a Temporal dev server.',
    );
  } finally {
    await connection?.close();
  }
}

/** The search attributes a namespace lacks; null when the service does not let us look. */
export async function lackingSearchAttributes(address: string, namespace: string): Promise<string[] | null> {
  const { connectionOptions } = loadClientConnectConfig();
  return missingSearchAttributes({ ...connectionOptions, address }, namespace).catch(() => null);
}

function openSocket(address: string): Promise<void> {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), timeout: connectMs });
    socket.once('connect', () => resolve(void socket.destroy()));
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
  });
}

function reasonOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  // Node packs both address families into one error without a message.
  const errors = (error as { errors?: Error[] }).errors ?? [];
  const inner = errors[0]?.message;
  return (message || inner || code || String(error)).replace(/\.$/, '');
}
