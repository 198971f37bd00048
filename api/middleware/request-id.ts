// Owns the request id: taken from the caller when it is harmless, else made; always sent back.
import { randomUUID } from 'node:crypto';
import type { ApiContext, Next } from '../api-context';

// Short and without blanks or quotes: it goes into logs and headers as it is.
const harmless = /^[\w.:-]{1,128}$/;

export async function requestId(ctx: ApiContext, next: Next): Promise<void> {
  const given = ctx.get('X-Request-Id');
  ctx.state.requestId = harmless.test(given) ? given : randomUUID();
  ctx.set('X-Request-Id', ctx.state.requestId);
  await next();
}
