// Owns the HTTP server around the app: listening, hostile clients, draining. Knows nothing of routes.
import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type ProblemCode, problemTable, problemType } from './problems/problems';

/** How long a client may take; a test may be in more of a hurry. */
export interface ClientPatience {
  /** For the headers of a request. */
  readonly headersMs: number;
  /** For a whole request. */
  readonly requestMs: number;
  /** Without a byte in either direction while a request is open, which an answer nobody reads is too. */
  readonly silenceMs: number;
  /** How often the first two are looked at. */
  readonly lookEveryMs: number;
}

// A request of 256 kB arrives within seconds on any line; slower ones hold sockets on purpose, and have none after 30 s.
export const clientPatience: ClientPatience = {
  headersMs: 10_000,
  requestMs: 25_000,
  // An inspection says nothing for 33 s, and an event stream for 15.
  silenceMs: 60_000,
  // Left to itself Node looks every 30 s.
  lookEveryMs: 1_000,
};
// Node's own default, said here because it is promised: the address and all headers together.
const mostHeaderBytes = 16_384;
// A refused client reads its answer by then; one that does not hang up is hung up on.
const lastWordMs = 1_000;
// Orchestrators kill 30 s after they asked to stop: this leaves five to close the rest.
const drainMs = 25_000;
// A kept-alive connection becomes idle after its answer; looked for this often while draining.
const idleSweepMs = 100;

export interface ServedApp {
  /** Address to reach it, with the port it really has. */
  readonly url: string;
  /** Stops accepting, lets open requests end for 25 s at most, then cuts them. */
  drain(): Promise<void>;
}

/** Where to listen; port 0 takes a free one. */
export interface ServePlace {
  readonly host: string;
  readonly port: number;
  /** Absent: as long as on any usual line. */
  readonly patience?: ClientPatience;
}

/** Listens. Rejects when the port is taken. */
export async function serve(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
  { host, port, ...place }: ServePlace,
): Promise<ServedApp> {
  const { headersMs, requestMs, silenceMs, lookEveryMs } = place.patience ?? clientPatience;
  const options: ServerOptions = {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: lookEveryMs,
    maxHeaderSize: mostHeaderBytes,
  };
  const exchanges = new WeakMap<Socket, Exchange>();
  const server = createServer(options, (request, response) => {
    exchanges.set(request.socket, { request, response });
    void handle(request, response);
  });
  server.setTimeout(silenceMs);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else if (mayRefuse(exchanges.get(socket))) refuse(error, socket);
    else closeAfter(exchanges.get(socket)?.response, socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: boundPort } = server.address() as AddressInfo;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${shownHost}:${boundPort}`, drain: () => drain(server) };
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  const sweep = setInterval(() => server.closeIdleConnections(), idleSweepMs);
  const cut = setTimeout(() => server.closeAllConnections(), drainMs);
  server.closeIdleConnections();
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}

/** What a connection was last asked, and the answer to it. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

// Whether words of ours would be read as what they are: not as a part of an open answer, as the answer to a request that is
// being done, or as a second one. A request that did not arrive whole is what the error is about.
function mayRefuse(last: Exchange | undefined): boolean {
  if (!last) return true;
  const { request, response } = last;
  return request.complete ? response.writableFinished : response.socket !== null && !response.headersSent;
}

function closeAfter(response: ServerResponse | undefined, socket: Socket): void {
  if (!response || response.writableFinished) {
    socket.destroySoon();
    return;
  }
  // Nothing that follows on this connection is looked at.
  socket.pause();
  response.once('close', () => socket.destroySoon());
}

// What is not even HTTP never reaches the app, and still gets a problem for an answer.
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  const code = refusals[error.code ?? ''] ?? 'invalid_request';
  const { status, title } = problemTable[code];
  const requestId = randomUUID();
  const body = JSON.stringify({
    type: problemType(code),
    title,
    status,
    detail: details[code] ?? 'This is not an HTTP request.',
    code,
    request_id: requestId,
    errors: [],
  });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\n` +
      `X-Request-Id: ${requestId}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  setTimeout(() => socket.destroy(), lastWordMs).unref();
}

const refusals: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

const details: Partial<Record<ProblemCode, string>> = {
  headers_too_large: `The address and the headers may have ${mostHeaderBytes / 1_024} kB together.`,
  request_timeout: 'The request did not arrive in time.',
};
