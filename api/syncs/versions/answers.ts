// Owns what the routes of a sync's versions answer.
import { z } from 'zod';
import { authorAnswer, pageOf, timeAnswer } from '../../answers';
import { cutAnswer } from '../../lists/listed';
import { configAnswer } from '../answers';

const value = z.union([z.string(), z.number(), z.null()]);
const pair = z.strictObject({ column: z.string(), field: z.string() });

const changesAnswer = z.strictObject({
  values: z.array(
    z.strictObject({
      member: z.string().meta({ example: 'settings.patience_seconds' }),
      before: value,
      after: value,
    }),
  ),
  mapping: z.strictObject({
    added: z.array(pair),
    removed: z.array(pair),
    changed: z
      .array(z.strictObject({ column: z.string(), from: z.string(), to: z.string() }))
      .meta({ description: 'Columns that are written to another field.' }),
  }),
});

const version = {
  version: z.int().min(1),
  created_at: timeAnswer,
  created_by: authorAnswer,
  changes: changesAnswer.nullable().meta({
    description: 'What is different from the version before; null of the first.',
  }),
};

export const syncVersionListAnswer = pageOf(
  z
    .strictObject({ ...version, cut: cutAnswer })
    .meta({ id: 'SyncVersion', description: 'Who changed what of a sync, and when.' }),
);

export const syncVersionAnswer = z.strictObject({ ...version, ...configAnswer }).meta({
  id: 'SyncVersionDetail',
  description: 'What a sync held from one change to the next. A run pins one.',
});
