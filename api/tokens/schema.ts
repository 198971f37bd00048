// Owns what a request about tokens may hold.
import { z } from 'zod';
import { environmentTokenName, tokenScopes } from '../../db/configuration/token-store';
import { name, timeToCome } from '../fields';

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
