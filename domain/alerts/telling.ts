// Owns when an alert is told: once, again at most as often as its rule says, and when it is over. Does not say to whom.
import type { AlertMessage } from './message';

export type AlertNewsType = Extract<AlertMessage['type'], `alert.${string}`>;

/** What of an alert decides about that. */
export interface Telling {
  /** Null: nobody has been told of it. */
  readonly toldAt: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly mutedUntil: Date | null;
}

const hourMs = 3_600_000;

function isMuted({ mutedUntil }: Telling, now: Date): boolean {
  return mutedUntil !== null && mutedUntil > now;
}

/** An alert that has just been opened. */
export function tellOpened(alert: Telling, now: Date): AlertNewsType | null {
  return isMuted(alert, now) ? null : 'alert.raised';
}

/** An open alert that goes on: it was seen again, or it is time to look. `remindHours` 0: never again. */
export function tellGoingOn(alert: Telling, remindHours: number, now: Date): AlertNewsType | null {
  if (isMuted(alert, now) || alert.acknowledgedAt) return null;
  // It was muted when it was opened, or there was no channel.
  if (!alert.toldAt) return 'alert.raised';
  const isDue = remindHours > 0 && now.getTime() - alert.toldAt.getTime() >= remindHours * hourMs;
  return isDue ? 'alert.repeated' : null;
}

/**
 * An open alert that nothing has happened to just now. One of runs is told when it was seen since it was told last: a run that
 * comes every day is a moment too early half of the time. `goesOnByItself`: its rule is the clock's.
 */
export function tellByClock(
  alert: Telling & { readonly lastSeenAt: Date },
  { remindHours, goesOnByItself }: { readonly remindHours: number; readonly goesOnByItself: boolean },
  now: Date,
): AlertNewsType | null {
  const isNews = goesOnByItself || !alert.toldAt || alert.lastSeenAt > alert.toldAt;
  return isNews ? tellGoingOn(alert, remindHours, now) : null;
}

/** An alert that is over. Who has acknowledged it wants to hear that. */
export function tellResolvedOf(alert: Telling, now: Date): AlertNewsType | null {
  return alert.toldAt === null || isMuted(alert, now) ? null : 'alert.resolved';
}
