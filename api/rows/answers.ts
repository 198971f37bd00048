// Owns what answers about single rows hold, for the documentation: the presenter's shapes, key by key.
import { z } from 'zod';
import { rowResults } from '../../db/views/row-story/ledger-rows';
import { snapshotStates } from '../../db/views/row-story/snapshot-row';
import { runKinds, runOutcomes, runStatuses, runTriggers } from '../../domain/run';
import { countAnswer, idAnswer, preciseTimeAnswer, timeAnswer } from '../answers';
import { rowErrorAnswer } from '../row-errors/answers';

const entryAnswer = z.strictObject({
  run_id: idAnswer('run'),
  status: z.enum(runStatuses),
  outcome: z.enum(runOutcomes).nullable(),
  kind: z.enum(runKinds),
  trigger: z.enum(runTriggers),
  started_at: timeAnswer.nullable(),
  completed_at: timeAnswer.nullable(),
  operation: z.enum(['create', 'update', 'delete']).nullable().meta({
    description: 'What was sent, or was to be sent; null: refused, or given up, before that was known.',
  }),
  result: z.enum(rowResults).meta({
    description:
      'What came back. `unknown`: sent, and never answered. `not_attempted`: the run ended before it was sent. `planned` and `sent`: the run goes on; of a dry run `planned` is all there is.',
  }),
  unsure: z.boolean().meta({
    description:
      'The destination may hold something else than the result says; a later run sends the row again.',
  }),
  attempts: countAnswer.nullable().meta({ description: 'How often it was handed to the destination.' }),
  sent_at: preciseTimeAnswer.nullable(),
  answered_at: preciseTimeAnswer.nullable(),
  error: rowErrorAnswer.nullable().meta({
    description: 'Why it was refused; null also where row errors were removed for their age.',
  }),
});

/** What the runs of a sync did with one row, newest first. */
export const rowStoryAnswer = z
  .strictObject({
    row_id: z.string(),
    snapshot: z
      .strictObject({
        state: z.enum(snapshotStates).meta({
          description:
            '`acknowledged`: as the destination last accepted it. `unsure`: accepted once, and it may hold something else now. `unsure_new`: never accepted, and it may be there. `missing`: the destination said it does not have it. `absent`: not known.',
        }),
      })
      .meta({ description: 'What the sync knows of the row in the destination now.' }),
    data: z.array(entryAnswer).meta({
      description:
        'Runs that had a change of the row. Where it was unchanged, or not in the model, a run has nothing of it.',
    }),
    runs_looked_at: countAnswer.meta({ description: 'Runs this part of the story covers.' }),
    pagination: z.strictObject({
      per_page: z.int().min(1),
      next_cursor: z.string().nullable().meta({
        description:
          'Goes on with earlier runs; null: all that are kept have been looked at. A part may be empty and go on.',
      }),
    }),
  })
  .meta({ id: 'RowStory', description: 'What happened to one row.' });

export const erasedRowAnswer = z
  .strictObject({
    row_errors: countAnswer.meta({ description: 'Row errors that named the row, and no longer do.' }),
    snapshot_parts: countAnswer.meta({ description: 'Parts of the snapshot that held its key.' }),
  })
  .meta({ id: 'ErasedRow', description: 'What a row was erased from. Nothing, where it had been before.' });
