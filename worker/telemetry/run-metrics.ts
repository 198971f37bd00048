// Owns what is counted about runs that ended, and about what held them up. Labels are closed lists of the domain.
import { Counter, Histogram, type Registry } from 'prom-client';
import type { EndedRun } from '../../db/views/ended-run-view';
import { isFailureCode } from '../../domain/failure';
import type { Setback } from '../../domain/setback';

export interface RunMetrics {
  /** A run that this worker has closed. */
  ended(run: EndedRun): void;
  /** Trouble, or want of room, that a run waits out. */
  waits(setback: Setback): void;
}

// From runs that find nothing changed, within a second, to those that move a hundred million rows.
const secondsBuckets = [1, 2.5, 5, 15, 30, 60, 300, 900, 3_600, 14_400, 86_400];

const secondsBetween = (from: Date, to: Date): number => Math.max(0, to.getTime() - from.getTime()) / 1_000;

export function runMetrics(registry: Registry): RunMetrics {
  const registers = [registry];
  const runs = new Counter({
    name: 'signalsmith_runs_ended_total',
    help: 'Runs this worker has closed, by status, outcome and trigger.',
    labelNames: ['status', 'outcome', 'trigger'],
    registers,
  });
  const seconds = new Histogram({
    name: 'signalsmith_run_seconds',
    help: 'Time from the start of a run to its end, by status.',
    labelNames: ['status'],
    buckets: secondsBuckets,
    registers,
  });
  const queued = new Histogram({
    name: 'signalsmith_run_queue_seconds',
    help: 'Time a run waited in the queue before its start.',
    buckets: secondsBuckets,
    registers,
  });
  const rows = new Counter({
    name: 'signalsmith_rows_total',
    help: 'Rows of ended runs, by what became of them.',
    labelNames: ['result'],
    registers,
  });
  const batches = new Counter({
    name: 'signalsmith_batches_total',
    help: 'Batches of ended runs that were sent.',
    registers,
  });
  const batchRetries = new Counter({
    name: 'signalsmith_batch_retries_total',
    help: 'How often a batch of an ended run was sent again.',
    registers,
  });
  const waits = new Counter({
    name: 'signalsmith_run_waits_total',
    help: 'Waits that runs of this worker began, by the failure it would become; no_room: for memory.',
    labelNames: ['code'],
    registers,
  });
  const waitSeconds = new Counter({
    name: 'signalsmith_run_wait_seconds_total',
    help: 'How long these waits were to be.',
    labelNames: ['code'],
    registers,
  });
  return {
    ended({ status, outcome, trigger, queuedAt, startedAt, completedAt, counts, ...run }) {
      runs.inc({ status, outcome, trigger });
      if (startedAt) {
        seconds.observe({ status }, secondsBetween(startedAt, completedAt));
        queued.observe(secondsBetween(queuedAt, startedAt));
      }
      for (const result of results) rows.inc({ result: result.label }, counts[result.count]);
      batches.inc(run.batches);
      batchRetries.inc(run.batchRetries);
    },
    waits({ failure, pauseMs }) {
      // Typed as a message alone: want of room has no code.
      const { code } = failure as { code?: unknown };
      const label = typeof code === 'string' && isFailureCode(code) ? code : 'no_room';
      waits.inc({ code: label });
      waitSeconds.inc({ code: label }, pauseMs / 1_000);
    },
  };
}

const results = [
  { label: 'created', count: 'created' },
  { label: 'updated', count: 'updated' },
  { label: 'deleted', count: 'deleted' },
  { label: 'unchanged', count: 'unchanged' },
  { label: 'skipped', count: 'skipped' },
  { label: 'failed', count: 'failed' },
  { label: 'not_attempted', count: 'notAttempted' },
  { label: 'unknown', count: 'unknown' },
] as const;
