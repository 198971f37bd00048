// Owns readers of event streams, many in a process of its own: opens them all, says so, and reads until it is told to end.
import { request } from 'node:http';

/** Every stream is one of a path and a token. */
export interface Streams {
  readonly url: string;
  readonly streams: readonly { readonly path: string; readonly token: string }[];
}

// Opened one after the other in so many lines: each asks the database whether its run is there.
const lines = 10;

async function openStream(url: string, path: string, token: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' };
    const call = request(`${url}${path}`, { headers }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`GET ${path} answered ${answer.statusCode}`));
      answer.once('data', () => resolve());
      answer.on('data', () => undefined);
      answer.on('error', () => undefined);
      // One that ends early would leave fewer than are told of.
      answer.on('end', () => reject(new Error(`the stream of ${path} has ended`)));
    });
    call.on('error', reject);
    call.end();
  });
}

async function main({ url, streams }: Streams): Promise<void> {
  const waiting = [...streams];
  const open = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      await openStream(url, next.path, next.token);
  };
  await Promise.all(Array.from({ length: lines }, open));
  process.send?.({ type: 'ready', streams: streams.length });
}

process.once('SIGTERM', () => process.exit(0));
void main(JSON.parse(process.env['BENCH_STREAMS'] ?? '') as Streams);
