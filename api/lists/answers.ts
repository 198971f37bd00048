// Owns what a list that can also be walked through says of the place it shows.
import { z } from 'zod';
import { pageOf } from '../answers';

const walkPagination = z.strictObject({
  per_page: z.int().min(1),
  next_cursor: z.string().nullable(),
  prev_cursor: z.string().nullable(),
});

/** Of numbered pages, or of a walk. */
export const eitherPagination = z.union([pageOf(z.unknown()).shape.pagination, walkPagination]).meta({
  description:
    'Numbered pages have a total; a walk, asked for with `cursor`, has cursors and counts nothing.',
  example: { page: 1, per_page: 20, total: 156 },
});
