// Owns what the routes of a sync's versions answer.
import { z } from 'zod';
import { pageOf, timeAnswer } from '../../answers';
import { tokenRefAnswer } from '../../tokens/answers';
import { configAnswer } from '../answers';

const value = z.union([z.string(), z.number(), z.null()]);
const fields = z.array(z.string());

const valueChange = z
  .strictObject({
    pointer: z.string().meta({ example: '/settings/patience_seconds' }),
    before: value,
    after: value,
  })
  .meta({ id: 'ValueChange', description: 'One value that differs; null: it has none.' });

const columnChange = z
  .strictObject({ pointer: z.literal('/mapping'), column: z.string(), before: fields, after: fields })
  .meta({
    id: 'ColumnChange',
    description: 'The fields that one column of the model is written to; none: it is not mapped.',
  });

const version = {
  version: z.int().min(1),
  created_at: timeAnswer,
  created_by: tokenRefAnswer.nullable().meta({ description: 'Null: no token did.' }),
  changes: z
    .array(z.union([columnChange, valueChange]))
    .meta({ description: 'What differs from the version before; the first one has none.' }),
};

export const syncVersionListAnswer = pageOf(z.strictObject(version).meta({ id: 'SyncVersion' }));

export const syncVersionAnswer = z
  .strictObject({ ...version, ...configAnswer })
  .meta({ id: 'SyncVersionDetail' });
