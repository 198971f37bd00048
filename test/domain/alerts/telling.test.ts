// When an alert is told: once, again at most as often as its rule says, and when it is over.
import {
  tellByClock,
  type Telling,
  tellGoingOn,
  tellOpened,
  tellResolvedOf,
} from '../../../domain/alerts/telling';

const now = new Date('2025-01-15T09:00:00Z');
const ago = (ms: number): Date => new Date(now.getTime() - ms);
const hour = 3_600_000;

const alert = (given: Partial<Telling> = {}): Telling => ({
  toldAt: null,
  acknowledgedAt: null,
  mutedUntil: null,
  ...given,
});
const muted = { mutedUntil: ago(-1) };
const wasMuted = { mutedUntil: now };
const acknowledged = { acknowledgedAt: ago(hour) };
const told = { toldAt: ago(24 * hour) };

test.each([
  [alert(), 'alert.raised'],
  [alert(muted), null],
  [alert(wasMuted), 'alert.raised'],
])('one that is opened: %j', (opened, type) => {
  expect(tellOpened(opened, now)).toBe(type);
});

test.each([
  [alert(told), 24, 'alert.repeated'],
  [alert({ toldAt: ago(24 * hour - 1) }), 24, null],
  [alert(told), 0, null],
  [alert({ ...told, ...acknowledged }), 24, null],
  [alert({ ...told, ...muted }), 24, null],
  [alert({ ...told, ...wasMuted }), 24, 'alert.repeated'],
  // Nobody has heard of it yet.
  [alert(), 0, 'alert.raised'],
  [alert(acknowledged), 0, null],
  [alert(muted), 0, null],
])('one that goes on: %j, told again every %d hours', (open, remindHours, type) => {
  expect(tellGoingOn(open, remindHours, now)).toBe(type);
});

test.each([
  [alert(told), 'alert.resolved'],
  [alert({ ...told, ...acknowledged }), 'alert.resolved'],
  [alert({ ...told, ...muted }), null],
  [alert(), null],
])('one that is over: %j', (over, type) => {
  expect(tellResolvedOf(over, now)).toBe(type);
});

const seenSince = { lastSeenAt: ago(hour) };
const notSeenSince = { lastSeenAt: ago(25 * hour) };

test.each([
  // A day has gone by, and a run has failed meanwhile: it came a moment too early to be told.
  [alert(told), seenSince, false, 'alert.repeated'],
  [alert(told), notSeenSince, false, null],
  [alert(told), notSeenSince, true, 'alert.repeated'],
  [alert({ toldAt: ago(23 * hour) }), seenSince, true, null],
  [alert({ ...told, ...acknowledged }), seenSince, true, null],
  [alert({ ...told, ...muted }), seenSince, true, null],
  // It was muted, or there was no channel.
  [alert(), notSeenSince, false, 'alert.raised'],
  [alert(wasMuted), notSeenSince, false, 'alert.raised'],
  [alert(muted), notSeenSince, false, null],
])('one that the clock looks at: %j, %j, of the clock: %s', (open, seen, goesOnByItself, type) => {
  expect(tellByClock({ ...open, ...seen }, { remindHours: 24, goesOnByItself }, now)).toBe(type);
});
