// Owns compression: which answers are sent as gzip or brotli to callers that take it.
import { finished, Readable } from 'node:stream';
import compress from 'koa-compress';
import type { ApiContext, Next } from '../api-context';

const options = {
  // A kilobyte: anything smaller fits a packet as it is.
  threshold: 1_024,
  // Gzip and brotli are everywhere; the others save nothing that would be noticed.
  zstd: false,
  deflate: false,
  // Events arrive as they happen: a compressor would keep them until it has a block full.
  filter: (type: string) =>
    !/^text\/event-stream\b/i.test(type) && /^text\/|json|javascript|xml|svg/i.test(type),
} as const;

const compressed = compress(options);

/**
 * Compresses what is worth it. An answer with a strong ETag is sent as it is: the tag promises the same bytes to everybody,
 * and comes back in If-Match; a weak one (`W/`) promises the meaning alone.
 */
export async function compressAnswers(ctx: ApiContext, next: Next): Promise<void> {
  let body: unknown;
  await compressed(ctx, async () => {
    await next();
    body = ctx.body;
    if (ctx.response.has('ETag') && ctx.response.get('ETag').startsWith('"')) ctx.compress = false;
  });
  const { body: sent } = ctx;
  if (!(body instanceof Readable) || !(sent instanceof Readable) || body === sent) return;
  // A stream that breaks off is cut off for the caller too, who would take what came before for the whole.
  finished(body, (error) => {
    if (error) sent.destroy(error);
  });
}
