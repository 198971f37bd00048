// Owns the rules that no end of a run decides: a run that is stuck, one that is late, a schedule that is paused for long; and
// what the time that passes does to alerts of any rule.
import type { RunFacts } from './alert';
import type { SyncParts } from './causes';
import { type AlertFound, foundOf } from './finding';
import type { AlertKind, AlertRule } from './rules';
import type { Transition } from './transition';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** An open alert, so far as the clock asks. */
export interface OpenByClock extends AlertFound {
  /** Whether it is to be told now (telling, tellByClock). */
  readonly isToRemind: boolean;
}

/** The last alert of a rule, where a person has resolved it. */
export interface ResolvedByHand {
  readonly at: Date;
  /** As it stood in the alert. */
  readonly dueAt: string | null;
}

/** What is known of the alerts of one rule; null: there is none such. */
export interface SeenByClock {
  readonly open: OpenByClock | null;
  readonly byHand: ResolvedByHand | null;
  readonly now: Date;
}

/** An open alert of which nothing new is known: it ends with its rule, or is told when it is time for that. */
export function judgeOpen(rule: AlertRule, kind: AlertKind, open: OpenByClock): Transition | null {
  if (!rule.enabled) return { what: 'resolve', kind, isSilent: true };
  return open.isToRemind ? { what: 'remind', kind, cause: open.cause, detail: open.detail } : null;
}

// The clock finds the same again at every look: what a person has put an end to would be open again half a minute later.
function isDealtWith(rule: AlertRule, { byHand, now }: SeenByClock, isTheSame: boolean): boolean {
  const hours = rule.settings.remindHours ?? 0;
  const holds = hours === 0 || (byHand !== null && now.getTime() - byHand.at.getTime() < hours * hourMs);
  return byHand !== null && isTheSame && holds;
}

/** A run that has moved nothing since `quietSince` (RFC 3339). */
export function judgeStuck(
  rule: AlertRule,
  sync: SyncParts,
  run: RunFacts,
  { quietSince, isOpen }: { readonly quietSince: string; readonly isOpen: boolean },
): Transition | null {
  if (!rule.enabled || run.completedAt !== null) return null;
  return {
    what: isOpen ? 'repeat' : 'open',
    kind: 'run_stuck',
    ...foundOf('run_stuck', sync, run, { quietSince }),
  };
}

/** Slots that never became runs, as was found at `at`. */
export function judgeMissed(
  rule: AlertRule,
  sync: SyncParts,
  { missed, at, isOpen }: { readonly missed: number; readonly at: Date; readonly isOpen: boolean },
): Transition | null {
  if (!rule.enabled) return null;
  const found = foundOf('run_late', sync, null, { missed }, { observed: missed, dueAt: at.toISOString() });
  return { what: isOpen ? 'repeat' : 'open', kind: 'run_late', ...found };
}

/** How far the slots of a sync have come. */
export interface Lateness {
  /** The first slot of which nothing is known though it is past; null: none. */
  readonly overdue: Date | null;
  /** Until when all slots are accounted for; null: the sync fires none (any more). */
  readonly knownUntil: Date | null;
}

export function judgeLate(
  rule: AlertRule,
  sync: SyncParts,
  { overdue, knownUntil }: Lateness,
  seen: SeenByClock,
): Transition | null {
  const kind = 'run_late';
  const { open, byHand } = seen;
  if (!rule.enabled) return open && judgeOpen(rule, kind, open);
  if (overdue) {
    const isSameSlot = byHand?.dueAt ? overdue <= new Date(byHand.dueAt) : false;
    if (open ? !open.isToRemind : isDealtWith(rule, seen, isSameSlot)) return null;
    const dueAt = overdue.toISOString();
    return { what: open ? 'remind' : 'open', kind, ...foundOf(kind, sync, null, { dueAt }, { dueAt }) };
  }
  // What was missed never comes: the next slot is the end of it.
  const dueAt = open?.detail.dueAt ?? null;
  const isOver = open && (knownUntil === null || dueAt === null || knownUntil >= new Date(dueAt));
  return isOver ? { what: 'resolve', kind, isSilent: false } : null;
}

/** `goesOn` false: the run has moved since, or is not at work any more. Its end resolves the alert, mostly before that is seen. */
export function judgeStillStuck(
  rule: AlertRule,
  { open, goesOn }: { readonly open: OpenByClock | null; readonly goesOn: boolean },
): Transition | null {
  const kind = 'run_stuck';
  if (!open) return null;
  if (rule.enabled && !goesOn) return { what: 'resolve', kind, isSilent: false };
  return judgeOpen(rule, kind, open);
}

/** `pausedAt` null: the sync is not paused, or has no schedule (any more). */
export function judgePaused(
  rule: AlertRule,
  sync: SyncParts,
  pausedAt: Date | null,
  seen: SeenByClock,
): Transition | null {
  const kind = 'schedule_paused';
  const { open, byHand, now } = seen;
  if (!rule.enabled) return open && judgeOpen(rule, kind, open);
  if (!pausedAt) return open && { what: 'resolve', kind, isSilent: false };
  const pausedMs = now.getTime() - pausedAt.getTime();
  const expected = (rule.settings.days ?? 0) * dayMs;
  const isSamePause = byHand !== null && pausedAt <= byHand.at;
  if (open ? !open.isToRemind : pausedMs <= expected || isDealtWith(rule, seen, isSamePause)) return null;
  const found = foundOf(kind, sync, null, { pausedMs }, { observed: pausedMs, expected });
  return { what: open ? 'remind' : 'open', kind, ...found };
}
