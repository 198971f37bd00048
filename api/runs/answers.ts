// Owns what answers about runs hold, for the documentation: the presenters' shapes, key by key.
import { z } from 'zod';
import { failureOrigins, failureTable } from '../../domain/failure';
import { phases } from '../../domain/phase';
import { retryScopes, runKinds, runOutcomes, runStatuses, runTriggers } from '../../domain/run';
import { countAnswer, idAnswer, preciseTimeAnswer, timeAnswer } from '../answers';
import { eitherPagination } from '../lists/answers';
import { wireMembers } from './configuration-presenter';

const runId = idAnswer('run');
const milliseconds = z.int().min(0);

/** The twelve keys of a run on the product page, with its types. */
export const pageRunAnswer = z.strictObject({
  id: runId,
  sync_id: idAnswer('sync'),
  status: z.enum(runStatuses),
  trigger: z.enum(runTriggers).meta({ description: 'What initiated the run.' }),
  started_at: timeAnswer.nullable(),
  completed_at: timeAnswer.nullable(),
  duration_seconds: z.int().min(0).nullable(),
  rows_processed: countAnswer.meta({ description: 'Rows read from the model.' }),
  rows_created: countAnswer,
  rows_updated: countAnswer,
  rows_deleted: countAnswer,
  rows_failed: countAnswer.meta({ description: 'Rows that were refused, each with a row error.' }),
});

const failureAnswer = z.strictObject({
  code: z.enum(Object.keys(failureTable) as [keyof typeof failureTable]),
  message: z.string().meta({ example: 'Source connection failed: timeout' }),
  origin: z.enum(failureOrigins),
  retryable: z.boolean().meta({ description: 'Whether waiting may cure it.' }),
});

const runShape = pageRunAnswer.extend({
  outcome: z
    .enum(runOutcomes)
    .nullable()
    .meta({ description: 'The finer truth; null until the run has ended.' }),
  kind: z.enum(runKinds),
  rows_skipped: countAnswer.meta({ description: 'Rows that were deliberately not sent.' }),
  rows_unchanged: countAnswer.meta({ description: 'Rows that are as the destination last accepted them.' }),
  rows_not_attempted: countAnswer.meta({ description: 'Rows planned and never sent.' }),
  rows_unknown: countAnswer.meta({ description: 'Rows sent and never answered.' }),
  queued_at: timeAnswer,
  retry_of: runId.nullable().meta({ description: 'The run it retries.' }),
  retry_scope: z.enum(retryScopes).nullable(),
  failure: failureAnswer.nullable().meta({ description: 'Why the whole run was given up.' }),
  triggered_by: z.string().nullable().meta({ description: 'Id of the token that asked for it.' }),
  triggered_by_name: z.string().nullable(),
});

/** A run as in lists. */
export const runAnswer = runShape.meta({
  id: 'Run',
  description: 'One execution of a sync.',
  example: {
    id: 'run_abc123',
    sync_id: 'sync_xyz789',
    status: 'completed',
    trigger: 'schedule',
    started_at: '2025-01-15T09:00:00Z',
    completed_at: '2025-01-15T09:04:23Z',
    duration_seconds: 263,
    rows_processed: 15_432,
    rows_created: 1_205,
    rows_updated: 13_891,
    rows_deleted: 0,
    rows_failed: 336,
    outcome: 'with_row_errors',
    kind: 'normal',
    rows_skipped: 0,
    rows_unchanged: 0,
    rows_not_attempted: 0,
    rows_unknown: 0,
    queued_at: '2025-01-15T08:59:59Z',
    retry_of: null,
    retry_scope: null,
    failure: null,
    triggered_by: null,
    triggered_by_name: null,
  },
});

/** A list of runs, by numbered pages or, asked with `cursor`, as a walk. */
export const runListAnswer = z
  .strictObject({
    data: z.array(runAnswer),
    pagination: eitherPagination,
  })
  .meta({ id: 'RunList' });

const phaseAnswer = z.strictObject({
  phase: z.enum(phases),
  started_at: preciseTimeAnswer,
  ended_at: preciseTimeAnswer.nullable(),
  duration_ms: milliseconds.nullable(),
  attempts: countAnswer.meta({ description: 'Tries of this phase; more than one after a crash or trouble.' }),
  waited_ms: milliseconds.meta({ description: 'Part of it spent waiting out limits and outages.' }),
});

const performanceAnswer = z.strictObject({
  total_ms: milliseconds.nullable(),
  query_ms: milliseconds.nullable(),
  processing_ms: milliseconds.nullable().meta({ description: 'Everything but the query.' }),
  change_detection_ms: milliseconds.nullable(),
  destination_writes_ms: milliseconds.nullable(),
  finalization_ms: milliseconds.nullable(),
  api_call_ms: z
    .strictObject({ count: countAnswer, p50: milliseconds.nullable(), p95: milliseconds.nullable() })
    .meta({ description: 'Calls to the destination.' }),
});

const progressAnswer = z.strictObject({
  phase: z.enum(phases).nullable(),
  rows_read: countAnswer.nullable(),
  rows_planned: countAnswer.nullable(),
  rows_answered: countAnswer,
  rows_per_second: z.number().min(0).nullable(),
  waiting_for: z
    .strictObject({ reason: z.string(), since: timeAnswer, until: timeAnswer.nullable() })
    .nullable(),
  last_heartbeat_at: preciseTimeAnswer.nullable(),
});

const queueAnswer = z.strictObject({
  position: z.int().min(0).meta({ description: '1 is the next run; 0: it is its turn.' }),
  ahead_run_id: runId.nullable(),
  holder_run_id: runId.nullable(),
});

const mappedColumn = z.strictObject({ column: z.string(), field: z.string() });

const changesAnswer = z.strictObject({
  previous_run_id: runId.meta({ description: 'The last run before this one that had started.' }),
  members: z.array(z.enum(wireMembers)).meta({ description: 'The parts of the configuration that differ.' }),
  mapping: z.strictObject({
    added: z.array(mappedColumn),
    removed: z.array(mappedColumn),
    changed: z.array(z.strictObject({ column: z.string(), from: z.string(), to: z.string() })),
    reordered: z.boolean(),
  }),
  sql_changed: z.boolean(),
  row_key_changed: z.boolean(),
});

const detailShape = runShape.extend({
  note: z.string().nullable(),
  slot_at: timeAnswer.nullable().meta({ description: 'Nominal time of the slot of a scheduled run.' }),
  allow_deletes: z.boolean(),
  cancel_requested_at: timeAnswer.nullable(),
  summary: z.strictObject({
    total_rows: countAnswer,
    created: countAnswer,
    updated: countAnswer,
    deleted: countAnswer,
    failed: countAnswer,
    skipped: countAnswer,
    unchanged: countAnswer,
    not_attempted: countAnswer,
    unknown: countAnswer,
    planned_deletes: countAnswer,
    counter_mismatch: z
      .int()
      .meta({ description: 'Rows the counters do not account for; other than 0 is a bug.' }),
  }),
  phases: z.array(phaseAnswer),
  performance: performanceAnswer,
  progress: progressAnswer.nullable().meta({ description: 'While the run is running.' }),
  queue: queueAnswer.nullable().meta({ description: 'While the run is queued.' }),
  configuration: z.strictObject({
    sync_version: z.int().min(1).nullable(),
    model_version: z.int().min(1).nullable(),
    changed_since_previous: changesAnswer.nullable(),
  }),
  row_errors_removed_at: timeAnswer
    .nullable()
    .meta({ description: 'Since when its row errors are removed for their age; its counters stay.' }),
  raw_values_removed_at: timeAnswer.nullable().meta({
    description:
      'Since when its row errors are without the values of their rows, as the sync’s `raw_value_days` has it.',
  }),
  links: z.strictObject({
    self: z.string(),
    errors: z.string(),
    events: z.string(),
    temporal: z.string().nullable().meta({ description: 'Its page in the Temporal Web UI.' }),
    previous: z.string().nullable(),
    next: z.string().nullable(),
    retry: z
      .string()
      .nullable()
      .meta({ description: 'To be posted to, once the run has ended; null of a deleted sync.' }),
    cancel: z.string().nullable().meta({ description: 'To be posted to, until the run has ended.' }),
  }),
});

/** One run with everything about it. */
export const runDetailAnswer = detailShape.meta({
  id: 'RunDetail',
  description: 'A run with its phases, performance, progress, and the configuration it ran with.',
});

/** A run that was just queued, by a trigger or a retry. */
export const launchedRunAnswer = detailShape
  .extend({
    state: z
      .enum(['started', 'queued'])
      .meta({ description: 'Whether it starts at once or waits for its turn.' }),
  })
  .meta({ id: 'LaunchedRun' });
