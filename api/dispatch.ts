// Owns joining declared routes to Koa: scope, ids, query and body are checked in this order, then the handler runs.
import Router from '@koa/router';
import { type IdKind, idPrefixes, isId } from '../domain/ids';
import type { ApiContext, Next } from './api-context';
import { methodNotAllowed, notFound } from './errors';
import { readBody } from './middleware/read-body';
import { assertScopeDeclared, requireScope } from './middleware/require-scope';
import { validate } from './middleware/validate';
import type { Route } from './route';

/** A router of all routes below `prefix`. Throws when one declares no scope. */
export function dispatch(prefix: string, routes: readonly Route[]): Router {
  // Sensitive, as the check of the token is: /API/v1 would pass that one by.
  const router = new Router({ prefix, sensitive: true });
  for (const route of routes) {
    assertScopeDeclared(route);
    router.register(route.path, [route.method.toLowerCase()], (ctx) => handle(route, ctx));
  }
  return router;
}

const withBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

type RoutedContext = ApiContext & { params: Record<string, string> };

async function handle(route: Route, ctx: RoutedContext): Promise<void> {
  const { token, requestId } = ctx.state;
  if (!token) throw new Error(`${route.path} was reached without authentication`);
  requireScope(token, route.scope);
  for (const [name, value] of Object.entries(ctx.params)) assertIdForm(name, value);
  const query = validate(route.query, { ...ctx.query }, 'query');
  const body = withBody.has(route.method) ? validate(route.body, await readBody(ctx), 'body') : undefined;
  const answer = await route.handle({
    workspaceId: token.workspaceId,
    tokenId: token.id,
    requestId,
    query,
    body,
    param: (name) => {
      const value = ctx.params[name];
      if (value === undefined) throw new Error(`${route.path} has no parameter ${name}`);
      return value;
    },
    header: (name) => ctx.get(name),
    accepts: (...mediaTypes) => ctx.accepts(...mediaTypes),
  });
  ctx.status = answer.status ?? 200;
  ctx.set({ ...answer.headers });
  ctx.body = answer.body;
  if (answer.etag === undefined) return;
  ctx.etag = answer.etag;
  // Koa drops the body of a 304, and judges freshness of GET and HEAD alone.
  if (ctx.fresh) ctx.status = 304;
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
