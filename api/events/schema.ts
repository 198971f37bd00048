// Owns what a request for events may hold: its query, and the header a reader goes on with.
import { z } from 'zod';
import { mostEvents } from '../../db/views/run-events-view';
import { invalidRequest } from '../errors';
import { count } from '../fields';

// Every id there will ever be, and exact as a number.
const eventId = /^\d{1,15}$/;

/** Query of GET …/runs/{run_id}/events. */
export const runEventsQuery = z.strictObject({
  after: z
    .string()
    .regex(eventId, 'Must be the id of an event, or 0 for all.')
    .transform(Number)
    .optional()
    .meta({
      description:
        'Only events that come after this one. Those that another one may still come before are left for the next call, ' +
        'so that a reader who goes on from the last id misses none; start with 0',
    }),
  limit: count(mostEvents).optional().meta({ description: 'Most events in one answer', example: 100 }),
});

/** The id a reader of the stream has seen last, by its header; null without one. Throws 400 when it is none of ours. */
export function lastEventId(header: string): number | null {
  if (header === '') return null;
  if (eventId.test(header)) return Number(header);
  const detail = 'The header Last-Event-ID must be the id of an event.';
  throw invalidRequest([{ pointer: '/Last-Event-ID', code: 'invalid_format', detail }]);
}
