// Owns what a request about tokens may hold.
import { z } from 'zod';
import { environmentTokenName, tokenScopes } from '../../db/configuration/token-store';
import { name } from '../fields';

/** A time to come, RFC 3339. */
const timeToCome = z.iso
  .datetime({ offset: true, error: 'Must be a time like 2025-01-15T09:00:00Z.' })
  .transform((value) => new Date(value))
  // An offset can carry the last day of 9999 into a year that is written with five digits.
  .refine((time) => time.getTime() > Date.now() && time.getUTCFullYear() <= 9999, {
    error: 'Must lie in the future, before the year 10000.',
    params: { code: 'not_in_the_future' },
  });

/** Body of POST /tokens. Each scope stands for itself: `admin` does not hold the others. */
export const newToken = z.strictObject({
  name: name.refine((value) => value !== environmentTokenName, {
    error: 'Is the name of the token that the variable of this name makes.',
    params: { code: 'reserved' },
  }),
  scopes: z
    .array(z.enum(tokenScopes))
    .min(1)
    .refine((scopes) => new Set(scopes).size === scopes.length, 'Names a scope twice.'),
  expires_at: timeToCome.nullable().default(null),
});
