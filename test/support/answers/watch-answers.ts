// Owns looking at every answer on its way out of a server of a test, whoever asked and however: none may be undocumented.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { type AppDependencies, apiRoutes } from '../../../api/create-app';
import { type DocumentedApi, documentedApi } from './documented-api';
import { type Exchange, faultsOfAnswer } from './faults-of-answer';
import { type SchemaFaults, schemaFaultsOf } from './schema-faults';

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface WatchedAnswers {
  /** Serve this instead. */
  readonly handle: Handle;
  /** Throws when an answer since the last call was not as documented. */
  assertDocumented(): void;
}

// Long exports and streams are not kept; what is short enough to look at is.
const mostKeptBytes = 4 * 1024 * 1024;

// The same for every app of a test file: routes differ in what they use, not in what they declare.
let shared: { api: DocumentedApi; schemaFaults: SchemaFaults } | undefined;

function documented(deps: AppDependencies): Documented {
  if (!shared) {
    const api = documentedApi(apiRoutes(deps));
    shared = { api, schemaFaults: schemaFaultsOf(api.document) };
  }
  return shared;
}

/** Watches the answers of an app with these dependencies. */
export function watchAnswers(handle: Handle, deps: AppDependencies): WatchedAnswers {
  const faults: string[] = [];
  return {
    handle: (request, response) => {
      keepBody(response, (body) => {
        // Cut short, by its caller or by us: nobody has an answer.
        if (request.destroyed || response.destroyed || request.socket.destroyed) return;
        const where = `${request.method} ${request.url?.slice(0, 200)} answered ${response.statusCode}`;
        faults.push(
          ...judged(documented(deps), request, response, body).map((fault) => `${where}: ${fault}`),
        );
      });
      return handle(request, response);
    },
    assertDocumented() {
      const found = faults.splice(0);
      if (found.length > 0) throw new Error(`Not as documented:\n  ${[...new Set(found)].join('\n  ')}`);
    },
  };
}

type Documented = NonNullable<typeof shared>;

function judged(
  { api, schemaFaults }: Documented,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer | null,
): string[] {
  try {
    return faultsOfAnswer(api, schemaFaults, exchangeOf(request, response, body));
  } catch (error) {
    // A body that is not what its type or encoding says is the server's fault, and no reason to send it nothing.
    return [String(error)];
  }
}

/** Calls `done` with the whole body, null when it was too long, before its end is sent: whoever has an answer finds it judged. */
function keepBody(response: ServerResponse, done: (body: Buffer | null) => void): void {
  const kept: Buffer[] = [];
  let bytes = 0;
  const keep = (chunk: unknown): void => {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
    bytes += chunk.length;
    if (bytes <= mostKeptBytes) kept.push(Buffer.from(chunk));
  };
  const write = response.write.bind(response) as (...args: unknown[]) => boolean;
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  response.write = ((...args: unknown[]) => {
    keep(args[0]);
    return write(...args);
  }) as typeof response.write;
  response.end = ((...args: unknown[]) => {
    keep(args[0]);
    done(bytes <= mostKeptBytes ? Buffer.concat(kept) : null);
    return end(...args);
  }) as typeof response.end;
}

function exchangeOf(request: IncomingMessage, response: ServerResponse, body: Buffer | null): Exchange {
  const headers = Object.fromEntries(
    Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
  return {
    method: request.method ?? '',
    path: (request.url ?? '').split('?')[0] ?? '',
    status: response.statusCode,
    headers,
    body: body && plain(body, headers['content-encoding']),
  };
}

function plain(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'br') return brotliDecompressSync(body);
  if (encoding === 'gzip') return gunzipSync(body);
  return encoding === 'deflate' ? inflateSync(body) : body;
}
