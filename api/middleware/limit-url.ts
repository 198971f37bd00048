// Owns the longest address. What a query may say is validate's; how large all headers may be is the server's.
import type { ApiContext, Next } from '../api-context';
import { ApiError } from '../errors';

// Every filter there is, filled to its limit, fits four times; browsers and proxies cut much longer ones off.
const mostCharacters = 8_192;

export async function limitUrl(ctx: ApiContext, next: Next): Promise<void> {
  if (ctx.url.length > mostCharacters) {
    throw new ApiError('url_too_long', `The address may have ${mostCharacters} characters at most.`);
  }
  await next();
}
