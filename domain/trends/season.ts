// Owns what is expected of a run by the runs before it: all of them, or those of the same hour, weekday, or hour of the week.
import { RecentErrors } from './recent-errors';
import { median } from './robust';

const hourMs = 3_600_000;
const hourOfDay = (at: number): number => Math.floor(at / hourMs) % 24;
const dayOfWeek = (at: number): number => Math.floor(at / (24 * hourMs)) % 7;

/** Which runs are alike; from the coarsest, which knows a run soonest. Hours and days are those of UTC. */
export const seasonKeys = {
  none: () => 0,
  hour_of_day: hourOfDay,
  day_of_week: dayOfWeek,
  hour_of_week: (at: number) => dayOfWeek(at) * 24 + hourOfDay(at),
} as const satisfies Record<string, (at: number) => number>;
export type SeasonName = keyof typeof seasonKeys;

// The median of five is still a usual value when two of them were not, and follows a lasting change after three.
const lastRuns = 5;
const leastRuns = 3;

/** One way of expecting: the median of the last five runs that are alike, and how far off that has been. */
export class Season {
  readonly errors = new RecentErrors();
  private readonly groups = new Map<number, number[]>();
  private readonly keyOf: (at: number) => number;

  constructor(name: SeasonName) {
    this.keyOf = seasonKeys[name];
  }

  /** What a run that starts at `at` is expected to bring; null while fewer than three runs are like it. */
  expected(at: number): number | null {
    const alike = this.groups.get(this.keyOf(at));
    return alike && alike.length >= leastRuns ? median(alike) : null;
  }

  /** Takes in what a run brought. */
  learn(at: number, value: number): void {
    const expected = this.expected(at);
    if (expected !== null) this.errors.add(at, value - expected);
    const key = this.keyOf(at);
    const alike = this.groups.get(key) ?? [];
    alike.push(value);
    if (alike.length > lastRuns) alike.shift();
    this.groups.set(key, alike);
  }
}

// Ten runs whose value was expected, and thirteen in all: with fewer nobody knows the spread.
const leastErrors = 10;
// A finer season has fewer runs to go by, so it has to be clearly better.
const clearlyBetter = 0.8;

/** The season that has expected best, of those that expect anything of a run that starts at `at`; null when none does. */
export function bestSeason(
  seasons: readonly Season[],
  at: number,
): { season: Season; expected: number } | null {
  let best: { season: Season; expected: number } | null = null;
  for (const season of seasons) {
    const expected = season.errors.count < leastErrors ? null : season.expected(at);
    if (expected === null) continue;
    // By the ninth of ten errors and not by the median: a weekend is two days in seven, which no median sees.
    const isBetter = !best || season.errors.ninth < best.season.errors.ninth * clearlyBetter;
    if (isBetter) best = { season, expected };
  }
  return best;
}
