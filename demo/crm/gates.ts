// Owns what stands before every call to the demo CRM: key, rate limit, method, body, and how a refusal is answered.

import type { Context, Next } from 'koa';
import type { BehaviourSwitch } from './behaviour';
import type { Call, ContactBook } from './contact-book';

/** A body above this is a mistake: 1,000 rows with every text at its limit are below 2 MB. */
export const maxBody = '10mb';

/** Answers 401 to a call without the key, and to one whose key is not live any more. */
export function requireKey(apiKey: string, isLive: () => boolean) {
  return (ctx: Context, next: Next) => {
    if (ctx.get('Authorization') !== `Bearer ${apiKey}`) ctx.throw(401, 'invalid session');
    if (!isLive()) ctx.throw(401, 'session expired');
    return next();
  };
}

/** Answers 429 to calls above the limit of the moment. */
export function limitRate(behaviour: BehaviourSwitch) {
  return (ctx: Context, next: Next) => {
    if (behaviour.isLimited(Date.now())) {
      // The limit counts whole seconds, so one second later there is room again.
      ctx.throw(429, 'rate limit exceeded', { headers: { 'Retry-After': '1' } });
    }
    return next();
  };
}

/** The gate, with every call it refuses noted in the ledger. */
export function refusing(
  book: ContactBook,
  operation: Call['operation'],
  gate: (ctx: Context, next: Next) => unknown,
) {
  return async (ctx: Context, next: Next): Promise<void> => {
    let isRefused = true;
    try {
      await gate(ctx, () => {
        isRefused = false;
        return Promise.resolve();
      });
    } catch (error) {
      if (isRefused && ctx.method === 'POST') {
        const call = { operation, idempotencyKey: ctx.get('Idempotency-Key') || null, bodySha256: '' };
        book.note(call, (error as { status?: number }).status ?? 500);
      }
      throw error;
    }
    await next();
  };
}

/** Answers 405 to every other method, but 204 to HEAD: a caller with a good key asks whether it has access. */
export function onlyPost(ctx: Context, next: Next): unknown {
  if (ctx.method === 'POST') return next();
  if (ctx.method === 'HEAD') return void (ctx.status = 204);
  return ctx.throw(405, 'use POST', { headers: { Allow: 'POST' } });
}

/** What a body parser calls when it cannot read a body. */
export function refuseBody(error: Error & { status?: number }, ctx: Context): never {
  const status = error.status === 413 ? 413 : 400;
  return ctx.throw(status, status === 413 ? `a body of more than ${maxBody}` : 'the body is not valid JSON');
}

interface AnswerableError extends Error {
  readonly status?: number;
  /** True when the message is meant for the caller. */
  readonly expose?: boolean;
  readonly headers?: Record<string, string>;
}

/** Turns whatever is thrown below it into `{"error"}`; what is not meant for the caller stays here. */
export async function answerErrors(ctx: Context, next: Next): Promise<void> {
  try {
    await next();
    if (ctx.status === 404 && ctx.body === undefined && ctx.respond !== false) ctx.throw(404, 'not found');
  } catch (error) {
    const { status, expose, message, headers } = error as AnswerableError;
    ctx.status = status ?? 500;
    ctx.set(headers ?? {});
    ctx.body = { error: expose ? message : 'internal error' };
    if (!expose) console.error(error);
  }
}
