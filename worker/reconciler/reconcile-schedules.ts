// Owns comparing schedules with Temporal: what is pending is applied, what was changed outside is put back or adopted,
// what became of slots is noted. Any number of workers may do so at once.
import type { Knex } from 'knex';
import { applySchedule } from '../../db/configuration/apply-schedule';
import {
  claimDueSchedules,
  type DueSchedule,
  noteMissedSlots,
  noteOrphanRemoved,
  orphansAmong,
} from '../../db/configuration/schedule-checks';
import { type DoneOutside, takeOver } from '../../db/configuration/take-over';
import { pauseMadeOutside } from '../../domain/schedule-pause';
import type { ScheduleLook, Schedules } from '../../temporal/schedules';
import { noteLostSlots, type SeenSlot, slotsSeen } from './lost-slots';

/** Where warnings go: facts without row data or secrets. */
export interface ReconcilerLog {
  warn(fields: Record<string, unknown>, message: string): void;
}

// Ten looks at a time: a hundred take a second, and the server answers others in between.
const looksAtOnce = 10;
// A minute: a workflow that was started has asked for its run by then, unless no worker polls.
const slotGraceMs = 60_000;

export interface ReconcileSchedulesOptions {
  /** How old a slot must be to have its answer, milliseconds. */
  readonly slotGraceMs?: number;
}

/** One round over the schedules most in need of it; returns how many were put right. Logs trouble with some; throws when all fail. */
export async function reconcileSchedules(
  knex: Knex,
  schedules: Schedules,
  log: ReconcilerLog,
  options: ReconcileSchedulesOptions = {},
): Promise<number> {
  const claimed = await claimDueSchedules(knex);
  const grace = options.slotGraceMs ?? slotGraceMs;
  const slots: SeenSlot[] = [];
  const troubles: unknown[] = [];
  let changed = 0;
  const look = async (due: DueSchedule): Promise<void> => {
    try {
      const found = await reconcileOne(knex, schedules, due);
      if (found.changed) changed += 1;
      if (found.look) slots.push(...(await slotsSeen(schedules, due, found.look, grace)));
    } catch (error) {
      troubles.push(error);
    }
  };
  await inLanes(claimed, looksAtOnce, look);
  // While Temporal is away all of them fail alike, which is the caller's to tell.
  if (troubles.length > 0 && troubles.length === claimed.length) throw troubles[0];
  changed += await noteLostSlots(knex, schedules, slots, grace);
  if (troubles.length > 0) {
    const fields = { schedules: troubles.length, error: String(troubles[0]) };
    log.warn(fields, 'schedules could not be compared with Temporal');
  }
  return changed;
}

async function reconcileOne(
  knex: Knex,
  schedules: Schedules,
  due: DueSchedule,
): Promise<{ changed: boolean; look: ScheduleLook | null }> {
  if (due.isPending) {
    await applySchedule(knex, schedules, due.syncId);
    return { changed: true, look: null };
  }
  const look = await schedules.look(due.syncId);
  if (look && look.missed !== due.missedSlots) await noteMissedSlots(knex, due, look.missed);
  const outside = doneOutside(due, look);
  // Written down first, under the number that was looked at: of several workers one does it, and one event tells it.
  if (!outside || !(await takeOver(knex, due, outside))) return { changed: false, look };
  await applySchedule(knex, schedules, due.syncId);
  return { changed: true, look };
}

/** What makes the schedule another than the one we applied last; null: nothing does. */
function doneOutside(due: DueSchedule, look: ScheduleLook | null): DoneOutside | null {
  if (!look) return { pause: undefined, restored: { reason: 'deleted' } };
  const found = pauseMadeOutside(look, due.known);
  const pause =
    found === undefined ? undefined : { paused: found, form: look.form?.revision ?? null, note: look.note };
  // An older form of ours that came late is nobody's edit: it is put right without a word.
  const isOurOwn = look.form !== null && look.form.revision !== due.appliedRevision;
  const what = differences(due, look);
  const restored = isOurOwn || what.length === 0 ? null : { reason: 'changed', what };
  return pause || isOurOwn || restored ? { pause, restored } : null;
}

/** Names of the parts that are not as they were read back after our apply. */
function differences({ applied }: DueSchedule, look: ScheduleLook): string[] {
  const parts = (['spec', 'policies', 'action', 'limits'] as const).filter(
    (part) => inOrder(applied?.[part]) !== inOrder(look.parts[part]),
  );
  // Our marks stand in the action.
  return parts.length === 0 && !look.form ? ['action'] : parts;
}

/** JSON with its keys in order: PostgreSQL keeps them in another order than Temporal sends them. */
function inOrder(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

/** Removes schedules of our workspaces that no sync stands behind any more; returns how many. */
export async function removeOrphanSchedules(knex: Knex, schedules: Schedules): Promise<number> {
  let removed = 0;
  for await (const page of schedules.list()) {
    for (const { syncId } of await orphansAmong(knex, page)) {
      // Asked again: the ones before it may have taken long.
      const [orphan] = await orphansAmong(
        knex,
        page.filter((listed) => listed.syncId === syncId),
      );
      if (!orphan || !(await schedules.remove(syncId))) continue;
      await noteOrphanRemoved(knex, orphan);
      removed += 1;
    }
  }
  return removed;
}

async function inLanes<Item>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const lane = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
