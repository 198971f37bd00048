// Owns what is expected of a run by the runs before it: all of them, or those of the same hour, weekday, or hour of the week.
import { RecentErrors } from './recent-errors';

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

// Ten runs whose value was expected, and thirteen in all: with fewer nobody knows the spread.
const leastErrors = 10;

/** One way of expecting: the median of the last five runs that are alike, and how far off that has been. */
export class Season {
  readonly errors = new RecentErrors();
  private readonly groups = new Map<number, Group>();
  private readonly keyOf: (at: number) => number;

  constructor(name: SeasonName) {
    this.keyOf = keys[name];
  }

  /** What a run that starts at `at` is expected to bring; null while fewer than three runs are like it. */
  expected(at: number): Reading | null {
    return this.groups.get(this.keyOf(at))?.expected ?? null;
  }

  /** The same, once enough runs are known to say how well that is expected. */
  expectedWell(at: number): Reading | null {
    return this.errors.count < leastErrors ? null : this.expected(at);
  }

  /** Takes in what a run brought. */
  learn(at: number, reading: Reading): void {
    const key = this.keyOf(at);
    const group = this.groups.get(key) ?? { last: [], expected: null };
    if (group.expected) this.errors.add(at, reading.scaled - group.expected.scaled);
    group.last.push(reading);
    if (group.last.length > lastRuns) group.last.shift();
    group.expected = group.last.length < leastRuns ? null : middleOf(group.last);
    this.groups.set(key, group);
  }
}

// The hours of a week are the most groups there are.
const mostGroups = 168;

/**
 * What a season that has learnt all of `runs`, oldest first, would expect well of a run at `at` (Season.expectedWell): told by the
 * last ones that are like it and a count of the others, for a hundredth of what learning costs.
 */
export function expectedWellAfter<Run extends { readonly startedAt: number }>(
  name: SeasonName,
  runs: readonly Run[],
  read: (run: Run) => Reading,
  at: number,
): Reading | null {
  const keyOf = keys[name];
  const asked = keyOf(at);
  const alike: Reading[] = [];
  const counts = new Uint16Array(mostGroups);
  let errors = 0;
  for (let place = runs.length - 1; place >= 0; place -= 1) {
    const run = runs[place] as Run;
    const key = keyOf(run.startedAt);
    const count = (counts[key] ?? 0) + 1;
    counts[key] = count;
    if (count > leastRuns) errors += 1;
    if (key === asked && alike.length < lastRuns) alike.push(read(run));
  }
  return errors < leastErrors || alike.length < leastRuns ? null : middleOf(alike);
}

/** The last runs that are alike, and what is expected of the next. */
interface Group {
  readonly last: Reading[];
  expected: Reading | null;
}

function middleOf(readings: readonly Reading[]): Reading {
  const sorted = readings.toSorted((one, other) => one.scaled - other.scaled);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (!upper || !lower) throw new Error('no readings have no middle');
  return { value: (upper.value + lower.value) / 2, scaled: (upper.scaled + lower.scaled) / 2 };
}

/** What a season expects of a run. */
export interface Expectation {
  readonly expected: Reading;
  readonly errors: RecentErrors;
  /** It has seen about all that any of them has: what is new to it is new. */
  readonly isSeasoned: boolean;
}

// Less than a fourth more is chance, and a finer season has fewer runs to go by.
const aboutAsWell = 1.25;
// A finer season begins later, and would call new what it only was too young to see.
const seasonedShare = 0.8;

/** The expectations of the seasons that have expected best, or about as well as that; from the coarsest. */
export function expectationsOf(seasons: readonly Season[], at: number): Expectation[] {
  const all = seasons.flatMap((season) => {
    const expected = season.expectedWell(at);
    return expected ? [{ errors: season.errors, expected }] : [];
  });
  const best = Math.min(...all.map(({ errors }) => errors.mean));
  const believed = all.filter(({ errors }) => errors.mean <= best * aboutAsWell);
  const most = Math.max(...believed.map(({ errors }) => errors.count));
  return believed.map((each) => ({ ...each, isSeasoned: each.errors.count >= most * seasonedShare }));
}
