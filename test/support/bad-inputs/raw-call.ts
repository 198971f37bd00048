// Sends requests that fetch would put right: paths and headers go over the wire as they are given.
import http from 'node:http';
import type { BadRequest } from './bad-requests';

export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export interface RawCaller {
  call(request: BadRequest): Promise<RawAnswer>;
  close(): void;
}

/** Over a few kept connections, with the token. */
export function rawCaller(url: string, token: string): RawCaller {
  const { hostname: host, port } = new URL(url);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  return {
    call: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const given = { Authorization: `Bearer ${token}`, ...headers };
        const length = body === null ? {} : { 'Content-Length': body.length };
        const request = http.request({ agent, host, port, method, path, headers: { ...given, ...length } });
        request.on('error', reject);
        request.on('response', (response) => {
          const type = response.headers['content-type'] ?? '';
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, type, text: Buffer.concat(chunks).toString() }),
          );
          response.on('error', reject);
        });
        request.end(body ?? undefined);
      }),
    close: () => agent.destroy(),
  };
}
