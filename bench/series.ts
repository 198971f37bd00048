// Owns the arithmetic of a measurement: medians, spreads, ratios of paired rounds. Measures nothing.

/** Values of one thing, a round each. */
export interface Series {
  readonly name: string;
  readonly unit: 'ms' | 'MB' | 'kB' | 'rows/s' | 'calls/s';
  readonly values: readonly number[];
}

/** Middle and ends of some values. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Throws when there is no value. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new Error('nothing was measured');
  return { median: (lower + upper) / 2, lowest: sorted[0] ?? upper, highest: sorted.at(-1) ?? upper };
}

/** The value that so large a share of all values is at or below: 0.99 for the 99th percentile. Throws when there is no value. */
export function shareBelow(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

/** Round by round, so that what slows a shared machine for a while slows both sides and drops out. */
export function pairedRatios(product: readonly number[], baseline: readonly number[]): number[] {
  if (product.length !== baseline.length) throw new Error('both sides need the same rounds');
  return product.map((value, round) => value / (baseline[round] ?? Number.NaN));
}
