// Owns the zod pieces that several resources share: texts Postgres can hold, names, ids, paging.
import { z } from 'zod';
import { type IdKind, idPrefixes, isId } from '../domain/ids';

// NUL and halves of surrogate pairs fit neither text nor jsonb.
const unstorable = /[\0\p{Surrogate}]/u;

/** Text of 1 to `maxLength` characters that Postgres can store. */
export function text(maxLength: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(maxLength)
    .refine((value) => !unstorable.test(value), 'Holds a character that cannot be stored.');
}

/** What a person calls something; 200 characters fit on one line of a list. */
export const name = text(200).refine(
  (value) => value.trim() === value,
  'Must not begin or end with a blank.',
);

/** An id in a body. The form is checked here, existence by the route. */
export function idOf(kind: IdKind): z.ZodString {
  return z
    .string()
    .refine((value) => isId(kind, value), `Must be the id of a ${kind}, like ${idPrefixes[kind]}_….`);
}

/** A time, RFC 3339. */
export const time = z.iso
  .datetime({ offset: true, error: 'Must be a time like 2025-01-15T09:00:00Z.' })
  .transform((value) => new Date(value));

/** The same, to come. */
export const timeToCome = time
  // An offset can carry the last day of 9999 into a year that is written with five digits.
  .refine((value) => value.getTime() > Date.now() && value.getUTCFullYear() <= 9999, {
    error: 'Must lie in the future, before the year 10000.',
    params: { code: 'not_in_the_future' },
  });

const positive = /^[1-9]\d*$/;

/** A whole number of 1 or more in a query parameter. */
export function count(max: number) {
  return z
    .string()
    .regex(positive, 'Must be a whole number of 1 or more.')
    .transform(Number)
    .refine((value) => value <= max, `Must be ${max} at most.`)
    .meta({
      override: ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }) =>
        asWholeNumber(jsonSchema, max),
    });
}

// On the wire it is text; a reader is told the number.
function asWholeNumber(shown: z.core.JSONSchema.BaseSchema, max: number): void {
  delete shown.pattern;
  Object.assign(shown, { type: 'integer', minimum: 1, maximum: max });
}

/** Query parameters of a paged list; pages count from 1. */
export function paging(defaultPerPage: number, maxPerPage: number) {
  return { page: count(1_000_000).default(1), per_page: count(maxPerPage).default(defaultPerPage) };
}

/** Query parameters of a list that can also be walked through; see `onePlace`. */
export function pagingOrCursor(defaultPerPage: number, maxPerPage: number) {
  return {
    page: count(1_000_000).optional().meta({ description: 'Counts from 1, which is the default.' }),
    per_page: count(maxPerPage).default(defaultPerPage),
    cursor: z.string().max(1_000).optional().meta({
      description:
        'Walks through the list instead of cutting it into numbered pages: `*` begins, `next_cursor` and `prev_cursor` of the answer go on. Nothing is counted, and no row that stays is missed or seen twice, whatever is added or removed meanwhile.',
    }),
  };
}

/** Whether a query with `pagingOrCursor` names one place in the list, not two; `onePlaceFault` says so otherwise. */
export function hasOnePlace(query: { page?: number | undefined; cursor?: string | undefined }): boolean {
  return query.page === undefined || query.cursor === undefined;
}

export const onePlaceFault = {
  path: ['page'],
  error: 'Must not be given together with cursor.',
  params: { code: 'page_with_cursor' },
};

/** Query of the lists of configuration; `name` matches exactly, so that tools can find their own. */
export const configurationQuery = z.strictObject({ ...paging(20, 100), name: text(200).optional() });

/** One or more words of a list, separated by commas. */
export function wordList<Word extends string>(words: readonly [Word, ...Word[]] | readonly Word[]) {
  return z
    .string()
    .transform((value) => value.split(','))
    .pipe(z.array(z.enum(words as readonly [Word, ...Word[]], `Must be one of ${words.join(', ')}.`)));
}

/** One or more ids of a kind, separated by commas; at most `most`. Whether they exist is not checked. */
export function idList(kind: IdKind, most: number) {
  return z
    .string()
    .transform((value) => value.split(','))
    .pipe(z.array(idOf(kind)).max(most));
}

/** A whole number of 0 or more, up to nine digits, in a query parameter. */
export const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, 'Must be a whole number of 0 or more, of nine digits at most.')
  .transform(Number);

/** A share in a query parameter: 0 to 1, up to nine places. */
export const share = z
  .string()
  .regex(/^(0(\.\d{1,9})?|1(\.0{1,9})?)$/, 'Must be a number from 0 to 1, like 0.01.')
  .transform(Number);

/** The number of a version as a path has it; null: no version has it. What an integer column holds, and more than are made. */
export function versionNumber(text: string): number | null {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}
