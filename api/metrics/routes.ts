// Owns GET /metrics: the registry as Prometheus reads it. Without a token: it holds numbers over all workspaces, no names.
import Router from '@koa/router';
import type { Registry } from 'prom-client';
import type { DatabaseMetrics } from './database-metrics';

export function metricsRoutes(registry: Registry, database: DatabaseMetrics): Router {
  const router = new Router({ sensitive: true });
  router.get('/metrics', async (ctx) => {
    await database.refresh();
    ctx.set('Content-Type', registry.contentType);
    ctx.body = await registry.metrics();
  });
  return router;
}
