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
  const state = { isClosing: false, wait: new AbortController() };
  const ended = keepListening();
  return {
    close() {
      state.isClosing = true;
      state.wait.abort();
      return ended;
    },
  };

  async function keepListening(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!state.isClosing) {
      const error = await listenUntilLost(() => {
        pauseMs = firstPauseMs;
        options.listening();
      });
      if (state.isClosing) return;
      options.lost(error);
      await pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  /** Returns why the connection was lost; null when it is not needed any more. */
  async function listenUntilLost(listening: () => void): Promise<unknown> {
    const client = new Client({
      connectionString: options.databaseUrl,
      application_name: 'signalsmith-listener',
      connectionTimeoutMillis: answerLimitMs,
      query_timeout: answerLimitMs,
      keepAlive: true,
    });
    const connection: { broken: Error | null } = { broken: null };
    const breaks = (error: Error): void => {
      if (connection.broken === null) state.wait.abort();
      connection.broken ??= error;
    };
    client.on('error', breaks);
    client.on('end', () => breaks(new Error('the connection was closed')));
    client.on('notification', ({ payload }) => options.heard(payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${escapeIdentifier(options.channel)}`);
      listening();
      while (!state.isClosing && connection.broken === null) {
        await pause(askEveryMs);
        if (!state.isClosing && connection.broken === null) await client.query('SELECT 1');
      }
      return connection.broken;
    } catch (error) {
      return error;
    } finally {
      // What its end says is no news, and must not cut a later pause short.
      connection.broken ??= new Error('it was left');
      // Not waited for: a server that is frozen would never say goodbye.
      client.end().catch(() => undefined);
    }
  }

  /** Waits; shorter when something has happened. */
  async function pause(ms: number): Promise<void> {
    state.wait = new AbortController();
    await sleep(ms, undefined, { signal: state.wait.signal, ref: false }).catch(() => undefined);
  }
}
