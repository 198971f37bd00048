// Owns one connection that listens on one channel and comes back by itself when it is lost. Does not know what it hears.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';

export interface ListenOptions {
  readonly databaseUrl: string;
  readonly channel: string;
  /** Called with the payload of each notification. */
  readonly heard: (payload: string) => void;
  /** It listens from now on. What was notified before, also since the connection was lost, is not heard any more. */
  readonly listening: () => void;
  /** It hears nothing from now on until `listening` is called again; tried again by itself. */
  readonly lost: (error: unknown) => void;
}

export interface Listener {
  close(): Promise<void>;
}

// A server that is frozen, or gone without a word, shows within twenty seconds.
const askEveryMs = 15_000;
const answerLimitMs = 5_000;
// At once after a restart, and gentle to a server that stays away.
const firstPauseMs = 250;
const longestPauseMs = 5_000;

/** Begins to listen; nothing is connected yet when it returns. */
export function listen(options: ListenOptions): Listener {
  const stopping = new AbortController();
  const ended = keepListening(options, stopping.signal);
  return {
    close() {
      stopping.abort();
      return ended;
    },
  };
}

async function keepListening(options: ListenOptions, signal: AbortSignal): Promise<void> {
  let pauseMs = firstPauseMs;
  const listening = (): void => {
    pauseMs = firstPauseMs;
    options.listening();
  };
  while (!signal.aborted) {
    const error = await listenUntilLost({ ...options, listening }, signal);
    if (signal.aborted) return;
    options.lost(error);
    await pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

/** Returns why the connection was lost. */
async function listenUntilLost(options: ListenOptions, signal: AbortSignal): Promise<unknown> {
  const client = new Client({
    connectionString: options.databaseUrl,
    application_name: 'signalsmith-listener',
    connectionTimeoutMillis: answerLimitMs,
    query_timeout: answerLimitMs,
    keepAlive: true,
  });
  const broken = new Promise<Error>((resolve) => {
    client.on('error', resolve);
    client.once('end', () => resolve(new Error('the connection was closed')));
    signal.addEventListener('abort', () => resolve(new Error('not needed any more')), { once: true });
  });
  client.on('notification', ({ payload }) => options.heard(payload ?? ''));
  try {
    await client.connect();
    await client.query(`LISTEN ${escapeIdentifier(options.channel)}`);
    options.listening();
    for (;;) {
      const found = await Promise.race([broken, pause(askEveryMs, signal)]);
      if (found) return found;
      await client.query('SELECT 1');
    }
  } catch (error) {
    return error;
  } finally {
    // Not waited for: a server that is frozen would never say goodbye.
    client.end().catch(() => undefined);
  }
}

/** Waits; shorter when it is not needed any more. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
