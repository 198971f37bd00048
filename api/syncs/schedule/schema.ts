// Owns what a request about a schedule may hold: all that the body alone can tell. Every fault has a pointer and a code.
import { Cron } from 'croner';
import { z } from 'zod';
import {
  defaultCatchUpSeconds,
  leastCatchUpSeconds,
  leastIntervalSeconds,
  mostCatchUpSeconds,
  mostIntervalSeconds,
  mostJitterSeconds,
  overlapPolicies,
  type Schedule,
} from '../../../domain/schedule';
import { paging, text } from '../../fields';

/** What becomes of a slot that finds a run active. */
export const overlapPolicy = z.enum(overlapPolicies);

interface ScheduleFault {
  readonly key: string;
  readonly code: string;
  readonly detail: string;
}

const scheduleFields = {
  interval_seconds: z.int().min(leastIntervalSeconds).max(mostIntervalSeconds).nullable().default(null),
  // Longer than any list of minutes, days and months.
  cron: text(500).nullable().default(null),
  time_zone: text(100).default('UTC'),
  jitter_seconds: z.int().min(0).max(mostJitterSeconds).default(0),
  catch_up_seconds: z.int().min(leastCatchUpSeconds).max(mostCatchUpSeconds).default(defaultCatchUpSeconds),
};

/** `schedule` in the body of POST /syncs. */
export const newSchedule = z.strictObject(scheduleFields).superRefine(addFaults);

/** Body of PUT /syncs/{id}/schedule: the whole of it; what is left out takes its default. */
export const putScheduleBody = z
  .strictObject({ ...scheduleFields, overlap_policy: overlapPolicy.optional() })
  .superRefine(addFaults);

type ScheduleBody = z.output<typeof newSchedule>;

/** Body of POST /syncs/{id}/pause and /resume. */
export const pauseBody = z.strictObject({ note: text(500).nullable().default(null) });

/** Query of GET /syncs/{id}/events. */
export const syncEventsQuery = z.strictObject(paging(100, 1_000));

/** The body as the domain has it. */
export function scheduleOf(body: ScheduleBody): Schedule {
  const rest = {
    timeZone: body.time_zone,
    jitterSeconds: body.jitter_seconds,
    catchUpSeconds: body.catch_up_seconds,
  };
  if (body.cron !== null) return { intervalSeconds: null, cron: oneBlank(body.cron), ...rest };
  return { intervalSeconds: body.interval_seconds ?? 0, cron: null, ...rest };
}

function addFaults(body: ScheduleBody, context: z.RefinementCtx): void {
  for (const { key, code, detail } of faultsOf(body)) {
    context.addIssue({ code: 'custom', path: key === '' ? [] : [key], message: detail, params: { code } });
  }
}

function faultsOf(body: ScheduleBody): ScheduleFault[] {
  const zone = faultOfZone(body.time_zone);
  const faults = zone ? [zone] : [];
  if ((body.interval_seconds === null) === (body.cron === null)) {
    const detail = 'Give either interval_seconds or cron.';
    return [{ key: '', code: 'one_cadence', detail }, ...faults];
  }
  const cron = body.cron === null ? null : cronFaults(oneBlank(body.cron));
  if (cron?.fault) return [cron.fault, ...faults];
  const gapSeconds = cron ? cron.gapSeconds : (body.interval_seconds ?? 0);
  if (body.jitter_seconds >= gapSeconds) {
    const detail = `Must be shorter than the time between two slots, which is ${gapSeconds} s.`;
    faults.push({ key: 'jitter_seconds', code: 'jitter_too_long', detail });
  }
  return faults;
}

const names = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat';
const point = String.raw`(\d{1,2}|${names})`;
const item = String.raw`(\*|${point}(-${point})?)(\/\d+)?`;
// What Temporal and croner both read, and read alike; neither nicknames nor L, W, # and ?.
const fiveFields = new RegExp(`^${item}(,${item})*( ${item}(,${item})*){4}$`, 'i');
// Enough for the rarest to show a leap year's gap, and a busy one its closest pair.
const firesLookedAt = 50;

function cronFaults(cron: string): { fault: ScheduleFault } | { fault: null; gapSeconds: number } {
  const fault = (code: string, detail: string) => ({ fault: { key: 'cron', code, detail } });
  if (!fiveFields.test(cron)) {
    return fault('invalid_cron', 'Must have five fields: minute, hour, day of month, month, day of week.');
  }
  const [, , dayOfMonth = '*', , dayOfWeek = '*'] = cron.split(' ');
  if (dayOfMonth !== '*' && dayOfWeek !== '*') {
    const detail =
      'Restrict the day of month or the day of week, not both: crons differ on whether one or both must fit.';
    return fault('ambiguous_days', detail);
  }
  let fires: Date[];
  try {
    fires = new Cron(cron, { mode: '5-part', timezone: 'UTC', paused: true }).nextRuns(firesLookedAt);
  } catch (error) {
    return fault('invalid_cron', `Cannot be read: ${(error as Error).message.replace(/^CronPattern: /, '')}`);
  }
  if (fires.length === 0) return fault('never_fires', 'There is no such day in any year.');
  return { fault: null, gapSeconds: smallestGapSeconds(fires) };
}

function smallestGapSeconds(fires: readonly Date[]): number {
  const gaps = fires.slice(1).map((fire, at) => fire.getTime() - (fires[at]?.getTime() ?? 0));
  return Math.min(...gaps, mostIntervalSeconds * 1_000) / 1_000;
}

function oneBlank(cron: string): string {
  return cron.trim().replaceAll(/\s+/g, ' ');
}

// Names are files for the server, so upper and lower case matter there; Intl takes any.
const zoneForm = /^[A-Z][A-Za-z0-9+-]*([_/][A-Za-z0-9+-]+)*$/;
const zones = new Set(Intl.supportedValuesOf('timeZone'));

function faultOfZone(zone: string): ScheduleFault | null {
  const known = canonicalZone(zone);
  const fault = (detail: string): ScheduleFault => ({ key: 'time_zone', code: 'unknown_time_zone', detail });
  if (known === null) return fault('Must be a name of the IANA database, like Europe/Berlin.');
  if (zones.has(zone)) return null;
  const isMiswritten = zone !== known && zone.toLowerCase() === known.toLowerCase();
  return isMiswritten || !zoneForm.test(zone) ? fault(`Write it as ${known}.`) : null;
}

/** Null: nobody knows it. */
function canonicalZone(zone: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
