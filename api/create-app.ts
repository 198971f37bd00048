// Owns putting the API together from its parts. Does not listen and reads no configuration.
import Router from '@koa/router';
import Koa from 'koa';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { DestinationStore } from '../db/configuration/destination-store';
import { ModelStore } from '../db/configuration/model-store';
import { SourceStore } from '../db/configuration/source-store';
import { SyncStore } from '../db/configuration/sync-store';
import { TokenStore } from '../db/configuration/token-store';
import type { SecretKey } from '../db/seal';
import { measures } from '../db/views/metrics-view';
import { noTracing, type Tracing } from '../telemetry/tracing';
import { PreviewStore } from '../db/preview-store';
import { type AfterCommitDependencies, onceCommitted } from './after-commit';
import { alertRoutes } from './alerts/routes';
import type { ApiContext, ApiState, Next } from './api-context';
import { destinationRoutes } from './destinations/routes';
import { answerUnmatched, dispatch } from './dispatch';
import type { LiveEvents } from './events/live-events';
import { eventRoutes } from './events/routes';
import { healthRoutes } from './health/routes';
import { answerOnce, type HeldDependencies } from './idempotency/answer-once';
import { insightRoutes } from './insights/routes';
import type { Inspector } from './configuration/inspector';
import { DatabaseMetrics } from './metrics/database-metrics';
import { httpMetrics } from './metrics/http-metrics';
import { metricsRoutes } from './metrics/routes';
import { authenticate } from './middleware/authenticate';
import { compressAnswers } from './middleware/compress-answers';
import { handleErrors } from './middleware/handle-errors';
import { limitUrl } from './middleware/limit-url';
import { logRequests } from './middleware/log-requests';
import { requestId } from './middleware/request-id';
import { traceRequests } from './middleware/trace-requests';
import { modelRoutes } from './models/routes';
import { apiPrefix as prefix } from './openapi/document';
import { docsRoutes } from './openapi/page/routes';
import { openApiRoutes } from './openapi/routes';
import { problemRoutes } from './problems/routes';
import { type RateLimits, rateLimiter } from './rate-limit/rate-limiter';
import type { Route } from './route';
import type { RunLauncher } from '../temporal/run-launcher';
import { rowErrorRoutes } from './row-errors/routes';
import { eraseRoute } from './rows/erase-route';
import { rowRoutes } from './rows/routes';
import { cancelRoute } from './runs/cancel-route';
import { retryRoute } from './runs/retry-route';
import { runRoutes } from './runs/routes';
import { sourceRoutes } from './sources/routes';
import type { Schedules } from '../temporal/schedules';
import { syncCheckRoute } from './syncs/check-route';
import { lifeRoutes } from './syncs/life-routes';
import { patchRoute } from './syncs/patch-route';
import { syncRoutes } from './syncs/routes';
import { scheduleRoutes } from './syncs/schedule/routes';
import { triggerRoute } from './syncs/trigger-route';
import { versionRoutes } from './syncs/versions/routes';
import { tokenRoutes } from './tokens/routes';
import type { TemporalUi } from '../temporal/web-ui';
import { tracedLauncher } from './runs/traced-launcher';

export interface AppDependencies extends AfterCommitDependencies {
  readonly knex: Knex;
  /** Seals what is stored. */
  readonly secretKey: SecretKey;
  readonly inspector: Inspector;
  readonly launcher: RunLauncher;
  readonly schedules: Schedules;
  /** Rejects when Temporal does not answer. */
  readonly checkTemporal: () => Promise<void>;
  readonly temporalUi: TemporalUi | null;
  readonly liveEvents: LiveEvents;
  readonly logger: Logger;
  /** True once the process has begun to stop: `/readyz` fails and connections are closed after their answer. */
  readonly isDraining: () => boolean;
  /** Absent: tokens may make any number of requests. */
  readonly rateLimits?: RateLimits;
  /** Measures of the process, to which those of requests and of the database come; absent: only these. */
  readonly registry?: Registry;
  /** Absent: nothing is traced. */
  readonly tracing?: Tracing;
}

/** The whole API as a Koa app. Throws when a route declares no scope. */
export function createApp(given: AppDependencies): Koa<ApiState> {
  const { registry = new Registry(), tracing = noTracing, rateLimits } = given;
  const deps = { ...given, launcher: tracedLauncher(given.launcher, tracing) };
  const tokens = new TokenStore(deps.knex);
  const http = httpMetrics(registry);
  const routes = apiRoutes(deps);
  const api = dispatch(prefix, routes, {
    ...(rateLimits ? { limiter: rateLimiter(rateLimits, http.limited) } : {}),
    answerOnce: answerOnce({ ...deps, count: http.keyed, routeOver: routeOver(deps) }),
  });
  const metrics = metricsRoutes(registry, new DatabaseMetrics(registry, () => measures(deps.knex)));
  const open = [
    metrics,
    healthRoutes(deps),
    problemRoutes(),
    openApiRoutes(routes),
    docsRoutes(),
    greeting(),
  ];

  const app = new Koa<ApiState>();
  app.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads a stream leaves when it has seen enough.
    if (error.code === 'ERR_STREAM_PREMATURE_CLOSE') return;
    deps.logger.error({ err: error }, 'an answer could not be sent');
  });
  app.use(requestId);
  app.use(http.measure);
  app.use(traceRequests(tracing));
  app.use(logRequests(deps.logger));
  app.use(answerHeaders(deps.isDraining));
  app.use(compressAnswers);
  app.use(handleErrors(deps.logger));
  app.use(limitUrl);
  app.use(answerUnmatched);
  for (const router of open) app.use(router.routes());
  app.use(below(prefix, authenticate(tokens)));
  app.use(api.routes());
  return app;
}

// Built anew for each keyed request, over the transaction that holds it.
function routeOver(deps: AppDependencies) {
  return (route: Route, held: HeldDependencies): Route => {
    const launcher = onceCommitted(deps.launcher, held.isCommitted);
    const schedules = onceCommitted(deps.schedules, held.isCommitted);
    const same = apiRoutes({ ...deps, ...held, launcher, schedules }).find(
      ({ method, path }) => method === route.method && path === route.path,
    );
    if (!same) throw new Error(`${route.method} ${route.path} is no route of the API`);
    return same;
  };
}

/** Every route below the prefix, with its scope. Holds no state: what lives longer than a request comes with `deps`. */
export function apiRoutes(deps: AppDependencies): Route[] {
  const { knex, secretKey } = deps;
  const stores = {
    sources: new SourceStore(knex, secretKey),
    destinations: new DestinationStore(knex, secretKey),
    models: new ModelStore(knex),
    syncs: new SyncStore(knex),
    previews: new PreviewStore(knex, secretKey),
  };
  const all = { ...deps, ...stores };
  return [
    ...sourceRoutes(all),
    ...modelRoutes(all),
    ...destinationRoutes(all),
    ...syncRoutes(all),
    patchRoute(all),
    ...versionRoutes(all),
    syncCheckRoute(all),
    ...scheduleRoutes(all),
    ...lifeRoutes(all),
    triggerRoute(all),
    ...runRoutes(all),
    ...eventRoutes(all),
    ...rowErrorRoutes(all),
    ...rowRoutes(all),
    eraseRoute(all),
    cancelRoute(all),
    retryRoute(all),
    ...tokenRoutes(all),
    ...insightRoutes(all),
    ...alertRoutes(all),
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
