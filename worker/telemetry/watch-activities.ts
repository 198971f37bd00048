// Owns what is measured and traced around every activity of a worker. Changes nothing of what they do, and nothing of what
// Temporal is told.
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Info } from '@temporalio/activity';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Knex } from 'knex';
import { endedRun } from '../../db/views/ended-run-view';
import type { Setback } from '../../domain/setback';
import type { SpanAttributes, Tracing } from '../../telemetry/tracing';
import { workflowNames } from '../../workflows/messages';
import type { RunMetrics } from './run-metrics';

export interface ActivityWatch {
  readonly knex: Knex;
  readonly tracing: Tracing;
  readonly metrics: ActivityMetrics;
  readonly runs: RunMetrics;
}

/** Counters of this worker's activities. */
export interface ActivityMetrics {
  began(activity: string, attempt: number): void;
  ended(activity: string, seconds: number, result: 'completed' | 'cancelled' | 'failed'): void;
}

export function activityMetrics(registry: Registry): ActivityMetrics {
  const registers = [registry];
  const retries = new Counter({
    name: 'signalsmith_activity_retries_total',
    help: 'Activities that this worker took up again, by activity.',
    labelNames: ['activity'],
    registers,
  });
  const seconds = new Histogram({
    name: 'signalsmith_activity_seconds',
    help: 'Time of one try of an activity, by activity and result.',
    labelNames: ['activity', 'result'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 3_600],
    registers,
  });
  return {
    began: (activity, attempt) => {
      if (attempt > 1) retries.inc({ activity });
    },
    ended: (activity, took, result) => seconds.observe({ activity, result }, took),
  };
}

/** Watches every activity the worker registers. */
export function watchActivities(watch: ActivityWatch): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      async execute(input, next) {
        const { activityType, attempt } = info;
        const runId = runIdIn(input.args);
        watch.metrics.began(activityType, attempt);
        const startedMs = performance.now();
        const end = (result: 'completed' | 'cancelled' | 'failed'): void =>
          watch.metrics.ended(activityType, (performance.now() - startedMs) / 1_000, result);
        try {
          const result = await watch.tracing.span(spanOf(info, runId), () => next(input));
          end('completed');
          if (isSetback(result)) watch.runs.waits(result.setback);
          // After the answer: nobody waits for what is only told.
          if (activityType === 'closeRun' && runId !== null) void tellEnd(watch, runId);
          return result;
        } catch (error) {
          end((error as Error).name === 'CancelledFailure' ? 'cancelled' : 'failed');
          throw error;
        }
      },
    },
  });
}

function spanOf(info: Info, runId: string | null) {
  const workflowId = info.workflowExecution?.workflowId ?? '';
  return {
    name: info.activityType,
    kind: 'consumer',
    // A run is one trace; whatever else a worker does is one of its own.
    ...(info.workflowType === workflowNames.syncRun ? { parent: { workflowId } } : {}),
    attributes: {
      'signalsmith.workflow_id': workflowId,
      'signalsmith.attempt': info.attempt,
      ...(runId === null ? {} : { 'signalsmith.run_id': runId }),
    },
  } as const;
}

// A close that is repeated after its worker has died is told twice: the counters say what workers did.
async function tellEnd({ knex, runs, tracing }: ActivityWatch, runId: string): Promise<void> {
  const run = await endedRun(knex, runId).catch(() => null);
  if (!run) return;
  runs.ended(run);
  const { workflowId, queuedAt, completedAt, failureCode } = run;
  const attributes: SpanAttributes = {
    'signalsmith.run_id': run.id,
    'signalsmith.sync_id': run.syncId,
    'signalsmith.status': run.status,
    'signalsmith.outcome': run.outcome,
    'signalsmith.trigger': run.trigger,
    'signalsmith.kind': run.kind,
    'signalsmith.rows_processed': run.counts.processed,
    'signalsmith.rows_failed': run.counts.failed,
  };
  tracing.run({ workflowId, queuedAt, completedAt, failureCode, attributes });
}

function runIdIn([input]: readonly unknown[]): string | null {
  const { runId } = (input ?? {}) as { runId?: unknown };
  return typeof runId === 'string' ? runId : null;
}

function isSetback(result: unknown): result is { setback: Setback } {
  return typeof result === 'object' && result !== null && 'setback' in result;
}
