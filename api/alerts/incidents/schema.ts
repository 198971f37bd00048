// Owns what a request about alerts may hold.
import { z } from 'zod';
import { alertStates } from '../../../domain/alerts/alert';
import { alertKinds } from '../../../domain/alerts/rules';
import {
  hasOnePlace,
  idList,
  onePlaceFault,
  pagingOrCursor,
  text,
  time,
  timeToCome,
  wordList,
} from '../../fields';

const several = 'One or more, separated by commas.';

/** Query of GET /alerts. */
export const alertsQuery = z
  .strictObject({
    ...pagingOrCursor(20, 100),
    state: wordList(alertStates).optional().meta({ description: several, example: 'open,acknowledged' }),
    kind: wordList(alertKinds).optional().meta({ description: several, example: 'run_failed,run_late' }),
    severity: wordList(['warning', 'critical'])
      .optional()
      .meta({ description: several, example: 'critical' }),
    sync_id: idList('sync', 100)
      .optional()
      .meta({ description: `${several} At most a hundred.` }),
    opened_after: time.optional().meta({ description: 'Alerts that were opened after this time.' }),
    opened_before: time.optional().meta({ description: 'Alerts that were opened before this time.' }),
  })
  .refine(hasOnePlace, onePlaceFault);

export type AlertsQuery = z.output<typeof alertsQuery>;

const note = text(500)
  .nullable()
  .default(null)
  .meta({ description: 'Kept with the act, for people.', example: 'Known, the CRM is being moved' });

/** Body of POST …/acknowledge, …/unmute and …/resolve. */
export const actBody = z.strictObject({ note });

/** A year: what is to be silent for longer is a rule to be switched off. */
const mostMuteHours = 8_760;
const hourMs = 3_600_000;

/** Body of POST …/mute. */
export const muteBody = z
  .strictObject({
    until: timeToCome
      .refine((until) => until.getTime() <= Date.now() + mostMuteHours * hourMs, {
        error: 'Must lie within a year: what is to be silent for longer is a rule to be switched off.',
        params: { code: 'too_far' },
      })
      .optional()
      .meta({ description: 'Until then nobody is told of it; a year from now at most.' }),
    hours: z.int().min(1).max(mostMuteHours).optional().meta({ description: 'The same, from now on.' }),
    note,
  })
  .superRefine(({ until, hours }, context) => {
    if ((until === undefined) !== (hours === undefined)) return;
    context.addIssue({
      code: 'custom',
      message: 'Give either until or hours.',
      params: { code: 'one_span' },
    });
  });
