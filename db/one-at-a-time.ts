// Owns that a connection has one statement at a time: those of one transaction that are asked for at once wait here. The
// driver's own queue is to go with its next version, and warns whoever uses it. Knows no pool.
import type { Client } from 'pg';

type Query = (...given: unknown[]) => unknown;

/** A hook for new connections. Streams (COPY), which nobody asks for at once, go their own way. */
export function oneAtATime(client: Client): void {
  const query = client.query.bind(client) as Query;
  const waiting: (() => void)[] = [];
  let isBusy = false;
  const next = (): void => {
    const send = waiting.shift();
    isBusy = send !== undefined;
    send?.();
  };
  const inTurn: Query = (...given) => {
    const heard = given.at(-1);
    if (typeof heard !== 'function') return query(...given);
    const send = (): void => {
      query(...given.slice(0, -1), (...answer: unknown[]) => {
        next();
        (heard as Query)(...answer);
      });
    };
    if (isBusy) waiting.push(send);
    else {
      isBusy = true;
      send();
    }
    return undefined;
  };
  client.query = inTurn as typeof client.query;
}
