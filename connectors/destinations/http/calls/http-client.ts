// Owns one HTTP call: connections, its total deadline, the cap on the answer, and network trouble in our words.
import { isIP, type Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { type FailureCode, failureOf } from '../../../../domain/failure';
import type { AddressGuard } from '../../../address-guard';
import { ConnectorFailure } from '../../../connector-failure';
import { AnswerReader, AnswerTooLong, type HttpAnswer } from './answer-reader';

// 10 MB: a thousand results of 10 kB each; above it an answer is not what was asked for.
const longestAnswer = 10_000_000;
// 10 s: a host that is there accepts within a second, lost packets included.
const connectTimeoutMs = 10_000;

/** One call to make. The body is whole in memory, so its length is told beforehand. */
export interface HttpCall {
  readonly method: 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

/** Connections to one destination, kept alive between calls. */
export interface HttpClient {
  /**
   * Ends within `deadlineMs` in any case. Throws destination_unreachable for network trouble and for an answer that is
   * too large, destination_misconfigured for a TLS fault, and the signal's reason when it was aborted.
   */
  call(call: HttpCall, deadlineMs: number, signal: AbortSignal): Promise<HttpAnswer>;
  /**
   * Gives the memory of an answered call's body back at once, unless a socket still holds bytes of any call: an answer may
   * come before its call was read. Nothing may read the body any more.
   */
  giveBack(body: Buffer): void;
  /** Ends open calls too. */
  close(): Promise<void>;
}

/** Opens nothing yet; at most `connections` sockets to each origin, and none where the guard forbids it. */
export function httpClient(connections: number, guard: AddressGuard): HttpClient {
  const sockets = new Set<Socket>();
  const connectSocket = guardedConnector(guard);
  const agent = new Agent({
    connections,
    // A second call on a busy connection would wait behind a slow one.
    pipelining: 1,
    connect: (options, callback) =>
      connectSocket(options, (...result) => {
        const [, socket] = result;
        if (socket) {
          sockets.add(socket);
          socket.once('close', () => sockets.delete(socket));
        }
        callback(...result);
      }),
    // undici's own timers are idle timers: a server that drips bytes never trips them. The total deadline rules.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  return {
    async call(call, deadlineMs, signal) {
      signal.throwIfAborted();
      const { origin, pathname, search } = new URL(call.url);
      const { method, headers, body } = call;
      const reader = new AnswerReader(longestAnswer);
      // Not AbortSignal.any: joined to a signal that lives as long as a run, it keeps memory for each call (Node 20).
      const onAbort = (): void => reader.end(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      const timer = setTimeout(() => reader.end(new DeadlinePassed()), deadlineMs);
      try {
        // It never follows a redirect.
        agent.dispatch({ origin, path: pathname + search, method, headers, body }, reader);
        return await reader.answer;
      } catch (error) {
        signal.throwIfAborted();
        throw translated(error);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      }
    },
    giveBack(body) {
      const memory = body.buffer as ArrayBuffer;
      // Small ones are parts of memory that others have parts of too.
      if (memory.byteLength <= Buffer.poolSize) return;
      // What a socket has passed on is the system's, and it has copied it.
      for (const socket of sockets) if (socket.writableLength > 0) return;
      // As diff/bytes/give-back does, and for its reason.
      structuredClone(null, { transfer: [memory] });
    },
    close: () => agent.destroy(),
  };
}

/** Asks the guard before each connection, and once more about what was connected to. */
function guardedConnector(guard: AddressGuard): buildConnector.connector {
  const connectSocket = buildConnector({ timeout: connectTimeoutMs, lookup: guard.lookup });
  return (options, callback) => {
    // An address is never looked up, so that the guard's lookup does not see it.
    const refusal = isIP(options.hostname) === 0 ? null : guard.refusal(options.hostname);
    if (refusal) return queueMicrotask(() => callback(refusal, null));
    return connectSocket(options, (...result) => {
      const [, socket] = result;
      const late = socket?.remoteAddress === undefined ? null : guard.refusal(socket.remoteAddress);
      if (!late) return callback(...result);
      socket?.destroy();
      return callback(late, null);
    });
  };
}

class DeadlinePassed extends Error {
  readonly code = 'DEADLINE_PASSED';
}

// Errors met before a byte of the call was sent.
const beforeSending =
  /^(ADDRESS_INSIDE|ECONNREFUSED|ENOTFOUND|EAI_|UND_ERR_CONNECT_TIMEOUT)|CERT|SELF_SIGNED|UNABLE_TO_|WRONG_VERSION_NUMBER/;

const troubles: readonly (readonly [RegExp, FailureCode, string])[] = [
  [
    /^ADDRESS_INSIDE$/,
    'destination_misconfigured',
    'its host leads inside the network, where ALLOWED_INSIDE_ADDRESSES does not let calls go',
  ],
  [/^(DEADLINE_PASSED|UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/, 'destination_unreachable', 'timeout'],
  [/^ECONNREFUSED$/, 'destination_unreachable', 'connection refused'],
  [/^(ENOTFOUND|EAI_)/, 'destination_unreachable', 'host not found'],
  [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/, 'destination_unreachable', 'no route to host'],
  [
    /^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|UND_ERR_ABORTED|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/,
    'destination_unreachable',
    'connection lost',
  ],
  [/^(HPE_|HTTPParserError|UND_ERR_HEADERS_OVERFLOW)/, 'destination_unreachable', 'its answer is not HTTP'],
  // Waiting does not mend a certificate or a plain HTTP port behind an https address.
  [
    /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_(SSL|TLS)_|^EPROTO$/,
    'destination_misconfigured',
    'TLS handshake failed',
  ],
];

// What no line names is a bug of ours and goes up as it is. Not asked by `instanceof Error`: in jest's sandbox Node's own
// errors are of another realm.
function translated(error: unknown): unknown {
  if (error instanceof AnswerTooLong)
    return new ConnectorFailure(failureOf('destination_unreachable', 'its answer is longer than 10 MB'));
  if (typeof error !== 'object' || error === null) return error;
  const { code, name, message, syscall } = error as Record<string, unknown>;
  // undici's parser names its errors but gives some of them no code.
  const word = String(code ?? name);
  const trouble = troubles.find(([pattern]) => pattern.test(word));
  if (!trouble) return error;
  const cause = error instanceof DeadlinePassed ? null : `${word} ${String(message)}`.trim();
  const nothingApplied = beforeSending.test(word) || syscall === 'connect';
  return new ConnectorFailure(failureOf(trouble[1], trouble[2], cause), undefined, nothingApplied);
}
