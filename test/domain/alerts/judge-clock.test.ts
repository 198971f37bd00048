// Runs that are stuck or late and schedules that are paused for long: from both sides of what each asks.
import {
  judgeLate,
  judgeMissed,
  judgePaused,
  judgeStillStuck,
  judgeStuck,
  type OpenByClock,
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
    expect(judgeStillStuck(stuck, null)).toBeNull();
    expect(judgeStillStuck(stuck, open())).toBeNull();
    expect(judgeStillStuck(stuck, open({ isToRemind: true }))).toMatchObject({
      what: 'remind',
      kind: 'run_stuck',
    });
    expect(judgeStillStuck({ ...stuck, ...off }, open())).toMatchObject({ what: 'resolve', isSilent: true });
  });
});

describe('a late run', () => {
  const overdue = { overdue: at('09:00:00'), knownUntil: at('08:00:00') };

  test('opens an alert with its slot, once', () => {
    expect(judgeLate(late, usersToCrm, overdue, null)).toMatchObject({
      what: 'open',
      kind: 'run_late',
      detail: {
        sentence: 'Users → CRM is late: the run of 15 Jan 09:00 UTC has not started',
        dueAt: '2025-01-15T09:00:00.000Z',
      },
    });
    expect(judgeLate(late, usersToCrm, overdue, open())).toBeNull();
    expect(judgeLate(late, usersToCrm, overdue, open({ isToRemind: true }))).toMatchObject({
      what: 'remind',
    });
  });

  test('is over when its slot is accounted for, or the sync fires none any more', () => {
    const alert = open({ dueAt: '2025-01-15T09:00:00.000Z' });
    const over = { what: 'resolve', kind: 'run_late', isSilent: false };
    const known = (knownUntil: Date | null) => ({ overdue: null, knownUntil });
    expect(judgeLate(late, usersToCrm, known(at('08:59:59')), alert)).toBeNull();
    expect(judgeLate(late, usersToCrm, known(at('09:00:00')), alert)).toEqual(over);
    expect(judgeLate(late, usersToCrm, known(null), alert)).toEqual(over);
    expect(judgeLate(late, usersToCrm, known(at('09:00:00')), null)).toBeNull();
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
    expect(judgeLate({ ...late, ...off }, usersToCrm, overdue, null)).toBeNull();
    expect(judgeLate({ ...late, ...off }, usersToCrm, overdue, open())).toMatchObject({ isSilent: true });
  });
});

describe('a schedule that is paused', () => {
  const pausedAt = at('00:00:00');
  const after = (ms: number) => ({ pausedAt, now: new Date(pausedAt.getTime() + ms) });
  const week = 7 * 86_400_000;

  test.each([
    [week, null],
    [week + 1, 'open'],
  ])('for %d milliseconds, of a week', (ms, what) => {
    expect(judgePaused(paused, usersToCrm, after(ms), null)?.what ?? null).toBe(what);
  });

  test('is told with how long, and again when that is due', () => {
    expect(judgePaused(paused, usersToCrm, after(week + 1), null)).toMatchObject({
      detail: { sentence: 'Users → CRM has been paused for 7 d', observed: week + 1, expected: week },
    });
    expect(judgePaused(paused, usersToCrm, after(week + 1), open())).toBeNull();
    expect(judgePaused(paused, usersToCrm, after(2 * week), open({ isToRemind: true }))).toMatchObject({
      what: 'remind',
      detail: { sentence: 'Users → CRM has been paused for 14 d' },
    });
  });

  test('and is resumed is over', () => {
    const none = { pausedAt: null, now: pausedAt };
    expect(judgePaused(paused, usersToCrm, none, open())).toMatchObject({ what: 'resolve', isSilent: false });
    expect(judgePaused(paused, usersToCrm, none, null)).toBeNull();
    expect(judgePaused({ ...paused, ...off }, usersToCrm, after(week + 1), null)).toBeNull();
    expect(judgePaused({ ...paused, ...off }, usersToCrm, after(week + 1), open())).toMatchObject({
      isSilent: true,
    });
  });
});
