// Owns what a figure of the benchmark is: a claim with its limit, and how it is measured. The figures lie beside it.
import type { BenchPlace } from './bench-place';
import type { Series, Spread } from './series';

/** One judged number: its median (of noisy times) or its highest value (of bounds) must not be above the limit. */
export interface Verdict {
  readonly claim: string;
  readonly unit: string;
  readonly limit: number;
  readonly judgedBy: 'median' | 'highest';
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
  /** `say` hears of every round. */
  measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult>;
}
