// Owns what the routes of insights answer, as the documentation has it.
import { z } from 'zod';
import { anomalyKinds } from '../../domain/trends/anomaly';
import { runKinds, runOutcomes, runTriggers, finalStatuses } from '../../domain/run';
import { countAnswer, idAnswer, preciseTimeAnswer, timeAnswer } from '../answers';

const seconds = z.number().min(0);
const share = z.number().min(0).max(1);
const path = z.string().regex(/^\/api\/v1\//);

function figure(value: z.ZodNumber) {
  return z.strictObject({
    value: value.nullable(),
    before: value.nullable().meta({ description: 'Of the period before, which is as long.' }),
    change: z.number().nullable().meta({ description: '`value` less `before`; null when either is.' }),
    change_ratio: z
      .number()
      .nullable()
      .meta({ description: 'The change as a share of `before`; null when that is null or 0.' }),
  });
}

const period = z.strictObject({ from: preciseTimeAnswer, until: preciseTimeAnswer });

const offender = z.strictObject({
  sync_id: idAnswer('sync'),
  name: z.string(),
  runs: countAnswer.meta({ description: 'Those that ended in the period, dry runs aside.' }),
  runs_failed: countAnswer,
  rows_failed: countAnswer,
  last_run_with_errors: idAnswer('run').meta({
    description: 'The newest run that failed or was refused rows.',
  }),
  links: z.strictObject({ sync: path, runs: path, trends: path, last_run_with_errors: path }),
});

const overdue = z.strictObject({
  sync_id: idAnswer('sync'),
  name: z.string(),
  cadence: z.string().meta({ example: 'At 09:00, Monday through Friday (Europe/Berlin)' }),
  due_at: timeAnswer.meta({ description: 'The first slot of which nothing is known.' }),
  late_seconds: z.int().min(0),
  last_slot_at: timeAnswer.nullable().meta({ description: 'The newest slot that became a run.' }),
  applied: z
    .boolean()
    .meta({ description: 'False: Temporal has not taken the newest form of the schedule.' }),
  links: z.strictObject({ sync: path, schedule: path }),
});

/** GET /insights/sync-health. */
export const syncHealthAnswer = z
  .strictObject({
    window: z.enum(['24h', '7d', '30d']),
    period,
    period_before: period,
    total_runs: figure(countAnswer).meta({
      description: 'Runs that ended in the period, whatever their status and kind.',
    }),
    success_rate: figure(share).meta({
      description:
        'Completed runs as a share of the completed and failed ones. Cancelled and dry runs say nothing of it.',
    }),
    average_duration_seconds: figure(seconds).meta({
      description: 'Of completed runs, from start to end; dry runs aside.',
    }),
    rows_synced: figure(countAnswer).meta({
      description:
        'Rows created, updated and deleted in destinations, whatever became of the run afterwards.',
    }),
    syncs_with_errors: figure(countAnswer).meta({
      description: 'Syncs of which a run failed or was refused rows; dry runs aside.',
    }),
    runs: z
      .strictObject({
        completed: countAnswer,
        failed: countAnswer,
        cancelled: countAnswer,
        dry_runs: countAnswer.meta({
          description: 'Whatever their status; they count in none of the others.',
        }),
      })
      .meta({ description: 'The parts of `total_runs`.' }),
    worst_offenders: z
      .array(offender)
      .max(10)
      .meta({ description: 'Most failed runs first, then most failed rows.' }),
    overdue_schedules: z.strictObject({
      total: countAnswer,
      data: z.array(overdue).max(100).meta({ description: 'Those that are due for longest.' }),
    }),
    open_alerts: z
      .strictObject({
        total: countAnswer,
        critical: countAnswer,
        warning: countAnswer,
        acknowledged: countAnswer.meta({ description: 'Those of them that somebody is at.' }),
      })
      .meta({ description: 'Alerts that are not resolved now, whenever they were opened.' }),
  })
  .meta({ id: 'SyncHealth' });

const percentiles = z
  .strictObject({ p50: seconds.nullable(), p95: seconds.nullable() })
  .meta({ description: 'Of completed runs, dry runs aside; null when there are none.' });

const rowCounts = {
  rows_processed: countAnswer,
  rows_created: countAnswer,
  rows_updated: countAnswer,
  rows_deleted: countAnswer,
  rows_failed: countAnswer,
  error_rate: share.nullable().meta({
    description: 'Failed rows as a share of those processed; null when none were.',
  }),
};

const runPoint = z.strictObject({
  run_id: idAnswer('run'),
  status: z.enum(finalStatuses),
  outcome: z.enum(runOutcomes),
  kind: z.enum(runKinds),
  trigger: z.enum(runTriggers),
  retry_of: idAnswer('run').nullable(),
  comparable: z.boolean().meta({
    description: 'Completed, of the kind normal and no retry: only such runs are judged, and judged by.',
  }),
  started_at: timeAnswer.nullable(),
  completed_at: timeAnswer,
  ...rowCounts,
  duration_seconds: seconds.nullable().meta({ description: 'Null when it ended before it began.' }),
});

const dayPoint = z.strictObject({
  day: z.iso.date().meta({ description: 'A day of UTC. The last one is today, as far as it has come.' }),
  runs: z.strictObject({ completed: countAnswer, failed: countAnswer, cancelled: countAnswer }),
  ...rowCounts,
  duration_seconds: percentiles,
});

const anomaly = z
  .strictObject({
    kind: z.enum(anomalyKinds),
    run_id: idAnswer('run'),
    started_at: timeAnswer,
    baseline: z.number().min(0).meta({ description: 'What was expected by the runs before.' }),
    observed: z.number().min(0),
    unit: z.enum(['rows', 'share', 'seconds']),
    score: z
      .number()
      .min(0)
      .meta({ description: 'How many usual spreads lie between baseline and observed.' }),
    runs_in_a_row: z.int().min(1).meta({ description: 'Comparable runs that show it one after the other.' }),
    likely_causes: z
      .array(z.string())
      .meta({ example: ['Data deleted from the warehouse', 'A filter change in the model'] }),
    links: z.strictObject({ run: path }),
  })
  .meta({ id: 'Anomaly' });

const trends = {
  sync_id: idAnswer('sync'),
  duration_seconds: percentiles,
  anomalies: z.array(anomaly).meta({ description: 'Oldest first.' }),
  judged_runs: countAnswer.meta({ description: 'Runs before which enough comparable ones lay.' }),
  judged_since: timeAnswer.nullable().meta({
    description: 'When the first run ended that could be judged at all; null when there was none.',
  }),
};

/** GET /syncs/{id}/trends. */
export const trendsAnswer = z
  .discriminatedUnion('by', [
    z.strictObject({ by: z.literal('run'), series: z.array(runPoint), ...trends }),
    z.strictObject({ by: z.literal('day'), series: z.array(dayPoint), ...trends }),
  ])
  .meta({ id: 'Trends', description: 'Series are oldest first.' });
