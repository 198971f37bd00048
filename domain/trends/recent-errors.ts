// Owns how far recent runs were off what was expected of each: their spread, and how many were as far off as a given one.
import { deviationsPerMad, placeOf, quantile } from './robust';

// Five weeks: what happens once a week has happened often enough to be known, what happens once a month at least once.
const memoryMs = 35 * 86_400_000;
// Syncs that run once a week or more rarely would never be known otherwise.
const leastKept = 30;

/** Errors of the last five weeks, or of the last 30 runs where that is longer. Positive: above what was expected. */
export class RecentErrors {
  private readonly times: number[] = [];
  private readonly errors: number[] = [];
  /** Of the errors kept, without their sign. */
  private readonly sizes: number[] = [];
  /** Where the errors that are kept begin. */
  private first = 0;

  get count(): number {
    return this.sizes.length;
  }

  /** Times never go back. */
  add(at: number, error: number): void {
    this.times.push(at);
    this.errors.push(error);
    const size = Math.abs(error);
    this.sizes.splice(placeOf(size, this.sizes), 0, size);
    while (this.count > leastKept && (this.times[this.first] ?? at) < at - memoryMs) this.forgetFirst();
  }

  /** Standard deviation as the median of the errors' sizes gives it: a quarter of wild ones hardly moves it. */
  get spread(): number {
    return deviationsPerMad * quantile(this.sizes, 0.5);
  }

  /** The size that nine of ten errors do not exceed. */
  get ninth(): number {
    return quantile(this.sizes, 0.9);
  }

  /** How many lie at `error` or beyond it, on its side of zero. */
  countBeyond(error: number): number {
    let count = 0;
    for (let at = this.first; at < this.errors.length; at += 1) {
      const other = this.errors[at] ?? 0;
      if (error > 0 ? other >= error : other <= error) count += 1;
    }
    return count;
  }

  private forgetFirst(): void {
    this.sizes.splice(placeOf(Math.abs(this.errors[this.first] ?? 0), this.sizes), 1);
    this.first += 1;
  }
}
