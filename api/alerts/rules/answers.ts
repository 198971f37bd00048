// Owns what the routes of alert rules answer.
import { z } from 'zod';
import { ruleOrigins } from '../../../db/alerts/rule-store';
import { alertRuleKinds } from '../../../domain/alerts/rules';
import { authorAnswer, countAnswer, idAnswer, timeAnswer } from '../../answers';

export const severityAnswer = z.enum(['warning', 'critical']);

export const ruleAnswer = z
  .strictObject({
    kind: z.enum(alertRuleKinds),
    severity: severityAnswer
      .nullable()
      .meta({ description: 'Of the alerts it opens; null: it opens none, and tells each time.' }),
    enabled: z.boolean(),
    settings: z
      .strictObject({
        threshold: z.number().optional(),
        min_rows: countAnswer.optional(),
        failures: countAnswer.optional(),
        days: countAnswer.optional(),
        remind_hours: countAnswer.optional(),
      })
      .meta({ description: 'Those that this rule has, with what holds for each.' }),
    channel_ids: z
      .array(idAnswer('channel'))
      .nullable()
      .meta({ description: 'Where it is told; null: on all channels.' }),
    source: z.enum(ruleOrigins).meta({
      description: 'Where it comes from: as everybody has it, or set for the workspace or for the sync.',
    }),
    updated_at: timeAnswer.nullable(),
    updated_by: authorAnswer,
  })
  .meta({ id: 'AlertRule', description: 'What is told, when, and where.' });

/** GET /alert-rules: always all of them. */
export const ruleListAnswer = z.strictObject({ data: z.array(ruleAnswer) });
