// The times Temporal itself computes, over 400 days with both changes of the clocks, against a clock that is read minute
// by minute: each due instant once, none in a gap, both of an overlap.
import { Client, Connection } from '@temporalio/client';
import { newSchedule, scheduleOf } from '../../api/syncs/schedule/schema';
import { scheduleIdOf, type Schedules, temporalSchedules } from '../../temporal/schedules';
import { testServers } from '../support/servers';
import { aDefinition, put } from './schedules-contract';

let connection: Connection;
let client: Client;
let schedules: Schedules;

beforeAll(async () => {
  connection = await Connection.connect({ address: testServers().temporalAddress });
  client = new Client({ connection });
  schedules = temporalSchedules(client, 'nobody-polls-this');
});
afterAll(() => connection.close());

const minuteMs = 60_000;
const dayMs = 86_400_000;
// From new year 2026: both changes of 2026 lie within.
const from = Date.UTC(2026, 0, 1);
const to = from + 400 * dayMs;

// As many as the server gives at once; the rest is asked for.
const timesAtOnce = 1_000;

/** What Temporal would fire from `start` until before `end`, as it tells itself. */
async function temporalTimes(syncId: string, start: number, end: number): Promise<number[]> {
  const times: number[] = [];
  // The start itself does not belong to what is asked for, the end does.
  for (let after = start - 1; ;) {
    const { startTime } = await client.workflowService.listScheduleMatchingTimes({
      namespace: 'default',
      scheduleId: scheduleIdOf(syncId),
      startTime: timestamp(after),
      endTime: timestamp(end - 1),
    });
    times.push(...startTime.map(({ seconds }) => Number(seconds) * 1_000));
    if (startTime.length < timesAtOnce) return times;
    after = times.at(-1) ?? end;
  }
}

// The wire's own type for 64 bits is not ours to make; a number is taken as well.
function timestamp(ms: number) {
  return { seconds: Math.floor(ms / 1_000), nanos: (ms % 1_000) * 1_000_000 } as never;
}

async function withSchedule<Result>(
  body: object,
  work: (syncId: string) => Promise<Result>,
): Promise<Result> {
  const definition = aDefinition({ schedule: scheduleOf(newSchedule.parse(body)) });
  await put(schedules, definition);
  try {
    return await work(definition.syncId);
  } finally {
    await schedules.remove(definition.syncId);
  }
}

/** Every minute whose wall clock in the zone fits the cron, found by looking at all of them. */
function minutesByTheClock(cron: string, timeZone: string, start: number, end: number): number[] {
  const [minutes, hours, days, months, weekdays] = cron.split(' ').map(matcher) as [
    Fits,
    Fits,
    Fits,
    Fits,
    Fits,
  ];
  const found: number[] = [];
  // The zones of the table change their clocks at whole hours of UTC.
  for (let hour = start; hour < end; hour += 60 * minuteMs) {
    const offsetMs = offsetOf(hour, timeZone);
    for (let time = hour; time < hour + 60 * minuteMs; time += minuteMs) {
      const wall = new Date(time + offsetMs);
      if (
        minutes(wall.getUTCMinutes()) &&
        hours(wall.getUTCHours()) &&
        days(wall.getUTCDate()) &&
        months(wall.getUTCMonth() + 1) &&
        (weekdays(wall.getUTCDay()) || (wall.getUTCDay() === 0 && weekdays(7)))
      ) {
        found.push(time);
      }
    }
  }
  return found;
}

type Fits = (value: number) => boolean;
const names = 'sun mon tue wed thu fri sat'.split(' ');
const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

function matcher(field: string): Fits {
  const numberOf = (text: string): number => {
    const word = text.toLowerCase();
    if (names.includes(word)) return names.indexOf(word);
    return monthNames.includes(word) ? monthNames.indexOf(word) + 1 : Number(text);
  };
  const items = field.split(',').map((item): Fits => {
    const [range = '', step = '1'] = item.split('/');
    // With a step it stands for minutes and hours only in the table below, which begin at 0.
    if (range === '*') return (value) => value % Number(step) === 0;
    const [first = '', last = first] = range.split('-');
    return (value) =>
      value >= numberOf(first) && value <= numberOf(last) && (value - numberOf(first)) % Number(step) === 0;
  });
  return (value) => items.some((fits) => fits(value));
}

const clocks = new Map<string, Intl.DateTimeFormat>();
function offsetOf(time: number, timeZone: string): number {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', dateStyle: 'short', timeStyle: 'medium' });
  clocks.set(timeZone, clock);
  const parts = Object.fromEntries(clock.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(2000 + year, month - 1, day, hour, minute, second) - time;
}

test.each([
  ['30 2 * * *', 'America/New_York'],
  ['30 1 * * *', 'America/New_York'],
  ['0 * * * *', 'Europe/Berlin'],
  ['*/15 * * * *', 'Europe/Berlin'],
  ['*/20 * * * *', 'America/New_York'],
  ['10-50/20 * * * *', 'Asia/Kathmandu'],
  ['0 9 * * 1-5', 'Europe/Berlin'],
  ['15 6,18 1-7 * *', 'Asia/Kolkata'],
  ['0 0 * * 5-7', 'UTC'],
  ['0 0 * * 7', 'US/Eastern'],
  ['0 12 * feb-apr MON,wed', 'America/Sao_Paulo'],
  ['0-40/20 */6 * * *', 'Pacific/Apia'],
  ['5 0 29 2 *', 'UTC'],
  ['0 0 31 * *', 'Africa/Casablanca'],
])('%s in %s fires at each due instant of 400 days, once', async (cron, time_zone) => {
  const fired = await withSchedule({ cron, time_zone }, (syncId) => temporalTimes(syncId, from, to));
  expect(fired).toEqual(minutesByTheClock(cron, time_zone, from, to));
});

test('an interval fires at each multiple since 1970, whatever the clocks do', async () => {
  const fired = await withSchedule({ interval_seconds: 7_200, time_zone: 'America/New_York' }, (syncId) =>
    temporalTimes(syncId, from, to),
  );
  expect(fired).toEqual(Array.from({ length: (to - from) / 7_200_000 }, (_, at) => from + at * 7_200_000));
});

/** When it fires from midnight to midnight, as hours and minutes of UTC. */
async function day(cron: string, time_zone: string, date: string): Promise<string[]> {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const start = midnight - offsetOf(midnight, time_zone);
  const fired = await withSchedule({ cron, time_zone }, (syncId) =>
    temporalTimes(syncId, start, start + dayMs),
  );
  return fired.map((time) => new Date(time).toISOString().slice(11, 16));
}

test('a local time in the gap does not fire that day', async () => {
  expect(await day('30 2 * * *', 'America/New_York', '2026-03-07')).toEqual(['07:30']);
  expect(await day('30 2 * * *', 'America/New_York', '2026-03-08')).toEqual([]);
  expect(await day('30 2 * * *', 'America/New_York', '2026-03-09')).toEqual(['06:30']);
  expect(await day('30 2 * * *', 'Europe/Berlin', '2026-03-29')).toEqual([]);
});

test('a local time in the overlap fires twice west of Greenwich, an hour apart', async () => {
  expect(await day('30 1 * * *', 'America/New_York', '2026-11-01')).toEqual(['05:30', '06:30']);
  expect(await day('0 1 * * *', 'America/New_York', '2026-11-01')).toEqual(['05:00', '06:00']);
  const several = await day('*/20 1-2 * * *', 'America/New_York', '2026-11-01');
  expect(several.join(' ')).toBe('05:00 05:20 05:40 06:00 06:20 06:40 07:00 07:20 07:40');
});

// What the server does, not what one would wish; docs/schedules.md tells it. A newer server may do better.
test('east of Greenwich it fires once, the second time; several a hour lose some in the hours around', async () => {
  expect(await day('0 2 * * *', 'Europe/Berlin', '2026-10-25')).toEqual(['01:00']);
  expect(await day('*/15 1-3 * * *', 'Europe/Berlin', '2026-10-25')).toEqual([
    '23:00',
    '23:15',
    '23:30',
    '23:45',
    '00:00',
    '01:15',
    '02:30',
    '02:45',
  ]);
});

test('the next times shown are the first of those it will fire at', async () => {
  const cron = { cron: '30 1 * * *', time_zone: 'America/New_York' };
  await withSchedule(cron, async (syncId) => {
    const { next = [] } = (await schedules.look(syncId)) ?? {};
    const now = Math.floor(Date.now() / minuteMs) * minuteMs;
    const fires = await temporalTimes(syncId, now, now + 30 * dayMs);
    expect(next.map((time) => time.getTime())).toEqual(
      fires.filter((time) => time > Date.now()).slice(0, next.length),
    );
    expect(next.length).toBeGreaterThanOrEqual(5);
  });
});
