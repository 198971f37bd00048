// Owns which schedules should have fired and did not, by their definition and the slots that are known. Asks Temporal nothing.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Cron } from 'croner';
import type { Schedule } from '../domain/schedule';
import { scheduleSpecOf } from './schedule-spec';

/** How far the slots of a schedule have come, as it is known. */
export interface SlotProgress {
  readonly schedule: Schedule;
  /** When it was last written, or resumed. */
  readonly changedAt: Date;
  /** The newest slot that became a run; null: none yet. */
  readonly lastRunSlot: Date | null;
  /** The newest slot that was skipped, or the newest resumption; null: neither. */
  readonly lastTold: Date | null;
}

/** A schedule with a slot of which nothing is known though it is past. */
export type Overdue<Progress extends SlotProgress> = Progress & {
  /** The first such slot. */
  readonly dueAt: Date;
  readonly lateMs: number;
};

// Two minutes: a slot has its run within seconds; one whose workflow was ended before it asked is told of after a minute,
// and a round of the reconciler.
const graceMs = 120_000;
// A slot that comes within a minute of a change may find Temporal without it, and is made up for by nobody.
const settlingMs = 60_000;

/**
 * Those of `schedules` that are overdue at `now`, by the database's clock; the longest due first. Who asks again and again
 * hands in the same `slots`.
 */
export async function overdueSchedules<Progress extends SlotProgress>(
  schedules: readonly Progress[],
  now: Date,
  slots = new Slots(),
): Promise<Overdue<Progress>[]> {
  const found: Overdue<Progress>[] = [];
  for (const progress of schedules) {
    const dueBy = now.getTime() - graceMs - progress.schedule.jitterSeconds * 1_000;
    const known = knownUntil(progress).getTime();
    const due = known >= dueBy ? null : await slots.firstAfter(progress.schedule, known);
    if (due !== null && due <= dueBy)
      found.push({ ...progress, dueAt: new Date(due), lateMs: now.getTime() - due });
  }
  return found.sort((one, other) => other.lateMs - one.lateMs);
}

/** Until when all slots are accounted for, or were none. */
export function knownUntil({ changedAt, lastRunSlot, lastTold }: SlotProgress): Date {
  return new Date(
    Math.max(changedAt.getTime() + settlingMs, lastRunSlot?.getTime() ?? 0, lastTold?.getTime() ?? 0),
  );
}

const minuteMs = 60_000;
// A cron's next time takes a tenth of a millisecond or so: others get their turn after some milliseconds.
const cronsInOneTurn = 50;
// Two megabytes or so. What is asked for moves on with the clock: nothing is lost with what was asked for before.
const mostRemembered = 20_000;

/** Slots by the clock. Schedules with the same cron mostly ask for the same slot, so each is worked out once. */
export class Slots {
  private readonly zones = new Map<string, string>();
  private readonly crons = new Map<string, Cron>();
  private readonly slots = new Map<string, number | null>();

  /** The first slot after a time; null when there is none. Of a cron none that a change of clocks makes doubtful. */
  async firstAfter(schedule: Schedule, after: number): Promise<number | null> {
    if (schedule.cron === null) {
      const every = schedule.intervalSeconds * 1_000;
      return (Math.floor(after / every) + 1) * every;
    }
    const cron = `${schedule.cron}|${schedule.timeZone}`;
    // Crons fire at whole minutes: any time within one asks the same.
    const minute = Math.floor(after / minuteMs) * minuteMs;
    const key = `${cron}|${minute}`;
    const known = this.slots.get(key);
    if (known !== undefined) return known;
    if (this.slots.size >= mostRemembered) this.slots.clear();
    if (this.slots.size % cronsInOneTurn === cronsInOneTurn - 1) await nextTurn();
    const slot = this.firstCertain(cron, schedule, minute);
    this.slots.set(key, slot);
    return slot;
  }

  private firstCertain(key: string, schedule: Schedule & { cron: string }, after: number): number | null {
    const zone = this.zones.get(key) ?? zoneFiredIn(schedule);
    const cron =
      this.crons.get(key) ?? new Cron(schedule.cron, { mode: '5-part', timezone: zone, paused: true });
    this.zones.set(key, zone);
    this.crons.set(key, cron);
    for (let from = after; ;) {
      const slot = cron.nextRun(new Date(from))?.getTime() ?? null;
      const change = slot === null ? null : clockChangeNear(slot, zone);
      if (change === null) return slot;
      from = change + doubtfulMs - minuteMs;
    }
  }
}

function zoneFiredIn(schedule: Schedule): string {
  return scheduleSpecOf(schedule)?.timezone ?? schedule.timeZone;
}

// What Temporal fires around a change of clocks is not what a calendar says (docs/schedules.md): within three hours of it
// no slot is waited for.
const doubtfulMs = 3 * 3_600_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** The moment near `at` from which the zone's clocks are others; null: there is none. To the minute, as zones change. */
function clockChangeNear(at: number, zone: string): number | null {
  let before = at - doubtfulMs;
  let from = at + doubtfulMs;
  const offset = offsetAt(before, zone);
  if (offset === offsetAt(from, zone)) return null;
  while (from - before > minuteMs) {
    const middle = before + Math.floor((from - before) / 2 / minuteMs) * minuteMs;
    if (offsetAt(middle, zone) === offset) before = middle;
    else from = middle;
  }
  return from;
}

/** The zone's distance from Greenwich in words, like `GMT+02:00`. */
function offsetAt(at: number, zone: string): string | undefined {
  const clock =
    clocks.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  // Names of zones are checked when a schedule is written: there are some hundreds.
  clocks.set(zone, clock);
  return clock.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value;
}
