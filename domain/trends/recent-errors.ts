// Owns how far recent runs were off what was expected of each: their mean, their spread, and how often one was as far off.
import { deviationsPerMad, median } from './robust';

// Five weeks: what happens once a week has happened often enough to be known, what happens once a month at least once.
const memoryMs = 35 * 86_400_000;
// Syncs that run once a week or more rarely would never be known otherwise.
const leastKept = 30;

/** Errors of the last five weeks, or of the last 30 runs where that is longer. Positive: above what was expected. */
export class RecentErrors {
  private readonly times: number[] = [];
  private readonly errors: number[] = [];
  /** Of the sizes of the errors kept. */
  private sum = 0;
  /** Where the errors that are kept begin. */
  private first = 0;

  get count(): number {
    return this.errors.length - this.first;
  }

  /** Times never go back. */
  add(at: number, error: number): void {
    this.times.push(at);
    this.errors.push(error);
    this.sum += Math.abs(error);
    while (this.count > leastKept && (this.times[this.first] ?? at) < at - memoryMs) {
      this.sum -= Math.abs(this.errors[this.first] ?? 0);
      this.first += 1;
    }
  }

  /** Mean of the sizes: few large errors tell in it, as they do not in a median. */
  get mean(): number {
    // What was taken away may leave a little less than nothing.
    return Math.max(0, this.sum) / this.count;
  }

  /** Standard deviation as the median of the sizes gives it: a quarter of wild ones hardly moves it. Sorts them all. */
  get spread(): number {
    return deviationsPerMad * median(this.errors.slice(this.first).map(Math.abs));
  }

  /** How often errors lay at `error` or beyond it, on its side of zero; several one after the other are once. */
  timesBeyond(error: number): number {
    let times = 0;
    let wasBeyond = false;
    for (let at = this.first; at < this.errors.length; at += 1) {
      const other = this.errors[at] ?? 0;
      const isBeyond = error > 0 ? other >= error : other <= error;
      if (isBeyond && !wasBeyond) times += 1;
      wasBeyond = isBeyond;
    }
    return times;
  }
}
