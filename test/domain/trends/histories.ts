// Makes histories of runs as syncs have them: constant, scattered, seasonal, growing, with days on which nothing comes.
import type { MeasuredRun } from '../../../domain/trends/measured-run';
import type { SeededRandom } from '../../chaos/place/seeded-random';

/** A run of a made history; `place` counts from 0. */
export interface MadeRun extends MeasuredRun {
  readonly place: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
// A Monday, three weeks before the clocks of Europe change.
const beginsAt = Date.UTC(2026, 2, 9);

/** Time between two runs. */
export const cadences = { daily: dayMs, hourly: hourMs, 'every 15 minutes': 15 * minuteMs } as const;
export type CadenceName = keyof typeof cadences;

/** What a kind of sync brings at a time: rows, the share refused, and how long as a multiple of the usual. */
interface Shape {
  rows(at: number, random: SeededRandom): number;
  readonly errorRate?: (random: SeededRandom) => number;
  readonly slowness?: (random: SeededRandom) => number;
}

/** Normally distributed, mean 0, deviation 1. */
function normal(random: SeededRandom): number {
  return Math.sqrt(-2 * Math.log(random.between(1e-12, 1))) * Math.cos(2 * Math.PI * random.between(0, 1));
}

const scattered = (random: SeededRandom, deviation: number): number => Math.exp(deviation * normal(random));

function poisson(random: SeededRandom, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let count = 0;
  for (let left = random.between(0, 1); left > Math.exp(-mean); count += 1) left *= random.between(0, 1);
  return count;
}

const hourOf = (at: number): number => (at % dayMs) / hourMs;
const isWeekend = (at: number): boolean => [0, 6].includes(new Date(at).getUTCDay());
const byDay = (at: number): number => 1 + 0.8 * Math.sin((2 * Math.PI * hourOf(at)) / 24);
const byWeek = (at: number): number => (isWeekend(at) ? 0.1 : 1);
const berlin = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', hour: 'numeric' });
const isOfficeHour = (at: number): boolean => {
  const hour = Number(berlin.format(at));
  return hour >= 8 && hour < 18 && !isWeekend(at);
};

/** Steady syncs: nothing happens to them that a person would want to know of. */
export const steadyShapes = {
  constant: { rows: () => 1_000, slowness: () => 1 },
  poisson: { rows: (_, random) => poisson(random, 500) },
  lognormal: { rows: (_, random) => 5_000 * scattered(random, 0.15) },
  'season of the day': { rows: (at, random) => 5_000 * byDay(at) * scattered(random, 0.1) },
  'season of the week': { rows: (at, random) => 10_000 * byWeek(at) * scattered(random, 0.1) },
  'both seasons': { rows: (at, random) => 20_000 * byDay(at) * byWeek(at) * scattered(random, 0.1) },
  'slow growth': {
    rows: (at, random) => 2_000 * 1.01 ** ((at - beginsAt) / dayMs) * scattered(random, 0.1),
  },
} as const satisfies Record<string, Shape>;

/** As steady, but so small or wild that a change of that size is nothing unusual: there it is enough to be quiet. */
export const wildShapes = {
  'small poisson': { rows: (_, random) => poisson(random, 20) },
  // The day decides, not the run.
  'occasional zero days': { rows: (at, random) => (isZeroDay(at, random) ? 0 : poisson(random, 800)) },
  'wide lognormal': { rows: (_, random) => 2_000 * scattered(random, 0.7) },
  'nightly batch': {
    rows: (at, random) => (Math.floor(hourOf(at)) === 2 ? 40_000 : 1_000) * scattered(random, 0.1),
  },
  'slow now and then': {
    rows: (_, random) => poisson(random, 800),
    slowness: (random) => (random.between(0, 1) < 0.03 ? 5 : 1) * scattered(random, 0.2),
  },
} as const satisfies Record<string, Shape>;

/** So rough, or so changed in the middle, that an alarm now and then cannot be told from what they do by themselves. */
export const roughShapes = {
  'heavy tail': { rows: (_, random) => 500 / random.between(0.0001, 1) ** 0.5 },
  'office hours across a clock change': {
    rows: (at, random) => (isOfficeHour(at) ? 10_000 : 1_000) * scattered(random, 0.1),
  },
  'zero runs': { rows: (_, random) => (random.between(0, 1) < 0.03 ? 0 : poisson(random, 800)) },
  'many errors': { rows: (_, random) => poisson(random, 800), errorRate: () => 0.08 },
  'bursts of errors': {
    rows: (_, random) => poisson(random, 800),
    errorRate: (random) => Math.min(1, 0.01 * scattered(random, 1)),
  },
} as const satisfies Record<string, Shape>;

const zeroDays = new WeakMap<SeededRandom, Map<number, boolean>>();
function isZeroDay(at: number, random: SeededRandom): boolean {
  const days = zeroDays.get(random) ?? new Map<number, boolean>();
  zeroDays.set(random, days);
  const day = Math.floor(at / dayMs);
  const isZero = days.get(day) ?? random.between(0, 1) < 0.02;
  days.set(day, isZero);
  return isZero;
}

/** So many days of runs, oldest first. Without another word one row in a thousand fails and a run takes two minutes, give or take. */
export function aHistory(shape: Shape, cadence: CadenceName, days: number, random: SeededRandom): MadeRun[] {
  const { errorRate = () => 0.001, slowness = (by: SeededRandom) => scattered(by, 0.1) } = shape;
  const every = cadences[cadence];
  return Array.from({ length: Math.floor((days * dayMs) / every) }, (_, place) => {
    // A run of a day comes at six in the morning; each some seconds after its slot.
    const slot = beginsAt + place * every + (every === dayMs ? 6 * hourMs : 0);
    const startedAt = slot + Math.round(random.between(0, 5_000));
    const rowsProcessed = Math.max(0, Math.round(shape.rows(slot, random)));
    const rowsFailed = Math.min(rowsProcessed, poisson(random, rowsProcessed * errorRate(random)));
    return {
      place,
      startedAt,
      durationMs: Math.round(120_000 * slowness(random)),
      rowsProcessed,
      rowsFailed,
    };
  });
}

/** The four sudden changes, each of one run as it would have been without it. */
export const changes = {
  row_count_spike: (run) => ({
    ...run,
    rowsProcessed: run.rowsProcessed * 3,
    rowsFailed: run.rowsFailed * 3,
  }),
  row_count_drop: (run) => ({
    ...run,
    rowsProcessed: Math.floor(run.rowsProcessed / 10),
    rowsFailed: Math.floor(run.rowsFailed / 10),
  }),
  error_rate_increase: (run) => ({ ...run, rowsFailed: Math.ceil(run.rowsProcessed * 0.05) }),
  duration_increase: (run) => ({ ...run, durationMs: run.durationMs * 3 }),
} as const satisfies Record<string, (run: MadeRun) => MadeRun>;
