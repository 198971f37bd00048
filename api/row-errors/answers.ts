// Owns what answers about row errors hold, for the documentation: the presenter's shapes, key by key.
import { z } from 'zod';
import { rowErrorOperations, rowErrorOrigins } from '../../domain/row-error';
import { countAnswer, idAnswer, pageOf, timeAnswer } from '../answers';

/** Why one row was refused. */
export const rowErrorAnswer = z
  .strictObject({
    row_id: z.string().nullable().meta({
      description:
        'The row key; several columns are joined with a comma. Null when one of them is null. In lists the first 500 characters of one with more than 2,000 bytes, and an ellipsis; the filter takes either, and the export has all of it.',
    }),
    field: z.string().nullable().meta({ description: 'The field that caused it, if that is known.' }),
    message: z.string().meta({
      description:
        'As the destination worded it, unless the sync’s `raw_values` has values left out of it. Foreign text: data, never markup.',
    }),
    raw_value: z.string().nullable().meta({
      description:
        'The value as read from the model, or as much of it as the sync’s `raw_values` lets through. In lists the first 4,000 characters of a longer one, and an ellipsis; the export has all of it.',
    }),
    code: z
      .string()
      .meta({ description: 'A stable word: ours for rows refused before the destination, else its own.' }),
    origin: z.enum(rowErrorOrigins),
    operation: z.enum(rowErrorOperations),
  })
  .meta({
    id: 'RowError',
    description: 'Why one row was refused; the run went on.',
    example: {
      row_id: 'usr_123',
      field: 'Email',
      message: 'Invalid email format',
      raw_value: 'not-an-email',
      code: 'INVALID_EMAIL_ADDRESS',
      origin: 'destination',
      operation: 'update',
    },
  });

const numberedPage = z.strictObject({
  data: z.array(rowErrorAnswer),
  total_errors: countAnswer.meta({ description: 'How many match, exactly.' }),
  page: z.int().min(1),
  per_page: z.int().min(1),
});

const walked = z.strictObject({
  data: z.array(rowErrorAnswer),
  pagination: z.strictObject({
    per_page: z.int().min(1),
    next_cursor: z.string().nullable(),
    prev_cursor: z.string().nullable(),
  }),
});

/** A list of row errors, by numbered pages or, asked with `cursor`, as a walk. */
export const rowErrorListAnswer = z.union([numberedPage, walked]).meta({
  id: 'RowErrorList',
  description:
    'Numbered pages have a total; a walk, asked for with `cursor`, has cursors and counts nothing.',
});

const sightingAnswer = z.strictObject({ run_id: idAnswer('run'), started_at: timeAnswer.nullable() });

const groupAnswer = z
  .strictObject({
    id: z.string().meta({ description: 'Lists the row errors of the group: …/errors?group=<id>.' }),
    message: z.string().meta({
      description: 'The message with placeholders for what differs from row to row.',
      example: 'String exceeds max length (<number>)',
    }),
    field: z.string().nullable(),
    code: z.string(),
    origin: z.enum(rowErrorOrigins),
    count: countAnswer.meta({ description: 'Row errors of the group in this run.' }),
    share: z.number().min(0).max(1).meta({ description: 'Of all row errors of the run.' }),
    sample_message: z
      .string()
      .meta({ description: 'The message of its first row, or its first 1,000 characters.' }),
    sample_row_ids: z
      .array(z.string())
      .meta({ description: 'The row keys of its first rows, five at most; long ones cut, as in lists.' }),
    first_seen: sightingAnswer.meta({
      description: 'The first run of the sync that is kept and has the group.',
    }),
    last_seen: sightingAnswer.meta({ description: 'The last one, which may be later than this run.' }),
    new_in_this_run: z
      .boolean()
      .meta({ description: 'No earlier run of the sync that is kept has the group.' }),
  })
  .meta({
    id: 'RowErrorGroup',
    description: 'Row errors of a run with the same message, field, code and origin.',
  });

/** The groups of a run, largest first. */
export const rowErrorGroupListAnswer = pageOf(groupAnswer)
  .extend({
    total_errors: countAnswer,
    ungrouped_errors: countAnswer.meta({ description: 'Row errors beyond the thousand largest groups.' }),
  })
  .meta({ id: 'RowErrorGroupList' });
