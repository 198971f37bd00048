// Owns how numbers, times, durations and states read on a terminal.
import type { Progress, RunEnd } from '../api/wire';
import { inert } from './inert';

const absent = '–';

export function count(value: number | null): string {
  return value === null ? absent : value.toLocaleString('en-US');
}

/** `2025-01-15 09:00:00`, in UTC as everywhere. */
export function time(at: string | null): string {
  return at === null
    ? absent
    : inert(at)
        .replace('T', ' ')
        .replace(/(\.\d+)?Z$/, '');
}

/** `09:00:00`, for lines that follow each other. */
export function clock(at: string): string {
  return time(at).slice(11);
}

/** `4m 23s`, `850 ms`. */
export function duration(ms: number | null): string {
  if (ms === null) return absent;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m ${seconds % 60}s` : `${seconds}s`;
}

export function seconds(value: number | null): string {
  return value === null ? absent : value === 0 ? '0s' : duration(value * 1_000);
}

/** `with_row_errors` as words. */
export function words(name: string): string {
  return inert(name).replaceAll('_', ' ');
}

/** `completed, with row errors`. */
export function state({ status, outcome }: RunEnd): string {
  return outcome === null ? words(status) : `${words(status)}, ${words(outcome)}`;
}

/** `5,000 of 15,096 rows`; before it is known how many, `15,000 rows read`. */
export function rowsSoFar({
  rows_read: read,
  rows_planned: planned,
  rows_answered: answered,
}: Progress): string {
  return planned === null ? `${count(read ?? 0)} rows read` : `${count(answered)} of ${count(planned)} rows`;
}

/** `rate limited, until 2025-01-15 09:00:00 UTC`. */
export function waitWords({ reason, until }: NonNullable<Progress['waiting_for']>): string {
  return `${inert(reason)}${until === null ? '' : `, until ${time(until)} UTC`}`;
}

/** `rows read 15,432, changed 15,096`: what an event or a wait says beside its name. */
export function details(detail: Readonly<Record<string, unknown>>): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]) => `${words(key)} ${detailValue(value)}`)
    .join(', ');
}

function detailValue(value: unknown): string {
  if (typeof value === 'number') return count(value);
  return inert(typeof value === 'string' ? value : JSON.stringify(value));
}
