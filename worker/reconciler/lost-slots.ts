// Owns finding slots whose workflow closed before it could ask for its run: cancelled or terminated before its first task.
// Which schedules are looked at, and when, is decided beside it.
import type { Knex } from 'knex';
import { type DueSchedule, noteLostSlot, unansweredSlots } from '../../db/configuration/schedule-checks';
import { type ScheduleLook, type Schedules, slotTimeOf, type StartedSlot } from '../../temporal/schedules';

/** A slot's workflow, the sync it belongs to, and whether the workflow is known to have closed. */
export interface SeenSlot extends StartedSlot {
  readonly due: DueSchedule;
  readonly isClosed: boolean;
}

// A minute: time enough for a look that failed or applied a change instead, and for clocks that differ.
const slackMs = 60_000;
// A slot that was open at the last look is judged once it has closed, which takes as long as no worker comes to it. Older
// ones were judged: their run, or what was noted of them, may have been removed by age since.
const judgedMs = 24 * 3_600_000;

/**
 * The slots that no earlier look has judged: those a schedule names itself, and where it has started more than it names since
 * the last look (every few seconds, in a burst after an outage, or no worker was there), those in between that have
 * closed. `graceMs`: how old a slot must be to be judged.
 */
export async function slotsSeen(
  schedules: Schedules,
  due: DueSchedule,
  { recent, recentFrom }: ScheduleLook,
  graceMs: number,
): Promise<SeenSlot[]> {
  const judgedBefore = (due.lookedAt?.getTime() ?? Date.now()) - judgedMs;
  const named = recent
    .filter(({ takenAt }) => takenAt.getTime() >= judgedBefore)
    .map((slot) => ({ ...slot, due, isClosed: false }));
  if (!recentFrom || !due.lookedAt) return named;
  const judgedUntil = new Date(due.lookedAt.getTime() - graceMs - slackMs);
  if (recentFrom <= judgedUntil) return named;
  const closed = await schedules.closedSlots(due.syncId, judgedUntil, recentFrom);
  return [...closed.map((slot) => ({ ...slot, due, isClosed: true })), ...named];
}

/** Writes the event of each of these that has neither a run nor an event, is old enough and has closed; returns how many. */
export async function noteLostSlots(
  knex: Knex,
  schedules: Schedules,
  slots: readonly SeenSlot[],
  graceMs: number,
): Promise<number> {
  const unanswered = new Set(await unansweredSlots(knex, slots, graceMs));
  let noted = 0;
  for (const { due, workflowId, isClosed } of slots) {
    if (!unanswered.has(workflowId)) continue;
    // Open, it will still ask: no worker has come to it yet.
    if (!isClosed && (await schedules.slotStatus(workflowId)) === 'RUNNING') continue;
    const { workspaceId, syncId } = due;
    if (await noteLostSlot(knex, { workspaceId, syncId, workflowId, slotAt: slotTimeOf(workflowId) }))
      noted += 1;
  }
  return noted;
}
