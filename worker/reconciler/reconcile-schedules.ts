// Owns comparing schedules with Temporal: what is pending is applied, what was changed outside is put back or adopted,
// what became of slots is noted. Any number of workers may do so at once.
import type { Knex } from 'knex';
import { applyLocked, applySchedule, lockSchedule } from '../../db/configuration/apply-schedule';
import {
  adoptPause,
  claimDueSchedules,
  type DueSchedule,
  noteLostSlot,
  noteMissedSlots,
  orphansAmong,
  removingOrphan,
  unansweredSlots,
} from '../../db/configuration/schedule-checks';
import { writeSyncEvent } from '../../db/runs/run-events';
import type { ScheduleParts } from '../../domain/schedule';
import { type ScheduleLook, type Schedules, slotTimeOf } from '../../temporal/schedules';

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

/** A slot's workflow and the sync it belongs to. */
interface RecentSlot {
  readonly due: DueSchedule;
  readonly workflowId: string;
}

/** One round over the schedules most in need of it; returns how many were put right. Logs trouble with some; throws when all fail. */
export async function reconcileSchedules(
  knex: Knex,
  schedules: Schedules,
  log: ReconcilerLog,
  options: ReconcileSchedulesOptions = {},
): Promise<number> {
  const claimed = await claimDueSchedules(knex);
  const slots: RecentSlot[] = [];
  const troubles: unknown[] = [];
  let changed = 0;
  const look = async (due: DueSchedule): Promise<void> => {
    try {
      const found = await reconcileOne(knex, schedules, due);
      if (found.changed) changed += 1;
      slots.push(...oldSlots(due, found.look, options.slotGraceMs ?? slotGraceMs));
    } catch (error) {
      troubles.push(error);
    }
  };
  await inLanes(claimed, looksAtOnce, look);
  // While Temporal is away all of them fail alike, which is the caller's to tell.
  if (troubles.length > 0 && troubles.length === claimed.length) throw troubles[0];
  changed += await noteLostSlots(knex, schedules, slots);
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
  let changed = false;
  if (look) {
    if (!isSamePause(due.paused, look.paused)) changed = await adoptPause(knex, due, look.paused);
    if (look.missed !== due.missedSlots) await noteMissedSlots(knex, due, look.missed);
  }
  if (differences(due.applied, look).length > 0) {
    changed = (await restore(knex, schedules, due)) || changed;
  }
  return { changed, look };
}

// A schedule that fires keeps the note of its last pause: it says nothing any more.
function isSamePause(ours: DueSchedule['paused'], theirs: ScheduleLook['paused']): boolean {
  return ours && theirs ? ours.note === theirs.note : ours === theirs;
}

/** Names of the parts that are not as they were read back after our apply. */
function differences(applied: ScheduleParts | null, look: ScheduleLook | null): string[] {
  if (!look || !applied) return ['all'];
  const parts = ['spec', 'policies', 'action', 'limits'] as const;
  return parts.filter((part) => inOrder(applied[part]) !== inOrder(look.parts[part]));
}

/** JSON with its keys in order: PostgreSQL keeps them in another order than Temporal sends them. */
function inOrder(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

/** Puts the schedule back whole and says so, unless somebody was faster; returns whether it did. */
async function restore(knex: Knex, schedules: Schedules, due: DueSchedule): Promise<boolean> {
  return knex.transaction(async (trx) => {
    const row = await lockSchedule(trx, due.syncId);
    if (!row || row.revision !== due.revision || row.isRemoved) return false;
    // Another look under the lock: of several workers one restores, and one event tells it.
    const look = await schedules.look(due.syncId);
    const what = differences(row.applied, look);
    if (what.length === 0) return false;
    await applyLocked(trx, schedules, due.syncId);
    await writeSyncEvent(
      trx,
      due,
      'schedule_restored',
      look ? { reason: 'changed', what } : { reason: 'deleted' },
    );
    return true;
  });
}

function oldSlots(due: DueSchedule, look: ScheduleLook | null, graceMs: number): RecentSlot[] {
  const before = Date.now() - graceMs;
  return (look?.recent ?? [])
    .filter(({ takenAt }) => takenAt.getTime() < before)
    .map(({ workflowId }) => ({ due, workflowId }));
}

/** Slots whose workflow closed before it could ask for its run: cancelled or terminated before its first task. */
async function noteLostSlots(
  knex: Knex,
  schedules: Schedules,
  slots: readonly RecentSlot[],
): Promise<number> {
  const unanswered = new Set(
    await unansweredSlots(
      knex,
      slots.map(({ workflowId }) => workflowId),
    ),
  );
  let noted = 0;
  for (const { due, workflowId } of slots) {
    // Open, it will still ask: no worker has come to it yet.
    if (!unanswered.has(workflowId) || (await schedules.slotStatus(workflowId)) === 'RUNNING') continue;
    const { workspaceId, syncId } = due;
    if (await noteLostSlot(knex, { workspaceId, syncId, workflowId, slotAt: slotTimeOf(workflowId) }))
      noted += 1;
  }
  return noted;
}

/** Removes schedules of our workspaces that no sync stands behind any more; returns how many. */
export async function removeOrphanSchedules(knex: Knex, schedules: Schedules): Promise<number> {
  let removed = 0;
  for await (const page of schedules.list()) {
    for (const orphan of await orphansAmong(knex, page)) {
      if (await removingOrphan(knex, orphan, () => schedules.remove(orphan.syncId))) removed += 1;
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
