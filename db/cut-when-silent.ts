// Owns giving up on a server that keeps the connection open and says nothing: a frozen machine, a stalled disk, a network
// that swallows. No timeout of the server's own helps there. Knows no pool.
import type { Socket } from 'node:net';
import type { Client } from 'pg';

/**
 * A hook for new connections: one whose query has no answer after `limitMs` is cut, and the query fails as on any lost
 * connection. Cutting is the only safe end: whatever is behind it in the queue would be taken for another's. Streams
 * (COPY) are left alone: they answer bit by bit, and whoever reads them watches over them.
 */
export function cutWhenSilent(limitMs: number) {
  return (client: Client, done: (error: Error | null, client: Client) => void): void => {
    const query = client.query.bind(client) as (...given: unknown[]) => unknown;
    const watched = (...given: unknown[]): unknown => {
      const heard = given.at(-1);
      if (typeof heard !== 'function') return query(...given);
      const timer = setTimeout(() => socketOf(client).destroy(), limitMs);
      return query(...given.slice(0, -1), (...answer: unknown[]) => {
        clearTimeout(timer);
        heard(...answer);
      });
    };
    client.query = watched as typeof client.query;
    done(null, client);
  };
}

// The driver has no public way to cut a connection without saying goodbye first, which a silent server would not hear.
function socketOf(client: Client): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}
