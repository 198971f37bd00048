// Owns one guarded HTTP call: connections, its total deadline, the cap on the answer, and network trouble in a few words.
// What trouble means is its caller's.
import { isIP, type Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { AddressGuard } from '../address-guard';
import { AnswerReader, AnswerTooLong, type HttpAnswer } from './answer-reader';

// 10 s: a host that is there accepts within a second, lost packets included.
const connectTimeoutMs = 10_000;

/** One call to make. The body is whole in memory, so its length is told beforehand. */
export interface HttpCall {
  readonly method: 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

/** A call that got no answer, or none that could be read. The message is a few words: `timeout`. */
export class CallTrouble extends Error {
  override readonly name = 'CallTrouble';

  constructor(
    words: string,
    /** Whether waiting may help: not with an address inside, or a TLS fault. */
    readonly mayPass: boolean,
    /** Whether it was met before a byte of the call was sent. */
    readonly nothingSent: boolean,
    /** The foreign error's own text, for us. */
    readonly foreignText: string | null,
  ) {
    super(words);
  }
}

/** Connections to one server, kept alive between calls. */
export interface HttpClient {
  /**
   * Ends within `deadlineMs` in any case. Throws CallTrouble for network trouble and for an answer that is too large, and
   * the signal's reason when it was aborted.
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

export interface HttpClientOptions {
  /** Most sockets to each origin. */
  readonly connections: number;
  /** No socket is opened where it forbids it. */
  readonly guard: AddressGuard;
  /** Longest answer that is read, bytes; above it an answer is not what was asked for. */
  readonly mostAnswerBytes: number;
  /** Whether its beginning will do, however it goes on or ends. */
  readonly cutsAnswers?: boolean;
}

/** Opens nothing yet. */
export function httpClient({
  connections,
  guard,
  mostAnswerBytes,
  cutsAnswers = false,
}: HttpClientOptions): HttpClient {
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
      const reader = new AnswerReader(mostAnswerBytes, cutsAnswers);
      // Not AbortSignal.any: joined to a signal that lives as long as a run, it keeps memory for each call (Node 20).
      const onAbort = (): void => reader.end(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      const timer = setTimeout(() => reader.endLate(new DeadlinePassed()), deadlineMs);
      try {
        // It never follows a redirect.
        agent.dispatch({ origin, path: pathname + search, method, headers, body }, reader);
        return await reader.answer;
      } catch (error) {
        signal.throwIfAborted();
        throw translated(error, mostAnswerBytes);
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

const troubles: readonly { readonly code: RegExp; readonly words: string; readonly mayPass: boolean }[] = [
  {
    code: /^ADDRESS_INSIDE$/,
    words: 'its host leads inside the network, where ALLOWED_INSIDE_ADDRESSES does not let calls go',
    mayPass: false,
  },
  {
    code: /^(DEADLINE_PASSED|UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT|ERR_SOCKET_CONNECTION_TIMEOUT)$/,
    words: 'timeout',
    mayPass: true,
  },
  { code: /^ECONNREFUSED$/, words: 'connection refused', mayPass: true },
  { code: /^(ENOTFOUND|EAI_)/, words: 'host not found', mayPass: true },
  {
    code: /^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/,
    words: 'no route to host',
    mayPass: true,
  },
  // Of our own machine: no sockets, no ports or no memory left, or a firewall that will not have it.
  {
    code: /^(EMFILE|ENFILE|ENOBUFS|ENOMEM|EADDRNOTAVAIL|EADDRINUSE|EACCES|EPERM)$/,
    words: 'no connection to be had here',
    mayPass: true,
  },
  {
    code: /^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|UND_ERR_ABORTED|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/,
    words: 'connection lost',
    mayPass: true,
  },
  {
    code: /^(HPE_|HTTPParserError|UND_ERR_HEADERS_OVERFLOW)/,
    words: 'its answer is not HTTP',
    mayPass: true,
  },
  // Waiting does not mend a certificate or a plain HTTP port behind an https address.
  {
    code: /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_(SSL|TLS)_|^EPROTO$/,
    words: 'TLS handshake failed',
    mayPass: false,
  },
];

// What no line names is a bug of ours and goes up as it is. Not asked by `instanceof Error`: in jest's sandbox Node's own
// errors are of another realm.
function translated(error: unknown, mostAnswerBytes: number): unknown {
  if (error instanceof AnswerTooLong)
    return new CallTrouble(`its answer is longer than ${sizeInWords(mostAnswerBytes)}`, true, false, null);
  if (typeof error !== 'object' || error === null) return error;
  const { code, name, message, syscall } = error as Record<string, unknown>;
  // undici's parser names its errors but gives some of them no code.
  const word = String(code ?? name);
  const trouble = troubles.find((known) => known.code.test(word));
  if (!trouble) return error;
  const foreignText = error instanceof DeadlinePassed ? null : `${word} ${String(message)}`.trim();
  const nothingSent = beforeSending.test(word) || syscall === 'connect';
  return new CallTrouble(trouble.words, trouble.mayPass, nothingSent, foreignText);
}

function sizeInWords(bytes: number): string {
  return bytes >= 1_000_000 ? `${bytes / 1_000_000} MB` : `${bytes / 1_000} kB`;
}
