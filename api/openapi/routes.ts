// Owns serving the OpenAPI document: one text for the life of the process, with an ETag. Needs no token.
import Router from '@koa/router';
import { printOf } from '../print-of';
import type { Route } from '../route';
import { apiPrefix, openApiDocument } from './document';

// A minute: a deploy shows itself soon, and a page full of readers asks once.
const cacheSeconds = 60;

/** `GET /api/v1/openapi.json`, made at the first request: most processes are never asked. */
export function openApiRoutes(routes: readonly Route[]): Router {
  let made: { readonly text: string; readonly etag: string } | undefined;
  const router = new Router({ sensitive: true });
  router.get(`${apiPrefix}/openapi.json`, (ctx) => {
    made ??= documentText(routes);
    ctx.set('Cache-Control', `public, max-age=${cacheSeconds}`);
    ctx.etag = made.etag;
    ctx.type = 'application/json';
    ctx.body = made.text;
    if (ctx.fresh) ctx.status = 304;
  });
  return router;
}

function documentText(routes: readonly Route[]): { text: string; etag: string } {
  const text = JSON.stringify(openApiDocument(routes));
  return { text, etag: printOf(text) };
}
