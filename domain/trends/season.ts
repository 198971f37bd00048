// Owns what is expected of a run by the runs before it: all of them, or those of the same hour, weekday, or hour of the week.
import { RecentErrors } from './recent-errors';
import { median } from './robust';

const hourMs = 3_600_000;
const hourOfDay = (at: number): number => Math.floor(at / hourMs) % 24;
const dayOfWeek = (at: number): number => Math.floor(at / (24 * hourMs)) % 7;

/** Which runs are alike; from the coarsest, which knows a run soonest. Hours and days are those of UTC. */
const keys = {
  none: () => 0,
  hour_of_day: hourOfDay,
  day_of_week: dayOfWeek,
  hour_of_week: (at: number) => dayOfWeek(at) * 24 + hourOfDay(at),
} as const satisfies Record<string, (at: number) => number>;
export type SeasonName = keyof typeof keys;

/** What is measured of a run, and the same on the scale on which it is compared. */
export interface Reading {
  readonly value: number;
  readonly scaled: number;
}

// The median of five is still a usual value when two of them were not, and follows a lasting change after three.
const lastRuns = 5;
const leastRuns = 3;

/** One way of expecting: the median of the last five runs that are alike, and how far off that has been. */
export class Season {
  readonly errors = new RecentErrors();
  private readonly alike = new Map<number, Reading[]>();
  private readonly keyOf: (at: number) => number;

  constructor(name: SeasonName) {
    this.keyOf = keys[name];
  }

  /** What a run that starts at `at` is expected to bring; null while fewer than three runs are like it. */
  expected(at: number): Reading | null {
    const alike = this.alike.get(this.keyOf(at));
    if (!alike || alike.length < leastRuns) return null;
    return {
      value: median(alike.map(({ value }) => value)),
      scaled: median(alike.map(({ scaled }) => scaled)),
    };
  }

  /** Takes in what a run brought. */
  learn(at: number, reading: Reading): void {
    const expected = this.expected(at);
    if (expected) this.errors.add(at, reading.scaled - expected.scaled);
    const key = this.keyOf(at);
    const alike = this.alike.get(key) ?? [];
    alike.push(reading);
    if (alike.length > lastRuns) alike.shift();
    this.alike.set(key, alike);
  }
}

/** What a season expects of a run. */
export interface Expectation {
  readonly expected: Reading;
  readonly errors: RecentErrors;
}

// Ten runs whose value was expected, and thirteen in all: with fewer nobody knows the spread.
const leastErrors = 10;
// Less than a fourth more is chance, and a finer season has fewer runs to go by.
const aboutAsWell = 1.25;

/** The expectations of the seasons that have expected best, or about as well as that; from the coarsest. */
export function expectationsOf(seasons: readonly Season[], at: number): Expectation[] {
  const all: Expectation[] = [];
  for (const { errors, expected } of seasons.map((season) => ({
    errors: season.errors,
    expected: season.expected(at),
  })))
    if (expected && errors.count >= leastErrors) all.push({ expected, errors });
  const best = Math.min(...all.map(({ errors }) => errors.mean));
  return all.filter(({ errors }) => errors.mean <= best * aboutAsWell);
}
