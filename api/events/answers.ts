// Owns the schema of a timeline as JSON. What comes as text/event-stream is frames.ts.
import { z } from 'zod';
import { preciseTimeAnswer } from '../answers';

/** One event; `type` is an open list. */
const runEventAnswer = z
  .strictObject({
    id: z.int().min(1).meta({ description: 'Grows from event to event; not without gaps', example: 4021 }),
    at: preciseTimeAnswer,
    type: z.string().meta({ description: 'What happened; more words may come', example: 'model_read' }),
    detail: z
      .record(z.string(), z.unknown())
      .meta({ description: 'Counts and reasons, never row data; its keys depend on the type' }),
  })
  .meta({ id: 'RunEvent' });

/** The answer of GET …/runs/{run_id}/events. */
export const runEventsAnswer = z.strictObject({ data: z.array(runEventAnswer) });
