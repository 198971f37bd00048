// Owns what a request about syncs may hold.
import { z } from 'zod';
import { keyMatches, type SyncSettings, syncModes } from '../../domain/sync';
import { runKinds } from '../../domain/run';
import { defaultOverlapPolicy } from '../../domain/schedule';
import { idOf, name, text } from '../fields';
import { newSchedule, overlapPolicy } from './schedule-schema';

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

const settings = z.strictObject({
  key_match: z.enum(keyMatches).optional(),
  budget_seconds: seconds.optional(),
  patience_seconds: z.int().min(0).max(86_400).optional(),
  query_timeout_seconds: z.int().min(1).max(86_400).optional(),
  max_rows: z.int().min(1).nullable().optional(),
  stuck_after_seconds: seconds.optional(),
});

/** Body of POST /syncs. Whether the mapping fits the model is check-sync's. */
export const newSync = z.strictObject({
  name,
  model_id: idOf('model'),
  destination_id: idOf('destination'),
  mode: z.enum(syncModes).default('upsert'),
  mapping,
  object: z.strictObject({ schema: text(63).optional(), table: text(63).optional() }).default({}),
  settings: settings.default({}),
  schedule: newSchedule.nullable().default(null),
  overlap_policy: overlapPolicy.default(defaultOverlapPolicy),
});
export type NewSyncBody = z.output<typeof newSync>;

/** Body of POST /syncs/{id}/trigger; all of it may be left out. */
export const newTrigger = z.strictObject({
  kind: z.enum(runKinds).default('normal'),
  note: text(500).nullable().default(null),
  allow_deletes: z.boolean().default(false),
});

/** Settings as the domain has them; those not given are left out. */
export function settingsOf(wire: NewSyncBody['settings']): Partial<SyncSettings> {
  return {
    ...(wire.key_match === undefined ? {} : { keyMatch: wire.key_match }),
    ...(wire.budget_seconds === undefined ? {} : { budgetSeconds: wire.budget_seconds }),
    ...(wire.patience_seconds === undefined ? {} : { patienceSeconds: wire.patience_seconds }),
    ...(wire.query_timeout_seconds === undefined ? {} : { queryTimeoutSeconds: wire.query_timeout_seconds }),
    ...(wire.max_rows === undefined ? {} : { maxRows: wire.max_rows }),
    ...(wire.stuck_after_seconds === undefined ? {} : { stuckAfterSeconds: wire.stuck_after_seconds }),
  };
}
