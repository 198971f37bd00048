// Owns what a request about models may hold.
import { z } from 'zod';
import { idOf, name, text } from '../fields';

/** Body of POST /models. */
export const newModel = z.strictObject({
  name,
  source_id: idOf('source'),
  // 100,000 characters: ten times the longest model seen, and well below the body's limit.
  sql: text(100_000),
  row_key: z
    .array(text(200))
    .min(1)
    .max(32)
    .refine((columns) => new Set(columns).size === columns.length, 'Names a column twice.'),
});
