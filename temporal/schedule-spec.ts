// Owns a cadence in Temporal's terms: interval or cron, zone, jitter. Knows nothing of what is started.
import type { ScheduleOptions } from '@temporalio/client';
import type { Schedule } from '../domain/schedule';

/** The spec of a schedule. */
export function scheduleSpecOf({
  intervalSeconds,
  cron,
  timeZone,
  jitterSeconds,
}: Schedule): ScheduleOptions['spec'] {
  const jitter = jitterSeconds * 1_000;
  if (cron === null) return { intervals: [{ every: intervalSeconds * 1_000 }], timezone: timeZone, jitter };
  return { cronExpressions: [cron], timezone: zoneToFireIn(cron, timeZone), jitter };
}

// Where the clocks go back, server 1.29 loses slots in zones east of Greenwich: of `*/15 * * * *` in Europe/Berlin it
// fired three in three hours. A cron of minutes alone means the same in UTC if the zone is whole hours away from it.
function zoneToFireIn(cron: string, timeZone: string): string {
  return /^\S+ \* \* \* \*$/.test(cron) && isWholeHours(timeZone) ? 'UTC' : timeZone;
}

// A date in every month: whatever the zone does with its clocks in a year, some of them see it.
const months = Array.from({ length: 12 }, (_, month) => month);

function isWholeHours(timeZone: string): boolean {
  const minute = new Intl.DateTimeFormat('en', { timeZone, minute: 'numeric' });
  const year = new Date().getUTCFullYear();
  return months.every((month) => minute.format(Date.UTC(year, month, 15)) === '0');
}
