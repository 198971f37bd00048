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
