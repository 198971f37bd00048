// Owns the rules that no end of a run decides: a run that is stuck, one that is late, a schedule that is paused for long.
import type { RunFacts } from './alert';
import type { SyncParts } from './causes';
import { type AlertFound, foundOf } from './finding';
import type { AlertRule } from './rules';
import type { Transition } from './transition';

const dayMs = 86_400_000;

/** An open alert, so far as these rules ask. */
export interface OpenByClock extends AlertFound {
  /** Whether it is to be told again if it goes on (telling, tellGoingOn). */
  readonly isToRemind: boolean;
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

/** `open` null: no such alert is open. */
export function judgeLate(
  rule: AlertRule,
  sync: SyncParts,
  { overdue, knownUntil }: Lateness,
  open: OpenByClock | null,
): Transition | null {
  const kind = 'run_late';
  if (!rule.enabled) return open && { what: 'resolve', kind, isSilent: true };
  if (overdue) {
    if (open && !open.isToRemind) return null;
    const dueAt = overdue.toISOString();
    return { what: open ? 'remind' : 'open', kind, ...foundOf(kind, sync, null, { dueAt }, { dueAt }) };
  }
  // What was missed never comes: the next slot is the end of it.
  const dueAt = open?.detail.dueAt ?? null;
  const isOver = open && (knownUntil === null || dueAt === null || knownUntil >= new Date(dueAt));
  return isOver ? { what: 'resolve', kind, isSilent: false } : null;
}

/** A stuck run that goes on: its end resolves the alert. */
export function judgeStillStuck(rule: AlertRule, open: OpenByClock | null): Transition | null {
  const kind = 'run_stuck';
  if (!rule.enabled) return open && { what: 'resolve', kind, isSilent: true };
  return open?.isToRemind ? { what: 'remind', kind, cause: open.cause, detail: open.detail } : null;
}

/** `pausedAt` null: the sync is not paused, or has no schedule (any more). `open` null: no such alert is open. */
export function judgePaused(
  rule: AlertRule,
  sync: SyncParts,
  { pausedAt, now }: { readonly pausedAt: Date | null; readonly now: Date },
  open: OpenByClock | null,
): Transition | null {
  const kind = 'schedule_paused';
  if (!rule.enabled) return open && { what: 'resolve', kind, isSilent: true };
  if (!pausedAt) return open && { what: 'resolve', kind, isSilent: false };
  const pausedMs = now.getTime() - pausedAt.getTime();
  const expected = (rule.settings.days ?? 0) * dayMs;
  if (open ? !open.isToRemind : pausedMs <= expected) return null;
  const found = foundOf(kind, sync, null, { pausedMs }, { observed: pausedMs, expected });
  return { what: open ? 'remind' : 'open', kind, ...found };
}
