// Owns what a worker process tells of itself: which measures and spans there are, and where they are served. Off, it costs
// nothing: activities are not even watched.
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Knex } from 'knex';
import type { DeliveryWatcher } from '../../activities/deps';
import { processRegistry } from '../../telemetry/process-metrics';
import { type MetricsPlace, type ServedMetrics, serveMetrics } from '../../telemetry/serve-metrics';
import type { Tracing } from '../../telemetry/tracing';
import { deliveryMetrics } from './delivery-metrics';
import { runMetrics } from './run-metrics';
import { activityMetrics, watchActivities } from './watch-activities';

export interface TelemetryOptions {
  readonly knex: Knex;
  readonly tracing: Tracing;
  /** Null: the measures are served nowhere. */
  readonly metricsPlace: MetricsPlace | null;
  readonly log: { warn(fields: Record<string, unknown>, message: string): void };
}

export interface WorkerTelemetry {
  readonly interceptors: ActivityInterceptorsFactory[];
  /** Undefined: nobody counts messages. */
  readonly deliveryWatcher: DeliveryWatcher | undefined;
  /** Where the measures are served; null: nowhere (yet). */
  url(): string | null;
  close(): Promise<void>;
}

// While a new worker takes over from an old one on the same machine, the port is the old one's for half a minute at most.
const retryMs = 5_000;

export async function startWorkerTelemetry(options: TelemetryOptions): Promise<WorkerTelemetry> {
  const { knex, tracing, metricsPlace, log } = options;
  if (!tracing.isOn && !metricsPlace)
    return {
      interceptors: [],
      deliveryWatcher: undefined,
      url: () => null,
      close: async () => undefined,
    };
  const registry = processRegistry(knex);
  const metrics = activityMetrics(registry);
  const watch = watchActivities({ knex, tracing, metrics, runs: runMetrics(registry) });
  let served: ServedMetrics | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const serve = async (place: MetricsPlace): Promise<void> => {
    try {
      served = await serveMetrics(registry, place);
    } catch (error) {
      // Runs come first: a worker whose measures nobody sees still works.
      log.warn({ port: place.port, error: String(error) }, 'the metrics port cannot be had yet');
      if (!isClosed) timer = setTimeout(() => void serve(place), retryMs).unref();
    }
  };
  if (metricsPlace) await serve(metricsPlace);
  return {
    interceptors: [watch],
    deliveryWatcher: deliveryMetrics(registry),
    url: () => served?.url ?? null,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await Promise.all([served?.close(), tracing.close()]);
    },
  };
}
