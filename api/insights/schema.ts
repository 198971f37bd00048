// Owns what a request about insights may hold.
import { z } from 'zod';
import { count } from '../fields';

/** Lengths of time a workspace's health can be told for, in hours: none depends on a calendar or a time zone. */
export const windowHours = { '24h': 24, '7d': 7 * 24, '30d': 30 * 24 } as const;
export type HealthWindowName = keyof typeof windowHours;

/** Query of GET /insights/sync-health. */
export const syncHealthQuery = z.strictObject({
  window: z.enum(['24h', '7d', '30d']).default('24h'),
});

/** Runs, or days, that trends are told for: at most, and when nothing is said. */
const mostRuns = 500;
const mostDays = 90;
export const usualRuns = 100;
export const usualDays = 30;

/** Query of GET /syncs/{id}/trends: the last `runs` runs, or the last `days` days. */
export const trendsQuery = z
  .strictObject({
    by: z.enum(['run', 'day']).default('run'),
    runs: count(mostRuns).optional(),
    days: count(mostDays).optional(),
  })
  .superRefine(({ by, runs, days }, context) => {
    const other = by === 'run' ? 'days' : 'runs';
    if ((by === 'run' ? days : runs) === undefined) return;
    const message = `Means nothing in trends by ${by}.`;
    context.addIssue({ code: 'custom', path: [other], message, params: { code: 'other_trend' } });
  });
