// Owns what the routes of a sync's schedule answer.
import { z } from 'zod';
import { overlapPolicies } from '../../../domain/schedule';
import { runStatuses } from '../../../domain/run';
import { countAnswer, idAnswer, timeAnswer } from '../../answers';

const cadence = {
  cadence: z.string().meta({ description: 'In words.', example: 'Every 15 minutes' }),
  interval_seconds: z.int().nullable(),
  cron: z.string().nullable(),
  time_zone: z.string(),
  jitter_seconds: countAnswer,
  catch_up_seconds: countAnswer,
};

/** The definition alone, as a sync shows it. */
export const cadenceAnswer = z.strictObject(cadence).meta({ id: 'Cadence' });

export const overlapPolicyAnswer = z.enum(overlapPolicies).meta({
  description: 'What becomes of a slot that finds a run active.',
});

/** Null: it is not paused. */
export const pausedAnswer = z
  .strictObject({ at: timeAnswer, note: z.string().nullable() })
  .meta({ id: 'Pause' });

const slotAnswer = z
  .strictObject({
    slot_at: timeAnswer.nullable(),
    outcome: z.enum(['run', 'skipped']),
    run: z.strictObject({ id: idAnswer('run'), status: z.enum(runStatuses) }).nullable(),
    reason: z.string().nullable().meta({ description: 'Why it became no run.' }),
    blocking_run: idAnswer('run').nullable(),
  })
  .meta({ id: 'Slot' });

export const scheduleAnswer = z
  .strictObject({
    ...cadence,
    overlap_policy: overlapPolicyAnswer,
    paused: pausedAnswer.nullable(),
    applied: z.boolean().meta({ description: 'Whether Temporal has the newest form of it.' }),
    next: z
      .array(timeAnswer)
      .nullable()
      .meta({ description: 'The next fire times, from Temporal; null: it does not answer.' }),
    temporal: z.enum(['available', 'unavailable']),
    last_slots: z.array(slotAnswer),
    slots_missed: countAnswer,
  })
  .meta({ id: 'Schedule' });
