// Owns serving the documentation page and its scripts, all from here: it works where there is no other network.
import { randomBytes } from 'node:crypto';
import Router from '@koa/router';
import { notFound } from '../../errors';
import { pageFiles } from './page-files';
import { pageHtml, pagePolicy } from './page-html';

/** `/docs` and its scripts. Need no token: the page shows what openapi.json says, and that is open. */
export function docsRoutes(): Router {
  let read: ReturnType<typeof pageFiles> | undefined;
  const files = (): ReturnType<typeof pageFiles> => (read ??= pageFiles());
  const router = new Router({ sensitive: true });

  router.get('/docs', async (ctx) => {
    const { reference } = await files();
    const nonce = randomBytes(16).toString('base64url');
    ctx.set('Content-Security-Policy', pagePolicy(nonce));
    ctx.type = 'text/html';
    ctx.body = pageHtml(nonce, reference.name);
  });

  router.get('/docs/:file', async (ctx) => {
    const { reference, own } = await files();
    const file = [reference, ...own].find(({ name }) => name === ctx['params'].file);
    if (!file) throw notFound('This file');
    ctx.set('Cache-Control', file.isForever ? 'public, max-age=31536000, immutable' : 'public, no-cache');
    ctx.etag = file.etag;
    ctx.type = 'text/javascript';
    ctx.body = file.bytes;
    if (ctx.fresh) ctx.status = 304;
  });
  return router;
}
