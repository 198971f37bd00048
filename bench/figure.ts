// Owns what a figure of the benchmark is: claims with what must hold, and how they are measured. The figures lie beside it.
import type { BenchPlace } from './bench-place';
import type { Series, Spread } from './series';

/** One judged number. Of noisy times the median counts, of bounds the worst value there was. */
export interface Verdict {
  readonly claim: string;
  /** `x`: a ratio. */
  readonly unit: 'x' | 'ms' | 'MB' | 'kB' | 'bytes' | 'a second' | 'plans' | 'activities';
  readonly bound: 'at_most' | 'at_least';
  readonly judgedBy: 'median' | 'worst';
  /** What has to hold, and what we go for; absent: only told. */
  readonly must?: number;
  readonly aim?: number;
  readonly measured: Spread;
}

export interface FigureResult {
  readonly verdicts: readonly Verdict[];
  readonly series: readonly Series[];
}

export interface Figure {
  /** What it is called on the command line. */
  readonly name: string;
  readonly title: string;
  /** How it is measured, a sentence or two for the report. */
  readonly method: string;
  /** Measured only when named or with `--large`: it takes tens of minutes or gigabytes. */
  readonly isLarge?: boolean;
  /** `say` hears of every round. */
  measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult>;
}
