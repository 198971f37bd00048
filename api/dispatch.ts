// Owns joining declared routes to Koa: limit, scope, ids, query and body are checked in this order, then the handler runs.
import { Stream } from 'node:stream';
import Router from '@koa/router';
import type { StoredToken } from '../db/configuration/token-store';
import { type IdKind, idPrefixes, isId } from '../domain/ids';
import type { ApiContext, Next } from './api-context';
import { methodNotAllowed, notFound } from './errors';
import type { AnswerOnce } from './idempotency/answer-once';
import { idempotencyKeyIn } from './idempotency/key-header';
import { keyIdOf, requestHashOf } from './idempotency/request-hash';
import { readBody } from './middleware/read-body';
import { assertScopeDeclared, requireScope } from './middleware/require-scope';
import { validate } from './middleware/validate';
import type { RateLimiter } from './rate-limit/rate-limiter';
import { type Route, type RouteAnswer, type RouteRequest, takesKey } from './route';

/** What all routes are under. */
export interface Rules {
  /** Absent: a token may make any number of requests. */
  readonly limiter?: RateLimiter;
  /** Absent: an Idempotency-Key is not looked at. */
  readonly answerOnce?: AnswerOnce;
}

/** A router of all routes below `prefix`. Throws when one declares no scope. */
export function dispatch(prefix: string, routes: readonly Route[], rules: Rules = {}): Router {
  // Sensitive, as the check of the token is: /API/v1 would pass that one by.
  const router = new Router({ prefix, sensitive: true });
  for (const route of routes) {
    assertScopeDeclared(route);
    router.register(route.path, [route.method.toLowerCase()], (ctx) =>
      handle(route, { ...rules, prefix }, ctx),
    );
  }
  return router;
}

const withBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

type RoutedContext = ApiContext & { params: Record<string, string> };

async function handle(
  route: Route,
  rules: Rules & { readonly prefix: string },
  ctx: RoutedContext,
): Promise<void> {
  const { token } = ctx.state;
  if (!token) throw new Error(`${route.path} was reached without authentication`);
  if (rules.limiter) ctx.set(rules.limiter.draw(token, route));
  requireScope(token, route.scope);
  for (const [name, value] of Object.entries(ctx.params)) assertIdForm(name, value);
  const given = { ...ctx.query };
  const query = validate(route.query, given, 'query');
  const read = withBody.has(route.method) ? await readBody(ctx) : undefined;
  const body = read === undefined ? undefined : validate(route.body, read, 'body');
  const request = requestOf(route, ctx, token, query, body);
  const key = takesKey(route) ? idempotencyKeyIn(ctx.get('Idempotency-Key')) : null;
  if (key === null || !rules.answerOnce) return send(ctx, await route.handle(request));
  const { workspaceId } = token;
  const path = rules.prefix + pathOf(route, ctx.params);
  const id = keyIdOf({ workspaceId, method: route.method, path, key });
  const keyed = { workspaceId, id, requestHash: requestHashOf(token.id, given, read) };
  send(ctx, await rules.answerOnce({ route, keyed, request }));
}

// However it was written: with a slash at its end or an encoded letter it is the same path, and its key the same key.
function pathOf({ path }: Route, params: Readonly<Record<string, string>>): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => params[name] ?? '');
}

function requestOf(
  route: Route,
  ctx: RoutedContext,
  token: StoredToken,
  query: unknown,
  body: unknown,
): RouteRequest<unknown, unknown> {
  return {
    workspaceId: token.workspaceId,
    tokenId: token.id,
    requestId: ctx.state.requestId,
    query,
    body,
    param: (name) => {
      const value = ctx.params[name];
      if (value === undefined) throw new Error(`${route.path} has no parameter ${name}`);
      return value;
    },
    header: (name) => ctx.get(name),
    accepts: (...mediaTypes) => {
      // Added to what compression has said there: a header of the answer would take its place.
      ctx.vary('Accept');
      return ctx.accepts(...mediaTypes);
    },
  };
}

function send(ctx: RoutedContext, answer: RouteAnswer): void {
  const isRead = ctx.method === 'GET' || ctx.method === 'HEAD';
  // May be kept by whoever has the token, and is asked about each time.
  if (isRead && answer.etag !== undefined) ctx.set('Cache-Control', 'private, no-cache');
  ctx.status = answer.status ?? 200;
  ctx.set({ ...answer.headers });
  ctx.body = asText(ctx, answer.body);
  if (answer.etag === undefined) return;
  ctx.etag = answer.etag;
  // Koa drops the body of a 304, and judges freshness of GET and HEAD alone.
  if (ctx.fresh) ctx.status = 304;
}

// Koa would make the text of an object twice: for its length, which compression asks for, and to send it.
function asText(ctx: RoutedContext, body: unknown): unknown {
  if (typeof body !== 'object' || body === null || body instanceof Stream) return body;
  if (ctx.response.type === '') ctx.type = 'json';
  return JSON.stringify(body);
}

// Text that cannot be an id never reaches the database; it is as absent as an id nobody has.
function assertIdForm(name: string, value: string): void {
  const kind = name.slice(0, -'_id'.length);
  if (kind in idPrefixes && !isId(kind as IdKind, value)) throw notFound(`This ${kind}`);
}

/** Answers what no route took: 405 with the methods the path knows, else 404. */
export async function answerUnmatched(ctx: ApiContext, next: Next): Promise<void> {
  await next();
  if (ctx.status !== 404 || ctx.body !== undefined) return;
  const matched = (ctx as unknown as { matched?: { methods: string[] }[] }).matched ?? [];
  const methods = [...new Set(matched.flatMap((layer) => layer.methods))];
  if (methods.length > 0) throw methodNotAllowed(ctx.method, methods.toSorted());
  throw notFound(`The path ${ctx.path}`);
}
