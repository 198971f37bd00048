// Owns what the routes of alerts answer.
import { z } from 'zod';
import { alertEventTypes, alertStates } from '../../../domain/alerts/alert';
import { alertKinds } from '../../../domain/alerts/rules';
import { failureTable } from '../../../domain/failure';
import { runOutcomes, runStatuses, runTriggers } from '../../../domain/run';
import { authorAnswer, countAnswer, idAnswer, preciseTimeAnswer, timeAnswer } from '../../answers';
import { eitherPagination } from '../../lists/answers';
import { severityAnswer } from '../rules/answers';

const path = z.string().regex(/^\/api\/v1\//);

/** A run as alerts tell of it: it stands here though the run itself has gone. */
const runFactsAnswer = z.strictObject({
  id: idAnswer('run'),
  status: z.enum(runStatuses),
  outcome: z.enum(runOutcomes).nullable(),
  trigger: z.enum(runTriggers),
  started_at: timeAnswer.nullable(),
  completed_at: timeAnswer.nullable(),
  duration_ms: z.int().min(0).nullable(),
  rows_processed: countAnswer,
  rows_created: countAnswer,
  rows_updated: countAnswer,
  rows_deleted: countAnswer,
  rows_failed: countAnswer,
  failure: z
    .strictObject({
      code: z.enum(Object.keys(failureTable) as [keyof typeof failureTable]),
      message: z.string(),
    })
    .nullable(),
});

const alert = {
  id: idAnswer('alert'),
  kind: z.enum(alertKinds).meta({ description: 'The rule that opened it.' }),
  severity: severityAnswer,
  state: z.enum(alertStates),
  sync: z.strictObject({ id: idAnswer('sync'), name: z.string() }),
  sentence: z.string().meta({ example: 'Users → CRM failed: Destination authentication expired' }),
  advice: z.array(z.string()).meta({ description: 'What to do, most useful first.' }),
  cause: z.string().meta({ description: 'Alerts of one cause are told together.' }),
  occurrences: z.int().min(1),
  about: z
    .strictObject({ kind: z.enum(['source', 'model', 'destination']), id: z.string(), name: z.string() })
    .nullable()
    .meta({ description: 'Where it lies, so far as that is known.' }),
  observed: z.number().nullable().meta({
    description: 'Of rules with a measure: rows, a share of 0 to 1, milliseconds, or a number of runs.',
  }),
  expected: z.number().nullable().meta({ description: 'What it was expected to be, or the threshold.' }),
  due_at: timeAnswer.nullable().meta({ description: 'Of `run_late`: from which slot on nothing came.' }),
  run: runFactsAnswer
    .nullable()
    .meta({ description: 'The run of its last occurrence; null: it is about none.' }),
  first_run_id: idAnswer('run').nullable(),
  opened_at: timeAnswer,
  last_seen_at: timeAnswer,
  told_at: timeAnswer
    .nullable()
    .meta({ description: 'When channels were last told of it; null: they were not.' }),
  acknowledged_at: timeAnswer.nullable(),
  acknowledged_by: authorAnswer,
  muted_until: timeAnswer.nullable().meta({
    description: 'Until then nobody is told of it, nor of what comes after it; null: it is not muted.',
  }),
  muted_by: authorAnswer,
  resolved_at: timeAnswer.nullable(),
  resolved_by: authorAnswer.meta({ description: 'Null: it resolved by what happened.' }),
  resolved_run_id: idAnswer('run').nullable().meta({ description: 'The run that resolved it.' }),
  links: z.strictObject({ self: path, deliveries: path, sync: path, run: path.nullable() }),
};

const alertAnswer = z
  .strictObject(alert)
  .meta({ id: 'Alert', description: 'An incident: at most one is open for each sync and rule.' });

export const alertListAnswer = z
  .strictObject({ data: z.array(alertAnswer), pagination: eitherPagination })
  .meta({ id: 'AlertList' });

const event = z
  .strictObject({
    at: preciseTimeAnswer,
    type: z.enum(alertEventTypes),
    by: authorAnswer.meta({ description: 'Null: it happened by itself.' }),
    run_id: idAnswer('run').nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AlertEvent' });

export const alertDetailAnswer = z
  .strictObject({
    ...alert,
    events: z
      .array(event)
      .meta({ description: 'What became of it: the newest hundred, oldest of them first.' }),
    events_total: countAnswer,
  })
  .meta({ id: 'AlertDetail', description: 'An alert with what became of it, when, and by whom.' });
