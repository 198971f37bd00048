// Owns clients that hold sockets on purpose, many in a process of its own: each that is closed is opened again, until it is
// told to end.
import { connect } from 'node:net';

/** Whom to bother, and with how many sockets at a time. */
export interface SlowClients {
  readonly url: string;
  readonly token: string;
  readonly sockets: number;
}

// A byte now and then, as slow as a server could take for honest.
const dripEveryMs = 500;

/** What each of them begins and never ends. */
function beginnings({ token }: SlowClients): readonly string[] {
  const post = `POST /api/v1/sources HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
  return [
    // Headers, a body of known length, one in pieces, and nothing at all.
    'GET /api/v1/runs HTTP/1.1\r\nHost: h\r\nX-Slow: ',
    `${post}Content-Length: 200000\r\n\r\n{"name": "`,
    `${post}Transfer-Encoding: chunked\r\n\r\nffff\r\n{"name": "`,
    '',
    // Refused as soon as it has come: 64 kB of headers.
    `GET /api/v1/runs HTTP/1.1\r\nHost: h\r\nX-Large: ${'x'.repeat(64_000)}`,
  ];
}

function hold(url: URL, beginning: string): void {
  const socket = connect(Number(url.port), url.hostname);
  const drip = setInterval(() => beginning !== '' && socket.writable && socket.write('x'), dripEveryMs);
  socket.on('connect', () => socket.write(beginning));
  socket.on('data', () => undefined);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearInterval(drip);
    // At once would be a flood of connections, which is another attack.
    setTimeout(() => hold(url, beginning), dripEveryMs);
  });
}

function main(wanted: SlowClients): void {
  const kinds = beginnings(wanted);
  const url = new URL(wanted.url);
  for (let number = 0; number < wanted.sockets; number += 1) hold(url, kinds[number % kinds.length] ?? '');
  process.send?.({ type: 'ready', sockets: wanted.sockets });
}

process.once('SIGTERM', () => process.exit(0));
main(JSON.parse(process.env['BENCH_SLOW_CLIENTS'] ?? '') as SlowClients);
