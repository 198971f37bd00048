// Runs that are stuck or late and schedules that are paused for long: from both sides of what each asks.
import {
  judgeLate,
  judgeMissed,
  judgeOpen,
  judgePaused,
  judgeStillStuck,
  judgeStuck,
  type OpenByClock,
  type ResolvedByHand,
  type SeenByClock,
} from '../../../domain/alerts/judge-clock';
import { defaultRules } from '../../../domain/alerts/rules';
import { facts, usersToCrm } from './an-alert';

const { run_late: late, run_stuck: stuck, schedule_paused: paused } = defaultRules;
const off = { enabled: false };
const at = (text: string): Date => new Date(`2025-01-15T${text}Z`);

function open(given: { readonly dueAt?: string; readonly isToRemind?: boolean } = {}): OpenByClock {
  const { isToRemind = false, ...detail } = given;
  return { cause: 'c', detail: { sentence: '', advice: [], run: null, about: null, ...detail }, isToRemind };
}

const seen = (given: OpenByClock | null, now = at('12:00:00')): SeenByClock => ({
  open: given,
  byHand: null,
  now,
});

describe('a stuck run', () => {
  const running = facts({ status: 'running', outcome: null, completedAt: null, durationMs: null });
  const quiet = { quietSince: '2025-01-15T09:12:00Z', isOpen: false };

  test('opens an alert, and repeats it when it is stuck once more', () => {
    expect(judgeStuck(stuck, usersToCrm, running, quiet)).toMatchObject({
      what: 'open',
      kind: 'run_stuck',
      cause: 'workspace:run_stuck',
      detail: { sentence: 'Users → CRM is stuck: its run has made no progress since 15 Jan 09:12 UTC' },
    });
    expect(judgeStuck(stuck, usersToCrm, running, { ...quiet, isOpen: true })).toMatchObject({
      what: 'repeat',
    });
  });

  test('that has ended meanwhile, or of a rule that is off, says nothing', () => {
    expect(judgeStuck(stuck, usersToCrm, facts(), quiet)).toBeNull();
    expect(judgeStuck({ ...stuck, ...off }, usersToCrm, running, quiet)).toBeNull();
  });

  test('that goes on is told again when that is due', () => {
    const goesOn = (given: OpenByClock | null) => ({ open: given, goesOn: true });
    expect(judgeStillStuck(stuck, goesOn(null))).toBeNull();
    expect(judgeStillStuck(stuck, goesOn(open()))).toBeNull();
    expect(judgeStillStuck(stuck, goesOn(open({ isToRemind: true })))).toMatchObject({
      what: 'remind',
      kind: 'run_stuck',
    });
    expect(judgeStillStuck({ ...stuck, ...off }, goesOn(open()))).toMatchObject({ isSilent: true });
  });

  test('that moves again is not stuck any more, and that is told', () => {
    const over = { what: 'resolve', kind: 'run_stuck', isSilent: false };
    expect(judgeStillStuck(stuck, { open: open(), goesOn: false })).toEqual(over);
    expect(judgeStillStuck(stuck, { open: open({ isToRemind: true }), goesOn: false })).toEqual(over);
    expect(judgeStillStuck({ ...stuck, ...off }, { open: open(), goesOn: false })).toMatchObject({
      isSilent: true,
    });
    expect(judgeStillStuck(stuck, { open: null, goesOn: false })).toBeNull();
  });
});

describe('a late run', () => {
  const overdue = { overdue: at('09:00:00'), knownUntil: at('08:00:00') };

  test('opens an alert with its slot, once', () => {
    expect(judgeLate(late, usersToCrm, overdue, seen(null))).toMatchObject({
      what: 'open',
      kind: 'run_late',
      detail: {
        sentence: 'Users → CRM is late: the run of 15 Jan 09:00 UTC has not started',
        dueAt: '2025-01-15T09:00:00.000Z',
      },
    });
    expect(judgeLate(late, usersToCrm, overdue, seen(open()))).toBeNull();
    expect(judgeLate(late, usersToCrm, overdue, seen(open({ isToRemind: true })))).toMatchObject({
      what: 'remind',
    });
  });

  test('is over when its slot is accounted for, or the sync fires none any more', () => {
    const alert = seen(open({ dueAt: '2025-01-15T09:00:00.000Z' }));
    const over = { what: 'resolve', kind: 'run_late', isSilent: false };
    const known = (knownUntil: Date | null) => ({ overdue: null, knownUntil });
    expect(judgeLate(late, usersToCrm, known(at('08:59:59')), alert)).toBeNull();
    expect(judgeLate(late, usersToCrm, known(at('09:00:00')), alert)).toEqual(over);
    expect(judgeLate(late, usersToCrm, known(null), alert)).toEqual(over);
    expect(judgeLate(late, usersToCrm, known(at('09:00:00')), seen(null))).toBeNull();
  });

  test('that is never made up for opens one, which the next slot ends', () => {
    const missed = { missed: 3, at: at('10:30:00'), isOpen: false };
    const opened = judgeMissed(late, usersToCrm, missed);
    expect(opened).toMatchObject({
      what: 'open',
      kind: 'run_late',
      detail: {
        sentence: 'Users → CRM has missed 3 scheduled runs',
        observed: 3,
        dueAt: '2025-01-15T10:30:00.000Z',
      },
    });
    expect(judgeMissed(late, usersToCrm, { ...missed, isOpen: true })).toMatchObject({ what: 'repeat' });
    expect(judgeMissed({ ...late, ...off }, usersToCrm, missed)).toBeNull();
  });

  test('of a rule that is switched off ends silently', () => {
    expect(judgeLate({ ...late, ...off }, usersToCrm, overdue, seen(null))).toBeNull();
    expect(judgeLate({ ...late, ...off }, usersToCrm, overdue, seen(open()))).toMatchObject({
      isSilent: true,
    });
  });
});

describe('a schedule that is paused', () => {
  const pausedAt = at('00:00:00');
  const after = (ms: number, given: OpenByClock | null = null) =>
    seen(given, new Date(pausedAt.getTime() + ms));
  const week = 7 * 86_400_000;

  test.each([
    [week, null],
    [week + 1, 'open'],
  ])('for %d milliseconds, of a week', (ms, what) => {
    expect(judgePaused(paused, usersToCrm, pausedAt, after(ms))?.what ?? null).toBe(what);
  });

  test('is told with how long, and again when that is due', () => {
    expect(judgePaused(paused, usersToCrm, pausedAt, after(week + 1))).toMatchObject({
      detail: { sentence: 'Users → CRM has been paused for 7 d', observed: week + 1, expected: week },
    });
    expect(judgePaused(paused, usersToCrm, pausedAt, after(week + 1, open()))).toBeNull();
    expect(
      judgePaused(paused, usersToCrm, pausedAt, after(2 * week, open({ isToRemind: true }))),
    ).toMatchObject({
      what: 'remind',
      detail: { sentence: 'Users → CRM has been paused for 14 d' },
    });
  });

  test('and is resumed is over', () => {
    expect(judgePaused(paused, usersToCrm, null, after(0, open()))).toMatchObject({
      what: 'resolve',
      isSilent: false,
    });
    expect(judgePaused(paused, usersToCrm, null, after(0))).toBeNull();
    expect(judgePaused({ ...paused, ...off }, usersToCrm, pausedAt, after(week + 1))).toBeNull();
    expect(judgePaused({ ...paused, ...off }, usersToCrm, pausedAt, after(week + 1, open()))).toMatchObject({
      isSilent: true,
    });
  });
});

describe('what a person has resolved', () => {
  const hour = 3_600_000;
  const resolvedAt = at('10:00:00');
  const after = (ms: number, byHand: Partial<ResolvedByHand> = {}): SeenByClock => ({
    open: null,
    byHand: { at: resolvedAt, dueAt: '2025-01-15T09:00:00.000Z', ...byHand },
    now: new Date(resolvedAt.getTime() + ms),
  });
  const overdue = (slot: Date) => ({ overdue: slot, knownUntil: at('08:00:00') });

  test('is opened again for the same slot when a reminder would be due, and at once for another', () => {
    expect(judgeLate(late, usersToCrm, overdue(at('09:00:00')), after(24 * hour - 1))).toBeNull();
    expect(judgeLate(late, usersToCrm, overdue(at('09:00:00')), after(24 * hour))?.what).toBe('open');
    expect(judgeLate(late, usersToCrm, overdue(at('11:00:00')), after(2 * hour))?.what).toBe('open');
  });

  test('is not opened again where nobody wants reminders, however long the slot is waited for', () => {
    const never = { ...late, settings: { remindHours: 0 } };
    expect(judgeLate(never, usersToCrm, overdue(at('09:00:00')), after(999 * hour))).toBeNull();
    expect(judgeLate(never, usersToCrm, overdue(at('11:00:00')), after(2 * hour))?.what).toBe('open');
  });

  test('holds for the pause it was about, and for no other', () => {
    const rule = { ...paused, settings: { days: 1, remindHours: 168 } };
    const long = { dueAt: null, at: resolvedAt };
    expect(judgePaused(rule, usersToCrm, at('00:00:00'), after(30 * hour, long))).toBeNull();
    expect(judgePaused(rule, usersToCrm, at('00:00:00'), after(168 * hour, long))?.what).toBe('open');
    expect(judgePaused(rule, usersToCrm, at('11:00:00'), after(30 * hour, long))?.what).toBe('open');
  });
});

describe('an open alert of any rule', () => {
  test('is told when it is time, as it was', () => {
    expect(judgeOpen(defaultRules.run_failed, 'run_failed', open())).toBeNull();
    const due = open({ isToRemind: true });
    expect(judgeOpen(defaultRules.run_failed, 'run_failed', due)).toEqual({
      what: 'remind',
      kind: 'run_failed',
      cause: due.cause,
      detail: due.detail,
    });
  });

  test('ends silently with its rule', () => {
    const rule = { ...defaultRules.error_rate, ...off };
    expect(judgeOpen(rule, 'error_rate', open({ isToRemind: true }))).toEqual({
      what: 'resolve',
      kind: 'error_rate',
      isSilent: true,
    });
  });
});
