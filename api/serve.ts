// Owns the HTTP server around the app: listening, hostile clients, draining. Knows nothing of routes.
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { problemTable, problemType } from './problems';

// A request of 256 kB arrives within seconds on any line; slower ones hold sockets on purpose.
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;
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

/** Listens on `host` and `port`; 0 takes a free one. Rejects when the port is taken. */
export async function serve(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
  { host, port }: { host: string; port: number },
): Promise<ServedApp> {
  const server = createServer(
    { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs },
    (request, response) => {
      void handle(request, response);
    },
  );
  server.on('clientError', refuse);
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

// What is not even HTTP never reaches the app, and still gets a problem for an answer.
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const status = isTooLarge ? 431 : isLate ? 408 : 400;
  const detail = isTooLarge
    ? 'The headers are too large.'
    : isLate
      ? 'The request did not arrive in time.'
      : 'This is not an HTTP request.';
  const { title } = problemTable.invalid_request;
  const body = JSON.stringify({
    type: problemType('invalid_request'),
    title,
    status,
    detail,
    code: 'invalid_request',
    errors: [],
  });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
