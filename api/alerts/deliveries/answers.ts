// Owns what the routes of deliveries answer.
import { z } from 'zod';
import { deliveryStates } from '../../../db/views/alerts/delivery-list-view';
import { alertMessageTypes } from '../../../domain/alerts/message';
import { countAnswer, idAnswer, preciseTimeAnswer, timeAnswer } from '../../answers';
import { eitherPagination } from '../../lists/answers';

const attempt = z
  .strictObject({
    attempt: z.int().min(1),
    started_at: preciseTimeAnswer,
    duration_ms: z.int().min(0).nullable().meta({
      description: 'Null: it is under way, or was broken off, and may have arrived.',
    }),
    http_status: z.int().nullable(),
    error: z
      .string()
      .nullable()
      .meta({ description: 'Why it did not succeed; null: it did, or is under way.' }),
    answer: z.string().nullable().meta({ description: 'The beginning of it, up to 2 kB.' }),
  })
  .meta({ id: 'DeliveryAttempt' });

export const deliveryAnswer = z
  .strictObject({
    id: idAnswer('delivery').meta({ description: 'The message’s own: the same at every attempt.' }),
    channel: z.strictObject({ id: idAnswer('channel'), name: z.string() }),
    type: z.enum(alertMessageTypes),
    state: z.enum(deliveryStates),
    created_at: timeAnswer,
    due_at: timeAnswer.nullable().meta({
      description: 'Not sent before, so that alerts of one cause are told together; null: a test.',
    }),
    next_attempt_at: timeAnswer.nullable().meta({ description: 'Null: when its turn comes, or never.' }),
    give_up_at: timeAnswer
      .nullable()
      .meta({ description: 'Until then it is tried; null once it has ended.' }),
    ended_at: timeAnswer.nullable(),
    error: z.string().nullable().meta({ description: 'Why it was not delivered.' }),
    alerts: z
      .strictObject({ total: countAnswer, ids: z.array(idAnswer('alert')) })
      .meta({ description: 'The alerts it tells of: how many, and the first twenty.' }),
    run_id: idAnswer('run')
      .nullable()
      .meta({ description: 'The run it tells of, where it is about no alert.' }),
    attempt_count: countAnswer,
    attempts: z.array(attempt).meta({
      description: 'The newest, oldest of them first: five in a list, five hundred of one delivery.',
    }),
  })
  .meta({ id: 'Delivery', description: 'One message to one channel, and every attempt at it.' });

export const deliveryListAnswer = z
  .strictObject({ data: z.array(deliveryAnswer), pagination: eitherPagination })
  .meta({ id: 'DeliveryList' });
