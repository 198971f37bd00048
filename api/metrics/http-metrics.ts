// Owns what is counted about requests. Labels come from the code alone: a caller cannot make a new one.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ApiContext, Next } from '../api-context';
import type { KeyOutcome } from '../idempotency/answer-once';
import { matchedRoute } from '../middleware/matched-path';

/** Counters of this process's requests. */
export interface HttpMetrics {
  /** Counts and times what comes after it. */
  measure(ctx: ApiContext, next: Next): Promise<void>;
  /** A request that a limit refused. */
  limited(limit: string): void;
  /** A request that came with an Idempotency-Key. */
  keyed(outcome: KeyOutcome): void;
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

// Most answers take 2 to 50 ms; a statement is broken off after four seconds, an inspection after thirty.
const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function httpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'signalsmith_http_requests_total',
    help: 'Requests that were answered, by method, route and class of status.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'signalsmith_http_request_seconds',
    help: 'Time until an answer began, by method and route.',
    labelNames: ['method', 'route'],
    buckets: secondsBuckets,
    registers,
  });
  const inFlight = new Gauge({
    name: 'signalsmith_http_requests_in_flight',
    help: 'Requests whose answer has not begun.',
    registers,
  });
  const limited = new Counter({
    name: 'signalsmith_http_limited_total',
    help: 'Requests that were refused because the limit of their token was used up, by limit.',
    labelNames: ['limit'],
    registers,
  });
  const keyed = new Counter({
    name: 'signalsmith_idempotency_keys_total',
    help: 'Requests with an Idempotency-Key, by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  return {
    async measure(ctx, next) {
      const startedMs = performance.now();
      inFlight.inc();
      try {
        await next();
      } finally {
        inFlight.dec();
        const method = methods.has(ctx.method) ? ctx.method : 'other';
        const route = matchedRoute(ctx) ?? 'none';
        requests.inc({ method, route, status: `${Math.floor(ctx.status / 100)}xx` });
        seconds.observe({ method, route }, (performance.now() - startedMs) / 1_000);
      }
    },
    limited: (limit) => limited.inc({ limit }),
    keyed: (outcome) => keyed.inc({ outcome }),
  };
}
