// Owns how a schedule, its slots and a sync's events look on the wire.
import type { LastSlot } from '../../../db/views/last-slots-view';
import type { StoredSchedule } from '../../../db/configuration/schedule-store';
import type { StoredSync } from '../../../db/configuration/sync-store';
import type { Schedule } from '../../../domain/schedule';
import { wireTime, wireTimeOrNull } from '../../wire-time';
import { cadenceInWords } from './words';

/** The definition, with the cadence in words. */
export function presentCadence(schedule: Schedule): object {
  return {
    cadence: cadenceInWords(schedule),
    interval_seconds: schedule.intervalSeconds,
    cron: schedule.cron,
    time_zone: schedule.timeZone,
    jitter_seconds: schedule.jitterSeconds,
    catch_up_seconds: schedule.catchUpSeconds,
  };
}

/** What Temporal was asked for: its next fire times, or null when it did not answer. */
export type AskedTimes = readonly Date[] | null;

/** GET …/schedule. */
export function presentSchedule(
  sync: StoredSync,
  { schedule, isApplied, missedSlots }: StoredSchedule,
  next: AskedTimes,
  slots: readonly LastSlot[],
): object {
  return {
    ...presentCadence(schedule),
    overlap_policy: sync.overlapPolicy,
    paused: sync.pausedAt && { at: wireTime(sync.pausedAt), note: sync.pauseNote },
    applied: isApplied,
    next: next && next.map(wireTime),
    temporal: next ? 'available' : 'unavailable',
    last_slots: slots.map(presentSlot),
    slots_missed: missedSlots,
  };
}

function presentSlot({ slotAt, run, skip }: LastSlot): object {
  return {
    slot_at: wireTimeOrNull(slotAt),
    outcome: run ? 'run' : 'skipped',
    run: run && { id: run.id, status: run.status },
    reason: skip?.reason ?? null,
    blocking_run: skip?.blockingRun ?? null,
  };
}
