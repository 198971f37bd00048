// Owns a connection to somebody's PostgreSQL: opening it with a limit, cancelling what runs in it, closing it.
import { Client, Connection } from 'pg';
import type { Connection as StoredConnection } from './connection';

/** Ten seconds: a suspended warehouse or a firewall that drops packets is told apart from a slow one. */
const connectTimeoutMs = 10_000;

/**
 * A cancelled statement ends within milliseconds; after half a second without a word the socket is cut. A cancel of the
 * run is promised within five seconds: activities/delivery/delivery.ts has the sum.
 */
const cancelGraceMs = 500;

/** The request itself travels on behind a cut socket: to a far server it takes several round trips. */
const cancelRequestMs = 3_000;

/** Orderly goodbyes take a round trip; a dead peer is not waited for longer than this. */
const closeGraceMs = 500;

/** A 32 bit number of milliseconds: the most that timers and PostgreSQL's timeouts take. */
export const longestTimeoutMs = 2_147_483_647;

/** The stored URL cannot be used; the message says why and holds nothing of the URL. */
export class BadConnectionUrl extends Error {
  override readonly name = 'BadConnectionUrl';
}

/** A statement was given up because its time was over, before the other side said a word. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';

  constructor(readonly deadlineMs: number) {
    super(`no answer within ${Math.round(deadlineMs / 1000)} s`);
  }
}

/** A connected client from `secrets.url` (postgres://user:password@host:port/database?sslmode=…). */
export async function openClient(connection: StoredConnection, signal: AbortSignal): Promise<Client> {
  signal.throwIfAborted();
  const client = new Client(clientConfig(connection.secrets['url']));
  // A lost connection is met by the statement that runs in it, or by the next one; unheard it would end the process.
  client.on('error', () => undefined);
  const stop = (): void => cut(client);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    return client;
  } catch (error) {
    cut(client);
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Runs `work`, cancelling its statement in the server when the signal is aborted or the deadline passes; then the
 * signal's reason or DeadlinePassed is thrown. Work of several statements checks the signal it is given in between.
 */
export async function underSignal<Result>(
  client: Client,
  signal: AbortSignal,
  deadlineMs: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const inner = new AbortController();
  let cutting: NodeJS.Timeout | undefined;
  const stop = (reason: unknown): void => {
    inner.abort(reason);
    void cancelStatement(client);
    cutting = setTimeout(() => cut(client), cancelGraceMs);
  };
  const onAbort = (): void => stop(signal.reason);
  const deadline = setTimeout(
    () => stop(new DeadlinePassed(deadlineMs)),
    Math.min(deadlineMs, longestTimeoutMs),
  );
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await work(inner.signal);
  } catch (error) {
    throw inner.signal.aborted ? inner.signal.reason : error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearTimeout(deadline);
    clearTimeout(cutting);
  }
}

/**
 * Asks the server to cancel what the client runs. Resolves when the request was handled or could not be made, and no
 * later than a cancelled statement is waited for.
 */
export function cancelStatement(client: Client): Promise<void> {
  const { processID, secretKey } = client as unknown as { processID: number | null; secretKey: number };
  if (processID === null) return Promise.resolve();
  return new Promise((resolve) => {
    const channel = new Connection({ ssl: client.ssl }) as CancelChannel;
    const giveUp = setTimeout(() => channel.stream.destroy(), cancelRequestMs);
    const waiting = setTimeout(resolve, cancelGraceMs);
    const send = (): void => channel.cancel(processID, secretKey);
    channel.on('connect', () => (client.ssl ? channel.requestSsl() : send()));
    channel.on('sslconnect', send);
    // Whoever asked cuts the client's socket a moment later anyway.
    channel.on('error', () => channel.stream.destroy());
    channel.on('end', () => {
      clearTimeout(giveUp);
      clearTimeout(waiting);
      resolve();
    });
    channel.connect(client.port, client.host);
  });
}

/** Says goodbye, or cuts the line when the other side does not answer; never throws. */
export async function closeClient(client: Client): Promise<void> {
  const cutting = setTimeout(() => cut(client), closeGraceMs);
  await client.end().catch(() => cut(client));
  clearTimeout(cutting);
}

function cut(client: Client): void {
  client.connection.stream.destroy(new Error('Connection terminated'));
}

/** Parts of pg's Connection that its types leave out. */
interface CancelChannel extends Connection {
  connect(port: number, host: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
}

function clientConfig(url: unknown): ConstructorParameters<typeof Client>[0] {
  const parts = typeof url === 'string' && URL.canParse(url) ? new URL(url) : null;
  if (!parts || !/^postgres(ql)?:$/.test(parts.protocol)) {
    throw new BadConnectionUrl(
      'the connection URL must look like postgres://user:password@host:5432/database',
    );
  }
  const [user, password, database] = [parts.username, parts.password, parts.pathname.slice(1)].map(decoded);
  if (!user || !database || !parts.hostname) {
    throw new BadConnectionUrl('the connection URL must name a user, a host and a database');
  }
  // Escapes could spell a socket's path, and the driver would take it: it is a file of the worker's machine.
  if (/[%,]/.test(parts.hostname)) {
    throw new BadConnectionUrl('the connection URL must name one host, by its name or address');
  }
  return {
    host: parts.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(parts.port || 5432),
    user,
    database,
    // A function, because pg fills an empty password from the worker's own environment and password file.
    password: () => password ?? '',
    ssl: sslOf(parts.searchParams.get('sslmode')),
    application_name: 'signalsmith',
    client_encoding: 'UTF8',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000, // half of the shortest idle limit met in NAT gateways
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new BadConnectionUrl('the connection URL has a % that begins no escape');
  }
}

const verifyingModes = ['prefer', 'require', 'verify-ca', 'verify-full'];

/** Certificates are verified in every mode that asks for TLS, except `no-verify`. */
function sslOf(mode: string | null): boolean | { rejectUnauthorized: boolean } {
  if (mode === null || mode === 'disable') return false;
  if (mode === 'no-verify') return { rejectUnauthorized: false };
  if (verifyingModes.includes(mode)) return true;
  throw new BadConnectionUrl(
    `sslmode "${mode}" is not one of ${verifyingModes.join(', ')}, no-verify, disable`,
  );
}
