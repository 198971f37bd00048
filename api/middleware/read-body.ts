// Owns reading a request's body as JSON. What it may contain is validate's.
import type { IncomingMessage } from 'node:http';
import { bodyParser } from '@koa/bodyparser';
import type { ApiContext } from '../api-context';
import { ApiError } from '../errors';

/** Largest body: a model's SQL or a mapping of a thousand columns fits several times over. */
const limitKilobytes = 256;

const parse = bodyParser({
  enableTypes: ['json'],
  jsonLimit: `${limitKilobytes}kb`,
  // Whatever is JSON is read: that a body must be an object is validate's to say.
  jsonStrict: false,
  // No content type, as curl -X POST sends, is JSON when there is a body.
  detectJSON: (ctx) => ctx.get('Content-Type') === '' || ctx.is('json', '+json') !== false,
});

/** The body's JSON; none, or an empty one, is `{}`. Throws 400 for one that was announced and did not arrive whole. */
export async function readBody(ctx: ApiContext): Promise<unknown> {
  if (hasNoBody(ctx)) return {};
  if (ctx.get('Content-Type') !== '' && ctx.is('json', '+json') === false) {
    throw new ApiError(
      'unsupported_media_type',
      'Send the body as JSON, with Content-Type: application/json.',
    );
  }
  try {
    await Promise.race([parse(ctx, async () => undefined), brokenOff(ctx.req)]);
  } catch (error) {
    // The parser gives up where a body cannot be unpacked; what is left of it stands before the next request.
    ctx.req.resume();
    throw asApiError(error);
  }
  // The parser does not even try when the connection has gone before it: what was asked for is not known, and not `{}`.
  if (ctx.request.body === undefined) throw notWhole();
  return ctx.request.rawBody === '' ? {} : ctx.request.body;
}

// Of a compressed body the parser hears no end when its connection breaks off, and would wait for ever.
function brokenOff(request: IncomingMessage): Promise<never> {
  return new Promise((_, reject) => {
    request.once('close', () => {
      if (!request.readableEnded) reject(notWhole());
    });
  });
}

function notWhole(): ApiError {
  return new ApiError('invalid_request', 'The connection was closed before the body had arrived whole.');
}

// curl -d '' sends a form's content type with no body; that is as good as none.
function hasNoBody(ctx: ApiContext): boolean {
  const hasLength = ctx.get('Content-Length') !== '' && ctx.get('Content-Length') !== '0';
  return !hasLength && ctx.get('Transfer-Encoding') === '';
}

function asApiError(error: unknown): unknown {
  if (error instanceof ApiError) return error;
  const { status, code, type } = error as { status?: number; code?: string; type?: string };
  if (type === 'request.aborted' || type === 'request.size.invalid') return notWhole();
  if (status === 413) return new ApiError('body_too_large', `The body may be ${limitKilobytes} kB at most.`);
  if (status === 415) {
    return new ApiError('unsupported_media_type', 'Send the body in UTF-8, plain or compressed with gzip.');
  }
  // zlib's codes, and brotli's.
  if (code && /^(Z_|ERR__ERROR_)/.test(code)) {
    return new ApiError('invalid_json', 'The body is not compressed as its Content-Encoding says.');
  }
  if (status === 400 || error instanceof SyntaxError) {
    return new ApiError('invalid_json', syntaxWords((error as Error).message));
  }
  return error;
}

// The parser's own message repeats the body, which may hold a secret: no more is taken of it than what is known here.
function syntaxWords(message: string): string {
  if (message.startsWith('Object contains forbidden prototype'))
    return 'An object of the body has the key "__proto__".';
  // Not every message tells the place, and the place may be followed by line and column.
  const place = / JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1];
  return `The body is not valid JSON${place === undefined ? '' : `: it goes wrong after ${place} characters`}.`;
}
