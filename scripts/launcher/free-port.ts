// Owns the choice of TCP ports on this machine. Does not remember them.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { LaunchError } from './launch-error';

/** True when nothing listens on host:port. Throws LaunchError when the address itself cannot be used. */
export function isPortFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else if (error.code === 'EACCES') {
        reject(new LaunchError(`Port ${port} needs more rights than this user has; choose one above 1023.`));
      } else
        reject(
          new LaunchError(`Cannot listen on ${host}:${port} (${error.code ?? error.message}); check HOST.`),
        );
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** The first free port from `first` upwards that is not in `taken`. */
export async function nextFreePort(
  first: number,
  host: string,
  taken: readonly number[] = [],
): Promise<number> {
  // 100 neighbours in use is no coincidence: something else is wrong, and a clear end beats a long search.
  const last = Math.min(first + 100, 65535);
  for (let port = first; port <= last; port += 1) {
    if (!taken.includes(port) && (await isPortFree(port, host))) return port;
  }
  throw new LaunchError(`No free port between ${first} and ${last} on ${host}.`);
}

// Below the range from which systems hand out ports to outgoing connections: one of the system's own choosing is often
// taken by a connection before the server it was meant for listens.
const anyFrom = 16_000;
const anyTo = 32_000;

/** A free port, for servers whose address nobody has to remember. Random, so that those who choose at once differ. */
export async function anyFreePort(host: string): Promise<number> {
  for (let attempt = 1; attempt <= 100; attempt += 1) {
    const port = randomInt(anyFrom, anyTo);
    if (await isPortFree(port, host)) return port;
  }
  throw new LaunchError(`No free port between ${anyFrom} and ${anyTo} on ${host}.`);
}
