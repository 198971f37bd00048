// Owns what a request about sources may hold.
import { z } from 'zod';
import { name } from '../fields';
import { postgresUrl } from '../configuration/postgres-url';

/** Body of POST /sources. */
export const newSource = z.strictObject({
  name,
  kind: z.literal('postgres', 'Must be "postgres".'),
  config: z.strictObject({ url: postgresUrl }),
});

/** Body of PATCH /sources/{id}. A given URL replaces the whole one, password included. */
export const sourcePatch = z.strictObject({
  name: name.optional(),
  config: z.strictObject({ url: postgresUrl }).optional(),
});
