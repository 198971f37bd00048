// Owns putting the API together from its parts. Does not listen and reads no configuration.
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
import { type AfterCommitDependencies, onceCommitted } from './after-commit';
import type { ApiContext, ApiState, Next } from './api-context';
import { destinationRoutes } from './destinations/routes';
import { answerUnmatched, dispatch } from './dispatch';
import { healthRoutes } from './health/routes';
import { answerOnce, type HeldDependencies } from './idempotency/answer-once';
import type { Inspector } from './inspector';
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
import { problemRoutes } from './problems/routes';
import { type RateLimits, rateLimiter } from './rate-limit/rate-limiter';
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
import { tracedLauncher } from './traced-launcher';

const prefix = '/api/v1';

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
  readonly logger: Logger;
  /** True once the process has begun to stop: `/readyz` fails and connections are closed after their answer. */
  readonly isDraining: () => boolean;
  /** Absent: a token may make any number of requests. */
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
  const api = dispatch(prefix, apiRoutes(deps), {
    ...(rateLimits ? { limiter: rateLimiter(rateLimits, http.limited) } : {}),
    answerOnce: answerOnce({ ...deps, count: http.keyed, routeOver: routeOver(deps) }),
  });
  const health = healthRoutes(deps);
  const problems = problemRoutes();
  const metrics = metricsRoutes(registry, new DatabaseMetrics(registry, () => measures(deps.knex)));

  const app = new Koa<ApiState>();
  app.on('error', (error: unknown) => deps.logger.error({ err: error }, 'an answer could not be sent'));
  app.use(requestId);
  app.use(http.measure);
  app.use(traceRequests(tracing));
  app.use(logRequests(deps.logger));
  app.use(answerHeaders(deps.isDraining));
  app.use(compressAnswers);
  app.use(handleErrors(deps.logger));
  app.use(limitUrl);
  app.use(answerUnmatched);
  app.use(metrics.routes());
  app.use(health.routes());
  app.use(problems.routes());
  app.use(greet);
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

async function greet(ctx: ApiContext, next: Next): Promise<void> {
  await next();
  if (ctx.path !== '/' || ctx.method !== 'GET') return;
  ctx.body = {
    name: 'SignalSmith Sync Runs',
    api: prefix,
    links: { ready: '/readyz', problems: '/problems' },
  };
}

// Answers hold a workspace's data: no cache between us and the caller may keep them.
function answerHeaders(isDraining: () => boolean) {
  return async (ctx: ApiContext, next: Next): Promise<void> => {
    ctx.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    await next();
    if (isDraining()) ctx.set('Connection', 'close');
  };
}
