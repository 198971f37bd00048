// Owns the span of a request: its method, route and status. No address, query, header or body is in it.
import type { ApiContext, Next } from '../api-context';
import { matchedRoute } from './matched-path';
import type { Tracing } from '../../telemetry/tracing';

/** Continues the trace the caller has begun, if it names one. */
export function traceRequests(tracing: Tracing) {
  return async (ctx: ApiContext, next: Next): Promise<void> => {
    const { method } = ctx;
    const start = {
      name: method,
      kind: 'server',
      parent: { traceparent: ctx.get('traceparent') },
      attributes: { 'http.request.method': method, 'signalsmith.request_id': ctx.state.requestId },
    } as const;
    await tracing.span(start, async (span) => {
      await next();
      const route = matchedRoute(ctx);
      if (route !== null) {
        span.rename(`${method} ${route}`);
        span.set({ 'http.route': route });
      }
      span.set({ 'http.response.status_code': ctx.status });
      if (ctx.status >= 500) span.fail(String(ctx.status));
    });
  };
}
