// Owns the one log line per request. Lists what is logged instead of hiding what is not: no headers, bodies or queries.
import type { Logger } from 'pino';
import type { ApiContext, Next } from '../api-context';
import { shownPath } from './matched-path';

const probes = new Set(['/livez', '/readyz', '/metrics']);

/** Logs method, path, status and time of every request; probes only when they fail. */
export function logRequests(logger: Logger) {
  return async (ctx: ApiContext, next: Next): Promise<void> => {
    const startedMs = performance.now();
    await next();
    if (probes.has(ctx.path) && ctx.status < 500) return;
    logger.info(
      {
        request_id: ctx.state.requestId,
        method: ctx.method,
        path: shownPath(ctx),
        status: ctx.status,
        duration_ms: Math.round(performance.now() - startedMs),
        workspace_id: ctx.state.token?.workspaceId,
        token_id: ctx.state.token?.id,
      },
      'request',
    );
  };
}
