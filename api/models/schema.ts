// Owns what a request about models may hold.
import { z } from 'zod';
import { idOf, name, paging, text } from '../fields';

// 100,000 characters: ten times the longest model seen, and well below the body's limit.
const sql = text(100_000).meta({ description: 'One statement that reads: SELECT, VALUES, TABLE or WITH.' });

const rowKey = z
  .array(text(200))
  .min(1)
  .max(32)
  .refine((columns) => new Set(columns).size === columns.length, 'Names a column twice.')
  .meta({ description: 'The columns that name a row.' });

/** Body of POST /models. */
export const newModel = z.strictObject({ name, source_id: idOf('source'), sql, row_key: rowKey });

/** Body of PATCH /models/{id}. A model stays with its source: another one would be another model. */
export const modelPatch = z.strictObject({
  name: name.optional(),
  sql: sql.optional(),
  row_key: rowKey.optional(),
});

export type ModelPatch = z.output<typeof modelPatch>;

/** Body of POST /models/preview. */
export const modelPreview = z.strictObject({
  source_id: idOf('source'),
  sql,
  row_key: rowKey.optional(),
  // A screenful to begin with; a hundred rows tell what a table is like.
  limit: z.int().min(1).max(100).default(20),
});

/** Query of GET /models/{id}/versions. */
export const modelVersionsQuery = z.strictObject(paging(20, 100));
