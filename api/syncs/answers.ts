// Owns what the routes of syncs answer. Their schedules, versions and checks have answers of their own beside their routes.
import { z } from 'zod';
import { rawValuePolicies } from '../../domain/raw-values';
import { keyMatches, syncModes } from '../../domain/sync';
import { authorAnswer, countAnswer, idAnswer, pageOf, preciseTimeAnswer, timeAnswer } from '../answers';
import { cutAnswer } from '../lists/listed';
import { runAnswer } from '../runs/answers';
import { cadenceAnswer, overlapPolicyAnswer, pausedAnswer } from './schedule/answers';

/** Members of a sync that make a version of it: what a run does. */
export const configAnswer = {
  mode: z.enum(syncModes),
  mapping: z.array(z.strictObject({ column: z.string(), field: z.string() })),
  object: z
    .strictObject({ schema: z.string().optional(), table: z.string().optional() })
    .meta({ description: 'The table of a database; empty for an HTTP API.' }),
  settings: z
    .strictObject({
      key_match: z.enum(keyMatches),
      budget_seconds: countAnswer,
      patience_seconds: countAnswer,
      query_timeout_seconds: countAnswer,
      max_rows: countAnswer.nullable(),
      stuck_after_seconds: countAnswer,
      raw_values: z.enum(rawValuePolicies).meta({
        description:
          'What row errors tell of the values of their rows. `keep`: they are as they were. `mask`: letters are `x`, digits `0`, and messages are without the values of their row. `omit`: `raw_value` is null, and messages are without anything that could be a value.',
      }),
      raw_value_days: countAnswer.nullable().meta({
        description:
          'Days after the end of a run at which its row errors lose their values, whatever it ran with: `raw_value` is null, and messages are without that value and without anything else that could be one; null: not before they are removed.',
      }),
    })
    .meta({ id: 'SyncSettings' }),
};

const sync = {
  id: idAnswer('sync'),
  name: z.string(),
  model_id: idAnswer('model'),
  destination_id: idAnswer('destination'),
  ...configAnswer,
  overlap_policy: overlapPolicyAnswer,
  schedule: cadenceAnswer.nullable().meta({ description: 'Null: it runs only when it is triggered.' }),
  paused: pausedAnswer.nullable(),
  version: z.int().min(1),
  created_at: timeAnswer,
  updated_at: timeAnswer,
  created_by: authorAnswer,
  updated_by: authorAnswer,
};

export const syncAnswer = z.strictObject(sync).meta({ id: 'Sync' });

export const syncListAnswer = pageOf(
  z.strictObject({ ...sync, cut: cutAnswer }).meta({ id: 'ListedSync', description: 'A sync as in lists.' }),
);

export const syncDetailAnswer = z
  .strictObject({
    ...sync,
    last_run: runAnswer.nullable().meta({ description: 'Its newest run; null: it has never run.' }),
  })
  .meta({ id: 'SyncDetail' });

export const syncEventsAnswer = pageOf(
  z
    .strictObject({
      id: z.int(),
      at: preciseTimeAnswer,
      type: z.string().meta({ example: 'slot_skipped' }),
      detail: z.record(z.string(), z.unknown()),
    })
    .meta({ id: 'SyncEvent' }),
);
