// Owns what a request about single rows may hold.
import { z } from 'zod';
import { count } from '../fields';

const part = {
  per_page: count(100).default(20).meta({ description: 'Runs that had the row, at most.' }),
  cursor: z
    .string()
    .max(1_000)
    .optional()
    .meta({ description: 'Goes on with earlier runs: `next_cursor` of an answer.' }),
};

/** Query of GET …/rows/{row_key}. */
export const rowStoryQuery = z.strictObject(part);

const rowKey = z.string().max(10_000).meta({
  description: 'The row key, as `row_id` of row errors has it; may be empty.',
  example: 'usr_123',
});

/** Body of POST …/rows/erase. */
export const rowToErase = z.strictObject({ row_key: rowKey });

/** Query of GET …/rows. A path can hold neither the empty key nor one of dots alone: clients take those for folders. */
export const rowQuery = z.strictObject({
  ...part,
  row_key: rowKey,
});
