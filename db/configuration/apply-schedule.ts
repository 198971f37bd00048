// Owns bringing a schedule's newest form to what fires it, without a lock while that answers. Does not know Temporal.
import type { Knex } from 'knex';
import type { AppliedSchedule, FoundSchedule, ScheduleDefinition } from '../../domain/schedule';
import { type KnownPause, pauseMadeOutside } from '../../domain/schedule-pause';
import { mapSchedule, type ScheduleRow } from './schedule-store';
import type { SyncPlace } from './sync-lock';
import { knownPauseColumns, type KnownPauseRow, mapKnownPause, takeOver } from './take-over';

/** What fires schedules. */
export interface ScheduleApplier {
  /** Null: there is none. */
  look(syncId: string): Promise<FoundSchedule | null>;
  /** Puts the form in the place of what was found, wholly; null: something came in between, look again. */
  apply(definition: ScheduleDefinition, found: FoundSchedule | null): Promise<AppliedSchedule | null>;
  /** Whatever is there goes; false: there was nothing. */
  remove(syncId: string): Promise<boolean>;
}

// Each turn is lost to somebody else's change or apply; more than this, some seconds of Temporal's time, and something is
// wrong.
const mostTurns = 100;

/** Applies what is pending, if anything is. Throws when the applier does; the schedule stays pending then. */
export async function applySchedule(knex: Knex, applier: ScheduleApplier, syncId: string): Promise<void> {
  let hasPut = false;
  for (let turn = 1; turn <= mostTurns; turn += 1) {
    const form = await newestForm(knex, syncId);
    if (!form) {
      if (!hasPut) return;
      // Removed for good while we were at it: what we put may have come after the removal.
      await removeAndForget(knex, applier, { syncId, revision: null });
      hasPut = false;
    } else if (form.isApplied) {
      return;
    } else if (form.isRemoved) {
      await removeAndForget(knex, applier, form);
    } else {
      const found = await applier.look(syncId);
      // Asked after the look: whatever was put before it is known here, and what is put after it voids the token.
      if ((await newestForm(knex, syncId))?.revision !== form.revision) continue;
      // Somebody paused or resumed it there and has a reason: that goes into the form before it is put.
      if (found && (await tookOverPause(knex, form, found))) continue;
      const applied = await applier.apply(form.definition, found);
      hasPut ||= applied !== null;
      if (applied && (await noteApplied(knex, form, applied))) return;
    }
  }
  throw new Error(`the schedule of ${syncId} changes faster than it can be applied`);
}

/** Asks for the schedule to be put anew, if the sync has one; returns whether it has. */
export async function putAnew(knex: Knex, syncId: string): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: unknown[] }>(
    `UPDATE sync_schedules SET revision = DEFAULT, checked_at = NULL WHERE sync_id = ? RETURNING 1`,
    [syncId],
  );
  return rows.length > 0;
}

async function removeAndForget(
  knex: Knex,
  applier: ScheduleApplier,
  { syncId, revision }: { readonly syncId: string; readonly revision: number | null },
): Promise<void> {
  await applier.remove(syncId);
  const forgotten =
    revision === null ? 0 : await knex('sync_schedules').where({ sync_id: syncId, revision }).delete();
  // Written again meanwhile: a removal asks for no token, so it may have hit the new one, even one that was noted.
  if (forgotten === 0) await putAnew(knex, syncId);
}

async function tookOverPause(knex: Knex, at: NewestForm, found: FoundSchedule): Promise<boolean> {
  const paused = pauseMadeOutside(found, at.known);
  if (paused === undefined) return false;
  const pause = { paused, form: found.form?.revision ?? null, note: found.note };
  await takeOver(knex, at, { pause, restored: null });
  return true;
}

/** Notes the form as applied if it still is the newest; else leaves the schedule pending. */
async function noteApplied(knex: Knex, form: NewestForm, applied: AppliedSchedule): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: { is_newest: boolean }[] }>(
    // A new schedule begins to count its missed slots anew. A form of an earlier life of the schedule may have landed on
    // the newest one, by a token that both lives had: hence pending also when that one has been noted.
    `UPDATE sync_schedules SET
       applied_revision = CASE WHEN revision = :revision THEN revision END,
       applied = CASE WHEN revision = :revision THEN :parts::jsonb END,
       checked_at = CASE WHEN revision = :revision THEN now() END,
       missed_slots = CASE WHEN :created THEN 0 ELSE missed_slots END
     WHERE sync_id = :syncId RETURNING revision = :revision AS is_newest`,
    {
      revision: form.revision,
      parts: JSON.stringify(applied.parts),
      created: applied.created,
      syncId: form.syncId,
    },
  );
  return rows[0]?.is_newest ?? false;
}

interface NewestForm extends SyncPlace {
  readonly revision: number;
  readonly isApplied: boolean;
  readonly isRemoved: boolean;
  readonly known: KnownPause;
  readonly definition: ScheduleDefinition;
}

interface FormRow extends ScheduleRow, KnownPauseRow {
  workspace_id: string;
  revision: number;
  is_removed: boolean;
  title: string;
}

/** One statement, so that number, definition and pause belong together. Null: the sync has no schedule (any more). */
async function newestForm(knex: Knex, syncId: string): Promise<NewestForm | null> {
  const { rows } = await knex.raw<{ rows: FormRow[] }>(
    `SELECT p.*, p.removed_at IS NOT NULL AS is_removed, ${knownPauseColumns}, m.name || ' → ' || d.name AS title
     FROM sync_schedules p JOIN syncs s ON s.id = p.sync_id JOIN models m ON m.id = s.model_id
     JOIN destinations d ON d.id = s.destination_id
     WHERE p.sync_id = ?`,
    [syncId],
  );
  const row = rows[0];
  if (!row) return null;
  const { workspace_id: workspaceId, revision, is_applied: isApplied, is_removed: isRemoved } = row;
  const known = mapKnownPause(row);
  const { paused } = known;
  const summary = `${row.title} (schedule)`;
  const definition = { workspaceId, syncId, revision, schedule: mapSchedule(row), paused, summary };
  return { workspaceId, syncId, revision, isApplied, isRemoved, known, definition };
}
