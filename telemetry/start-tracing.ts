// Owns whether anything is traced: OpenTelemetry's SDK is not loaded unless its variables ask for it.
import { noTracing, type TracedService, type Tracing } from './tracing';

/** Tracing as OpenTelemetry's standard variables ask for it: on with an OTLP endpoint, off without. `env` is the process's. */
export function startTracing(service: TracedService, env: NodeJS.ProcessEnv): Tracing {
  if (!isAskedFor(env)) return noTracing;
  // Loaded only now: it is a fifth of a second of every start.
  const { otlpTracing } = require('./otlp-tracing') as typeof import('./otlp-tracing');
  return otlpTracing(service);
}

function isAskedFor(env: NodeJS.ProcessEnv): boolean {
  const hasEndpoint = Boolean(
    env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'],
  );
  const isOff = env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none';
  return hasEndpoint && !isOff;
}
