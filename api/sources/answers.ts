// Owns what answers about sources hold.
import { z } from 'zod';
import { authorAnswer, idAnswer, timeAnswer } from '../answers';

/** Where a PostgreSQL connection leads; its password is shown nowhere. */
export const postgresPlaceAnswer = {
  host: z.string(),
  port: z.int(),
  database: z.string(),
  user: z.string(),
  sslmode: z.string().optional(),
};

/** Of secrets nothing but whether there are any. */
export const secretsAnswer = z.strictObject({ configured: z.boolean() }).meta({
  description: 'Secrets can be written and never read: only whether there are any.',
});

/** Who wrote it and when. */
export const writtenAnswer = {
  created_at: timeAnswer,
  created_by: authorAnswer,
  updated_at: timeAnswer,
  updated_by: authorAnswer,
};

export const sourceAnswer = z
  .strictObject({
    id: idAnswer('source'),
    name: z.string(),
    kind: z.literal('postgres'),
    config: z.strictObject(postgresPlaceAnswer),
    secrets: secretsAnswer,
    ...writtenAnswer,
  })
  .meta({ id: 'Source', description: 'A database models are read from.' });
