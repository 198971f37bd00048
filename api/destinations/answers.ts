// Owns what answers about destinations hold: one schema per kind.
import { z } from 'zod';
import { idAnswer } from '../answers';
import { postgresPlaceAnswer, secretsAnswer, writtenAnswer } from '../sources/answers';

const nullableText = z.string().nullable();
const texts = z.array(z.string());
const headers = z.record(z.string(), z.string());
const method = z.enum(['POST', 'PUT', 'PATCH']);

const responseAnswer = z
  .strictObject({
    results_field: nullableText,
    match_by: z.enum(['index', 'key']).nullable(),
    key_field: texts.nullable().optional(),
    status_field: nullableText,
    created_values: texts,
    updated_values: texts,
    deleted_values: texts,
    skipped_values: texts,
    errors_field: nullableText,
    message_field: nullableText,
    field_field: nullableText,
    code_field: nullableText,
  })
  .meta({ description: 'How the result of each row is found in an answer.' });

const httpConfigAnswer = z.strictObject({
  url: z.string(),
  method,
  delete_url: nullableText,
  delete_method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
  batch_rows: z.int().min(1),
  concurrency: z.int().min(1),
  timeout_seconds: z.number(),
  rows_per_second: z.number().nullable(),
  requests_per_second: z.number().nullable(),
  headers,
  request: z.strictObject({ rows_field: nullableText, operation_field: nullableText }),
  response: responseAnswer.nullable(),
});

const common = { id: idAnswer('destination'), name: z.string() };
const rest = { secrets: secretsAnswer, ...writtenAnswer };

export const destinationAnswer = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        ...common,
        kind: z.literal('postgres'),
        config: z.strictObject({
          ...postgresPlaceAnswer,
          atomic_rows: z.int().min(0).meta({
            description: 'Runs of up to this many changes are applied all or nothing.',
          }),
          lanes: z.int().min(1).meta({ description: 'Batches written at once, each on a connection.' }),
        }),
        ...rest,
      })
      .meta({ id: 'PostgresDestination' }),
    z
      .strictObject({ ...common, kind: z.literal('http'), config: httpConfigAnswer, ...rest })
      .meta({ id: 'HttpDestination' }),
  ])
  .meta({ id: 'Destination', description: 'What rows are written to: a database or an HTTP API.' });
