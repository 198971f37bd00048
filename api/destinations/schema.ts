// Owns what a request about destinations may hold: one schema per kind.
import { z } from 'zod';
import { name } from '../fields';
import { postgresUrl } from '../postgres-url';
import { httpConfig, httpSecrets } from './http-schema';

const newPostgresDestination = z
  .strictObject({
    name,
    kind: z.literal('postgres'),
    config: z.strictObject({
      url: postgresUrl,
      /** Runs of up to this many changes are applied all or nothing. */
      atomic_rows: z.int().min(0).max(1_000_000).optional(),
      /** Batches written at once. */
      lanes: z.int().min(1).max(64).optional(),
    }),
  })
  .transform(({ name, kind, config: { url: connection, ...habits } }) => ({
    name,
    kind,
    config: { ...connection.parts, ...habits },
    secrets: { url: connection.url },
  }));

const newHttpDestination = z
  .strictObject({ name, kind: z.literal('http'), config: httpConfig, secrets: httpSecrets.optional() })
  .transform((body) => ({ ...body, secrets: body.secrets ?? null }));

/** Body of POST /destinations, turned into what is stored: a public config and secrets to seal. */
export const newDestination = z.discriminatedUnion(
  'kind',
  [newPostgresDestination, newHttpDestination],
  'Must be "postgres" or "http".',
);
