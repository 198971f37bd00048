// Owns a real HTTP server on loopback that writes down every call and answers as a test says. Knows no destination.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call as it arrived. */
export interface StubCall {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Answers one call; `at` counts calls from 0. An answer that is never ended is a server that hangs. */
export type Responder = (call: StubCall, response: http.ServerResponse, at: number) => unknown;

export interface HttpStub {
  readonly url: string;
  /** Calls in the order they arrived, those of HEAD left out. */
  readonly calls: StubCall[];
  respond(responder: Responder): void;
  /** The status HEAD is answered with; 405 unless told. */
  answerHead(statusOf: (headers: http.IncomingHttpHeaders) => number): void;
  /** Called before the body is read; true: the call is dealt with and nothing more happens. */
  interceptBody(intercept: (request: http.IncomingMessage, response: http.ServerResponse) => boolean): void;
  /** Open connections are cut. */
  close(): Promise<void>;
}

/** A server on a free port. */
export async function httpStub(responder: Responder): Promise<HttpStub> {
  const calls: StubCall[] = [];
  let respond = responder;
  let headStatus: Parameters<HttpStub['answerHead']>[0] = () => 405;
  let intercept: Parameters<HttpStub['interceptBody']>[0] = () => false;

  const server = http.createServer((request, response) => {
    if (request.method === 'HEAD') return void response.writeHead(headStatus(request.headers)).end();
    if (intercept(request, response)) return undefined;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const call = { method, path, headers, body: Buffer.concat(chunks) };
      calls.push(call);
      respond(call, response, calls.length - 1);
    });
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    respond: (next) => {
      respond = next;
    },
    answerHead: (next) => {
      headStatus = next;
    },
    interceptBody: (next) => {
      intercept = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Ends an answer with a JSON body. */
export function answerJson(
  response: http.ServerResponse,
  status: number,
  body: unknown,
  headers: http.OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
