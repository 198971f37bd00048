// Owns what the probes and the greeting answer.
import { z } from 'zod';

/** GET /livez. */
export const livezAnswer = z.strictObject({ status: z.literal('alive') });

const check = (...words: [string, ...string[]]) => z.enum(['ok', ...words]);

/** GET /readyz. */
export const readyzAnswer = z.strictObject({
  status: z.enum(['ready', 'not_ready', 'draining']),
  checks: z.strictObject({
    database: check('migrations_pending', 'unreachable', 'no_answer'),
    temporal: check('unreachable', 'no_answer'),
  }),
});

/** GET /. */
export const greetingAnswer = z.strictObject({
  name: z.string(),
  api: z.string(),
  links: z.record(z.string(), z.string()),
});
