// Owns what a request about destinations may hold: one schema per kind.
import { z } from 'zod';
import { name } from '../fields';
import { postgresUrl } from '../configuration/postgres-url';
import { httpConfigPatch, httpSecrets, newHttpConfig } from './http-schema';

const postgresFields = {
  url: postgresUrl,
  /** Runs of up to this many changes are applied all or nothing. */
  atomic_rows: z.int().min(0).max(1_000_000),
  /** Batches written at once. */
  lanes: z.int().min(1).max(64),
};

/** Defaults are spelled out when it is stored: the connector's, so that later ones do not change it. */
const postgresConfig = z.strictObject({
  ...postgresFields,
  atomic_rows: postgresFields.atomic_rows.default(100_000),
  lanes: postgresFields.lanes.default(4),
});

/** Any of it: what is to be different. A given URL replaces the whole one, password included. */
export const postgresConfigPatch = z.strictObject(postgresFields).partial();

const newPostgresDestination = z
  .strictObject({ name, kind: z.literal('postgres'), config: postgresConfig })
  .transform(({ name, kind, config: { url: connection, ...habits } }) => ({
    name,
    kind,
    config: { ...connection.parts, ...habits },
    secrets: { url: connection.url },
  }));

const newHttpDestination = z
  .strictObject({ name, kind: z.literal('http'), config: newHttpConfig, secrets: httpSecrets.optional() })
  .transform((body) => ({ ...body, secrets: body.secrets ?? null }));

/** Body of POST /destinations, turned into what is stored: a public config and secrets to seal. */
export const newDestination = z.discriminatedUnion(
  'kind',
  [newPostgresDestination, newHttpDestination],
  'Must be "postgres" or "http".',
);

// For the documentation; what is taken is decided by the kind of what is stored, which a body does not say.
const eitherConfig = z.toJSONSchema(z.union([postgresConfigPatch, httpConfigPatch]), {
  io: 'input',
  unrepresentable: 'any',
});

/** Body of PATCH /destinations/{id}: what every kind has in common. The rest is checked once the kind is known. */
export const destinationPatch = z.strictObject({
  name: name.optional(),
  config: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({
      description: 'Any keys of the config of its kind. Those left out stay; a given one is replaced whole.',
      override: { anyOf: eitherConfig.anyOf },
    }),
  secrets: httpSecrets
    .nullable()
    .optional()
    .meta({ description: 'Of an HTTP destination. Left out, they stay; null removes them.' }),
});

export type DestinationPatch = z.output<typeof destinationPatch>;
