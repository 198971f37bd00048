// Owns the making of verdicts from rounds. Measures nothing.
import type { Verdict } from './figure';
import { pairedRatios, spreadOf } from './series';

interface Targets {
  readonly must?: number;
  readonly aim?: number;
}

/** The product's time over the baseline's, round by round: the smaller the better. */
export function ratio(
  claim: string,
  product: readonly number[],
  baseline: readonly number[],
  targets: Targets,
): Verdict {
  const measured = spreadOf(pairedRatios(product, baseline));
  return { claim, unit: 'x', bound: 'at_most', judgedBy: 'median', ...targets, measured };
}

/** The product's pace over the baseline's, round by round: the larger the better. */
export function shareOf(
  claim: string,
  product: readonly number[],
  baseline: readonly number[],
  targets: Targets,
): Verdict {
  const measured = spreadOf(pairedRatios(product, baseline));
  return { claim, unit: 'x', bound: 'at_least', judgedBy: 'median', ...targets, measured };
}

/** How many times slower the other way is, round by round: the larger the better. */
export function timesSlower(
  claim: string,
  other: readonly number[],
  product: readonly number[],
  targets: Targets,
): Verdict {
  const measured = spreadOf(pairedRatios(other, product));
  return { claim, unit: 'x', bound: 'at_least', judgedBy: 'median', ...targets, measured };
}

/** A time of each round that is to be within a limit: the median counts, as for ratios. */
export function within(claim: string, takenMs: readonly number[], targets: Targets): Verdict {
  return { claim, unit: 'ms', bound: 'at_most', judgedBy: 'median', ...targets, measured: spreadOf(takenMs) };
}

/** Something that must not be above a bound in any round. */
export function bounded(
  claim: string,
  unit: Verdict['unit'],
  values: readonly number[],
  targets: Targets,
): Verdict {
  return { claim, unit, bound: 'at_most', judgedBy: 'worst', ...targets, measured: spreadOf(values) };
}
