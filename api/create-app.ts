// Owns putting the API together from its parts. Does not listen and reads no configuration.
import Router from '@koa/router';
import Koa from 'koa';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { DestinationStore } from '../db/configuration/destination-store';
import { ModelStore } from '../db/configuration/model-store';
import { SourceStore } from '../db/configuration/source-store';
import { SyncStore } from '../db/configuration/sync-store';
import { TokenStore } from '../db/configuration/token-store';
import type { ApiContext, ApiState, Next } from './api-context';
import { destinationRoutes } from './destinations/routes';
import { answerUnmatched, dispatch } from './dispatch';
import { healthRoutes } from './health/routes';
import type { Inspector } from './inspector';
import { authenticate } from './middleware/authenticate';
import { handleErrors } from './middleware/handle-errors';
import { logRequests } from './middleware/log-requests';
import { requestId } from './middleware/request-id';
import { modelRoutes } from './models/routes';
import { apiPrefix as prefix } from './openapi/document';
import { docsRoutes } from './openapi/page/routes';
import { openApiRoutes } from './openapi/routes';
import { problemRoutes } from './problems/routes';
import type { Route } from './route';
import type { RunLauncher } from '../temporal/run-launcher';
import { cancelRoute } from './runs/cancel-route';
import { retryRoute } from './runs/retry-route';
import { runRoutes } from './runs/routes';
import { sourceRoutes } from './sources/routes';
import type { Schedules } from '../temporal/schedules';
import { lifeRoutes } from './syncs/life-routes';
import { syncRoutes } from './syncs/routes';
import { scheduleRoutes } from './syncs/schedule-routes';
import { triggerRoute } from './syncs/trigger-route';
import type { TemporalUi } from './temporal-ui';

export interface AppDependencies {
  readonly knex: Knex;
  /** 32 bytes that seal what is stored. */
  readonly secretKey: Buffer;
  readonly inspector: Inspector;
  readonly launcher: RunLauncher;
  readonly schedules: Schedules;
  /** Rejects when Temporal does not answer. */
  readonly checkTemporal: () => Promise<void>;
  readonly temporalUi: TemporalUi | null;
  readonly logger: Logger;
  /** True once the process has begun to stop: `/readyz` fails and connections are closed after their answer. */
  readonly isDraining: () => boolean;
}

/** The whole API as a Koa app. Throws when a route declares no scope. */
export function createApp(deps: AppDependencies): Koa<ApiState> {
  const tokens = new TokenStore(deps.knex);
  const routes = apiRoutes(deps);
  const api = dispatch(prefix, routes);
  const open = [healthRoutes(deps), problemRoutes(), openApiRoutes(routes), docsRoutes(), greeting()];

  const app = new Koa<ApiState>();
  app.on('error', (error: unknown) => deps.logger.error({ err: error }, 'an answer could not be sent'));
  app.use(requestId);
  app.use(logRequests(deps.logger));
  app.use(answerHeaders(deps.isDraining));
  app.use(handleErrors(deps.logger));
  app.use(answerUnmatched);
  for (const router of open) app.use(router.routes());
  app.use(below(prefix, authenticate(tokens)));
  app.use(api.routes());
  return app;
}

/** Every route below the prefix, with its scope. */
export function apiRoutes(deps: AppDependencies): Route[] {
  const { knex, secretKey } = deps;
  const stores = {
    sources: new SourceStore(knex, secretKey),
    destinations: new DestinationStore(knex, secretKey),
    models: new ModelStore(knex),
    syncs: new SyncStore(knex),
  };
  const all = { ...deps, ...stores };
  return [
    ...sourceRoutes(all),
    ...modelRoutes(all),
    ...destinationRoutes(all),
    ...syncRoutes(all),
    ...scheduleRoutes(all),
    ...lifeRoutes(all),
    triggerRoute(all),
    ...runRoutes(all),
    cancelRoute(all),
    retryRoute(all),
  ];
}

function below(path: string, middleware: (ctx: ApiContext, next: Next) => Promise<void>) {
  return (ctx: ApiContext, next: Next) =>
    ctx.path === path || ctx.path.startsWith(`${path}/`) ? middleware(ctx, next) : next();
}

function greeting(): Router {
  const router = new Router({ sensitive: true });
  router.get('/', (ctx) => {
    ctx.body = {
      name: 'SignalSmith Sync Runs',
      api: prefix,
      links: {
        documentation: '/docs',
        openapi: `${prefix}/openapi.json`,
        ready: '/readyz',
        problems: '/problems',
      },
    };
  });
  return router;
}

// Answers hold a workspace's data: no cache between us and the caller may keep them, and a browser that is led to one
// runs, frames and embeds nothing. Routes that answer something else say so.
function answerHeaders(isDraining: () => boolean) {
  return async (ctx: ApiContext, next: Next): Promise<void> => {
    ctx.set({
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
    });
    await next();
    if (isDraining()) ctx.set('Connection', 'close');
  };
}
