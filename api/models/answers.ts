// Owns what answers about models hold.
import { z } from 'zod';
import { authorAnswer, countAnswer, idAnswer, pageOf, timeAnswer } from '../answers';
import { cutAnswer } from '../lists/listed';
import { writtenAnswer } from '../sources/answers';

const columnsAnswer = z
  .array(z.strictObject({ name: z.string(), type: z.string() }))
  .meta({ description: 'Columns of the result, in order, with the source’s names of their types.' });

const contentAnswer = {
  sql: z.string(),
  row_key: z.array(z.string()).meta({ description: 'The columns that name a row.' }),
  columns: columnsAnswer,
};

export const modelAnswer = z
  .strictObject({
    id: idAnswer('model'),
    name: z.string(),
    source_id: idAnswer('source'),
    ...contentAnswer,
    version: z
      .int()
      .min(1)
      .meta({ description: 'Counts its contents: SQL, row key, columns. A run pins one.' }),
    ...writtenAnswer,
  })
  .meta({ id: 'Model', description: 'One SQL query over a source, and the columns that are its row key.' });

export const modelListAnswer = pageOf(
  modelAnswer.extend({ cut: cutAnswer }).meta({ id: 'ListedModel', description: 'A model as in lists.' }),
);

export const modelVersionAnswer = z
  .strictObject({
    version: z.int().min(1),
    ...contentAnswer,
    changes: z
      .strictObject({
        sql: z.boolean(),
        row_key: z.boolean(),
        columns_added: z.array(z.string()),
        columns_removed: z.array(z.string()),
        columns_retyped: z.array(z.string()),
      })
      .nullable()
      .meta({ description: 'What is different from the version before; null of the first.' }),
    created_at: timeAnswer,
    created_by: authorAnswer,
  })
  .meta({ id: 'ModelVersion', description: 'What a model held from one change to the next.' });

export const modelVersionListAnswer = pageOf(
  modelVersionAnswer
    .extend({ cut: cutAnswer })
    .meta({ id: 'ListedModelVersion', description: 'A version of a model as in lists.' }),
);

export const modelPreviewAnswer = z
  .strictObject({
    columns: columnsAnswer,
    rows: z
      .array(z.array(z.string().nullable()))
      .meta({ description: 'The first rows, values as text in the order of the columns; null is null.' }),
    cut: z.array(z.strictObject({ row: countAnswer, column: z.string(), bytes: countAnswer })).meta({
      description:
        'Values of which only the beginning is shown, by row (from 0) and column, with their whole size.',
    }),
    has_more: z.boolean().meta({ description: 'Whether the model has rows that are not among these.' }),
    row_key_problems: z
      .array(z.strictObject({ row: countAnswer, code: z.enum(['null_key', 'duplicate_key']) }))
      .meta({ description: 'Rows (from 0) among these that a run would refuse for their row key.' }),
    duration_ms: countAnswer,
  })
  .meta({ id: 'ModelPreview', description: 'The first rows of a query that need not be stored.' });
