// Owns the zod pieces that answers share: times, ids, nullable texts, the envelope of a page. Answers are what the document says.
import { z } from 'zod';
import { type IdKind, idPrefixes } from '../domain/ids';

/** RFC 3339 in UTC, to the second. */
export const timeAnswer = z.iso.datetime();

/** RFC 3339 in UTC, to the millisecond. */
export const preciseTimeAnswer = z.iso.datetime({ precision: 3 });

export function idAnswer(kind: IdKind): z.ZodString {
  return z.string().startsWith(`${idPrefixes[kind]}_`);
}

/** A count of rows, runs …; never negative. */
export const countAnswer = z.int().min(0);

/** `{data, pagination{page, per_page, total}}`. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    data: z.array(item),
    pagination: z.strictObject({ page: z.int().min(1), per_page: z.int().min(1), total: countAnswer }),
  });
}

/** Who did something: the token it was done with; null when nobody noted it. */
export const authorAnswer = z
  .strictObject({ id: idAnswer('token'), name: z.string() })
  .nullable()
  .meta({
    description: 'The token it was done with; null when that was not noted.',
    example: { id: 'tok_01k7a8b9c0d1e2f3g4h5j6k7m8', name: 'deploy' },
  });

/** What looking at a source, model or destination has shown. */
export const checkAnswer = z
  .strictObject({
    ok: z.boolean().meta({ description: 'Whether all of the checks are.' }),
    checks: z.array(
      z.strictObject({
        name: z.string().meta({ description: 'A stable name: `connection`, `query`, …' }),
        ok: z.boolean(),
        detail: z.string().meta({ description: 'What was seen, in words.' }),
      }),
    ),
    duration_ms: z.int().min(0).meta({ description: 'How long a worker was at it.' }),
  })
  .meta({
    id: 'Check',
    description:
      'What a worker saw when it looked. A check that fails is an answer like any other, with `ok` false.',
    example: {
      ok: false,
      checks: [{ name: 'connection', ok: false, detail: 'Source connection failed: timeout' }],
      duration_ms: 10_012,
    },
  });
