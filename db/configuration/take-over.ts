// Owns writing down what was done to a schedule where it fires: a pause is taken over, an edit is told. Asks nobody.
import type { Knex } from 'knex';
import type { KnownPause } from '../../domain/schedule-pause';
import type { SchedulePause } from '../../domain/schedule';
import { writeSyncEvent } from '../runs/run-events';
import { writePause, writeResume } from './schedule-store';
import { lockSync, type SyncPlace } from './sync-lock';

export interface FoundPause {
  readonly paused: SchedulePause;
  readonly form: number | null;
  /** The words it was paused, or unpaused, with. */
  readonly note: string;
}

/** What somebody did to a schedule in Temporal. */
export interface DoneOutside {
  /** The pause (null: its end) to be taken over, and the form it was laid over; undefined: the pause is as it was. */
  readonly pause: FoundPause | undefined;
  /** Detail of the event `schedule_restored`; null: there is nothing to tell. */
  readonly restored: Record<string, unknown> | null;
}

/** Columns of sync_schedules (p) and syncs (s) that say what is known of a pause. */
export const knownPauseColumns = `s.paused_at IS NOT NULL AS is_paused, s.pause_note, p.pause_unknown_to, p.adopted_pause,
  p.applied_revision IS NOT DISTINCT FROM p.revision AS is_applied`;

export interface KnownPauseRow {
  is_paused: boolean;
  pause_note: string | null;
  pause_unknown_to: number;
  adopted_pause: KnownPause['adopted'];
  is_applied: boolean;
}

export function mapKnownPause(row: KnownPauseRow): KnownPause {
  return {
    paused: row.is_paused ? { note: row.pause_note ?? '' } : null,
    isApplied: row.is_applied,
    unknownTo: row.pause_unknown_to,
    adopted: row.adopted_pause,
  };
}

/**
 * Writes down what was done outside and asks for the schedule to be put anew. False: the schedule has changed since the
 * revision at which it was looked at, so somebody else has come first and this is to be judged again.
 */
export async function takeOver(
  knex: Knex,
  at: SyncPlace & { readonly revision: number },
  { pause, restored }: DoneOutside,
): Promise<boolean> {
  return knex.transaction(async (trx) => {
    // The number is the fence: whoever decides something raises it, so of many that saw the same one decides.
    const { rows } = await trx.raw<{ rows: unknown[] }>(
      `UPDATE sync_schedules SET revision = DEFAULT, checked_at = NULL, adopted_pause = coalesce(?::jsonb, adopted_pause)
       WHERE sync_id = ? AND revision = ? AND removed_at IS NULL RETURNING 1`,
      [
        pause && pause.form !== null ? JSON.stringify({ form: pause.form, paused: pause.paused }) : null,
        at.syncId,
        at.revision,
      ],
    );
    if (rows.length === 0) return false;
    if (pause) await writeFoundPause(trx, at, pause);
    if (restored) await writeSyncEvent(trx, at, 'schedule_restored', restored);
    return true;
  });
}

async function writeFoundPause(
  trx: Knex.Transaction,
  place: SyncPlace,
  { paused, note: words }: FoundPause,
): Promise<void> {
  const sync = await lockSync(trx, place);
  if (paused ? sync.paused_at && (sync.pause_note ?? '') === paused.note : !sync.paused_at) return;
  // A schedule that fires keeps the words of its pause until somebody says others.
  const note = (!paused && words === sync.pause_note ? null : words) || null;
  if (paused) await writePause(trx, place, note, null);
  else await writeResume(trx, place, null);
  await writeSyncEvent(trx, place, paused ? 'sync_paused' : 'sync_resumed', { note, by: 'temporal' });
}
