// Which schedules are overdue: by interval and cron, around the grace, jitter, changes of the schedule and of the clocks.
import { overdueSchedules } from '../../temporal/overdue-schedules';
import type { ScheduleProgress } from '../../db/views/insights/schedule-progress-view';
import { daily } from '../factories/a-schedule';

const graceMs = 120_000;
const time = (text: string): Date => new Date(text);
const after = (text: string, ms: number): Date => new Date(time(text).getTime() + ms);

type Overrides = Partial<Omit<ScheduleProgress, 'schedule'>> & {
  readonly every?: number;
  readonly cron?: string;
  readonly timeZone?: string;
  readonly jitterSeconds?: number;
};

/** Daily at midnight of UTC unless told otherwise, written long ago; its newest slot was the last of February. */
function progress({
  every = 86_400,
  cron,
  timeZone = 'UTC',
  jitterSeconds = 0,
  ...rest
}: Overrides = {}): ScheduleProgress {
  const cadence =
    cron === undefined ? { intervalSeconds: every, cron: null } : { intervalSeconds: null, cron };
  return {
    workspaceId: 'ws_a',
    syncId: 'sync_a',
    name: 'Users → CRM',
    schedule: { ...daily, ...cadence, timeZone, jitterSeconds },
    isApplied: true,
    changedAt: time('2026-01-01T00:00:00Z'),
    lastRunSlot: time('2026-02-28T00:00:00Z'),
    lastTold: null,
    ...rest,
  };
}

async function dueAt(schedule: ScheduleProgress, now: Date): Promise<string | null> {
  const [overdue] = await overdueSchedules([schedule], now);
  return overdue ? overdue.dueAt.toISOString() : null;
}

/** Overdue from this very moment, for this slot. */
async function expectOverdueFrom(schedule: ScheduleProgress, from: Date, slot: string): Promise<void> {
  expect(await dueAt(schedule, new Date(from.getTime() - 1))).toBeNull();
  expect(await dueAt(schedule, from)).toBe(time(slot).toISOString());
}

test('a slot of which nothing is known two minutes later makes its schedule overdue', async () => {
  const slot = '2026-03-01T00:00:00Z';
  await expectOverdueFrom(progress(), after(slot, graceMs), slot);
  await expectOverdueFrom(progress({ cron: '0 0 * * *' }), after(slot, graceMs), slot);
  const late = await overdueSchedules([progress()], after(slot, 3_600_000));
  expect(late).toEqual([{ ...progress(), dueAt: time(slot), lateMs: 3_600_000 }]);
});

test('the first slot that is missing is named, however many came after it', async () => {
  expect(await dueAt(progress({ every: 60 }), time('2026-03-05T00:00:00Z'))).toBe('2026-02-28T00:01:00.000Z');
  expect(await dueAt(progress({ cron: '*/5 * * * *' }), time('2026-03-05T00:00:00Z'))).toBe(
    '2026-02-28T00:05:00.000Z',
  );
});

test('a slot may start later by the jitter', async () => {
  const slot = '2026-03-01T00:00:00Z';
  await expectOverdueFrom(progress({ jitterSeconds: 3_600 }), after(slot, 3_600_000 + graceMs), slot);
});

test('a skipped slot is accounted for, and a resumption makes those before it none of its business', async () => {
  const lastTold = time('2026-03-01T00:00:00Z');
  await expectOverdueFrom(
    progress({ lastTold }),
    after('2026-03-02T00:00:00Z', graceMs),
    '2026-03-02T00:00:00Z',
  );
  const resumed = progress({ lastTold: time('2026-03-07T13:00:00Z') });
  await expectOverdueFrom(resumed, after('2026-03-08T00:00:00Z', graceMs), '2026-03-08T00:00:00Z');
});

test('slots before the schedule was written, and within a minute of it, are not waited for', async () => {
  const written = (changedAt: string) => progress({ lastRunSlot: null, changedAt: time(changedAt) });
  const [first, second] = ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'];
  await expectOverdueFrom(written('2026-02-28T23:58:59Z'), after(first, graceMs), first);
  await expectOverdueFrom(written('2026-02-28T23:59:00Z'), after(second, graceMs), second);
});

test('a cron is read in its zone', async () => {
  const berlin = progress({ cron: '30 9 * * 1-5', timeZone: 'Europe/Berlin' });
  // The last of February is a Saturday.
  await expectOverdueFrom(berlin, after('2026-03-02T08:30:00Z', graceMs), '2026-03-02T08:30:00Z');
});

test.each([
  [
    'skipped where clocks go forward',
    'America/New_York',
    '30 2 * * *',
    '2026-03-07T07:30:00Z',
    '2026-03-09T06:30:00Z',
  ],
  [
    'doubled where they go back',
    'America/New_York',
    '30 1 * * *',
    '2026-10-31T05:30:00Z',
    '2026-11-02T06:30:00Z',
  ],
  [
    'lost east of Greenwich',
    'Europe/Berlin',
    '*/15 1-5 * * *',
    '2026-10-24T23:00:00Z',
    '2026-10-25T04:00:00Z',
  ],
])(
  'a time that may be %s is not waited for, the next certain one is',
  async (_, timeZone, cron, last, next) => {
    const schedule = progress({ cron, timeZone, lastRunSlot: time(last) });
    await expectOverdueFrom(schedule, after(next, graceMs), next);
  },
);

test('a cron of minutes alone is waited for through a change of clocks, as it fires in UTC', async () => {
  const quarterly = progress({
    cron: '*/15 * * * *',
    timeZone: 'Europe/Berlin',
    lastRunSlot: time('2026-10-25T00:45:00Z'),
  });
  await expectOverdueFrom(quarterly, after('2026-10-25T01:00:00Z', graceMs), '2026-10-25T01:00:00Z');
});

test('of two thousand schedules those come first that are due for longest; the others are not told', async () => {
  const crons = Array.from({ length: 2_000 }, (_, at) => ({
    at,
    cron: `${at % 60} ${Math.floor(at / 60) % 24} * * *`,
  }));
  const schedules = crons.map(({ at, cron }) => progress({ syncId: `sync_${at}`, cron }));
  const overdue = await overdueSchedules(schedules, time('2026-02-28T00:10:00Z'));
  // Minutes 1 to 8 of the first hour, twice: two thousand crons go round the day once and a bit more.
  const names = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((minute) => [`sync_${minute}`, `sync_${1_440 + minute}`]);
  expect(overdue.map(({ syncId }) => syncId)).toEqual(names);
});
