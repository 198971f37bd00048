// Owns a cadence in words, for a person: `Every 15 minutes`, `At 09:00, Monday through Friday (Europe/Berlin)`.
import cronstrue from 'cronstrue';
import type { Schedule } from '../../../domain/schedule';

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** The cadence in one line. Intervals count from 1970 in UTC, whatever the zone. */
export function cadenceInWords({ intervalSeconds, cron, timeZone }: Schedule): string {
  if (cron !== null) return `${cronstrue.toString(cron, { use24HourTimeFormat: true })} (${timeZone})`;
  const parts: string[] = [];
  let rest = intervalSeconds;
  for (const [unit, seconds] of units) {
    const count = Math.floor(rest / seconds);
    rest %= seconds;
    if (count > 0) parts.push(count === 1 ? unit : `${count} ${unit}s`);
  }
  if (parts.length === 1) return `Every ${parts[0]}`;
  return `Every ${parts.map((part) => (/^\d/.test(part) ? part : `1 ${part}`)).join(' ')}`;
}
