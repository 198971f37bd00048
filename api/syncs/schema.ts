// Owns what a request about syncs may hold.
import { z } from 'zod';
import { keyMatches, type SyncSettings, syncModes } from '../../domain/sync';
import { rawValuePolicies } from '../../domain/raw-values';
import { defaultOverlapPolicy } from '../../domain/schedule';
import { idOf, name, paging, text } from '../fields';
import { askedOfRun } from '../runs/schema';
import { newSchedule, overlapPolicy } from './schedule/schema';

const mapping = z
  .array(z.strictObject({ column: text(200), field: text(200) }))
  .min(1)
  // As many columns as a PostgreSQL table can have.
  .max(1_600);

/** Whole seconds from a minute to 30 days: shorter fails honest runs, longer is a run nobody waits for. */
const seconds = z
  .int()
  .min(60)
  .max(30 * 86_400);

const mode = z.enum(syncModes);

const settings = z.strictObject({
  key_match: z.enum(keyMatches).optional(),
  budget_seconds: seconds.optional(),
  patience_seconds: z.int().min(0).max(86_400).optional(),
  query_timeout_seconds: z.int().min(1).max(86_400).optional(),
  max_rows: z.int().min(1).nullable().optional(),
  stuck_after_seconds: seconds.optional(),
  raw_values: z.enum(rawValuePolicies).optional(),
  // A hundred years: longer is null.
  raw_value_days: z.int().min(1).max(36_500).nullable().optional(),
});

/** Body of POST /syncs. Whether the mapping fits the model is sync-faults'. */
export const newSync = z.strictObject({
  name,
  model_id: idOf('model'),
  destination_id: idOf('destination'),
  mode: mode.default('upsert'),
  mapping,
  object: z.strictObject({ schema: text(63).optional(), table: text(63).optional() }).default({}),
  settings: settings.default({}),
  schedule: newSchedule.nullable().default(null),
  overlap_policy: overlapPolicy.default(defaultOverlapPolicy),
});
export type NewSyncBody = z.output<typeof newSync>;

/**
 * Body of PATCH /syncs/{id}, a JSON merge patch (RFC 7396): what is left out stays, objects are merged member by member,
 * null takes a member out, the mapping is replaced whole. Its model and destination may be repeated as they are.
 */
export const syncPatch = z.strictObject({
  name: name.optional(),
  mode: mode.optional(),
  mapping: mapping.optional(),
  object: z
    .strictObject({ schema: text(63).nullable().optional(), table: text(63).nullable().optional() })
    .optional(),
  settings: settings.optional(),
  overlap_policy: overlapPolicy.optional(),
  model_id: idOf('model').optional(),
  destination_id: idOf('destination').optional(),
});
export type SyncPatchBody = z.output<typeof syncPatch>;

/** Query of GET /syncs/{id}/versions. */
export const versionsQuery = z.strictObject(paging(20, 100));

/** Body of POST /syncs/{id}/trigger; all of it may be left out. */
export const newTrigger = z.strictObject(askedOfRun);

/** Settings as the domain has them; those not given are left out. */
export function settingsOf(wire: NewSyncBody['settings']): Partial<SyncSettings> {
  return {
    ...(wire.key_match === undefined ? {} : { keyMatch: wire.key_match }),
    ...(wire.budget_seconds === undefined ? {} : { budgetSeconds: wire.budget_seconds }),
    ...(wire.patience_seconds === undefined ? {} : { patienceSeconds: wire.patience_seconds }),
    ...(wire.query_timeout_seconds === undefined ? {} : { queryTimeoutSeconds: wire.query_timeout_seconds }),
    ...(wire.max_rows === undefined ? {} : { maxRows: wire.max_rows }),
    ...(wire.stuck_after_seconds === undefined ? {} : { stuckAfterSeconds: wire.stuck_after_seconds }),
    ...(wire.raw_values === undefined ? {} : { rawValues: wire.raw_values }),
    ...(wire.raw_value_days === undefined ? {} : { rawValueDays: wire.raw_value_days }),
  };
}
