// Owns what a request about alert rules may hold.
import { z } from 'zod';
import {
  type AlertRule,
  type AlertRuleKind,
  defaultRules,
  type RuleSettings,
} from '../../../domain/alerts/rules';
import { unprocessable } from '../../errors';
import { idOf } from '../../fields';

/** Names on the wire of what can be set of some rule. */
export const settingNames = {
  threshold: 'threshold',
  minRows: 'min_rows',
  failures: 'failures',
  days: 'days',
  remindHours: 'remind_hours',
} as const satisfies Record<keyof RuleSettings, string>;

/** A year: who wants to be reminded less often wants no reminder. */
const mostHours = 8_760;

const settings = z
  .strictObject({
    threshold: z.number().min(0).max(1).meta({
      description: 'Of `error_rate`: share of the rows processed that failed above which it is told.',
      example: 0.01,
    }),
    min_rows: z.int().min(0).max(1_000_000_000).meta({
      description: 'Of `error_rate`: runs of fewer rows say nothing.',
    }),
    failures: z.int().min(2).max(1_000).meta({
      description: 'Of `consecutive_failures`: how many in a row.',
    }),
    days: z.int().min(1).max(365).meta({ description: 'Of `schedule_paused`: after how many days.' }),
    remind_hours: z.int().min(0).max(mostHours).meta({
      description: 'Of all that open alerts: one that goes on is told again at most so often; 0: never.',
    }),
  })
  .partial();

/** Body of a PUT: the whole rule; what is left out is as everybody has it. */
export const ruleBody = z.strictObject({
  enabled: z.boolean().optional().meta({ description: 'Left out: as everybody has it.' }),
  settings: settings.default({}).meta({ description: 'Those that this rule has.' }),
  channel_ids: z
    .array(idOf('channel'))
    .max(100)
    .refine((ids) => new Set(ids).size === ids.length, 'Names a channel twice.')
    .nullable()
    .default(null)
    .meta({
      description: 'Where it is told; null: on all channels. None at all: alerts open, and nobody is told.',
    }),
});

/** Query of GET /alert-rules. */
export const rulesQuery = z.strictObject({
  sync_id: idOf('sync').optional().meta({ description: 'The rules as they hold for this sync.' }),
});

/** The body as the domain has it. Throws 422 for a setting that other rules have. */
export function ruleOf(
  kind: AlertRuleKind,
  body: z.output<typeof ruleBody>,
): Pick<AlertRule, 'enabled' | 'settings' | 'channelIds'> {
  const base = defaultRules[kind];
  const faults = Object.entries(settingNames).flatMap(([key, name]) =>
    body.settings[name] === undefined || key in base.settings
      ? []
      : [
          {
            pointer: `/settings/${name}`,
            code: 'not_of_this_rule',
            detail: `The rule ${kind} has no ${name}.`,
          },
        ],
  );
  if (faults.length > 0) throw unprocessable(faults);
  const given = Object.entries(settingNames).flatMap(([key, name]) =>
    body.settings[name] === undefined ? [] : [[key, body.settings[name]]],
  );
  return {
    enabled: body.enabled ?? base.enabled,
    settings: Object.fromEntries(given) as RuleSettings,
    channelIds: body.channel_ids,
  };
}
