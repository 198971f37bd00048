// Owns what a scenario is and what it says when it is over. Runs none.
import type { ChaosPlace } from './place/chaos-place';
import type { LedgerServer } from '../support/outside/row-ledger';
import type { SeededRandom } from './place/seeded-random';

/** One promise under one fault: what was expected, what was measured, and whether it holds. */
export interface ChaosResult {
  readonly id: string;
  readonly fault: string;
  readonly expected: string;
  readonly seen: string;
  readonly ok: boolean;
}

export interface ChaosOptions {
  readonly place: ChaosPlace;
  readonly ledgers: LedgerServer;
  /** `short` for every test run, `full` with the figures of the promise. */
  readonly form: 'short' | 'full';
  readonly random: SeededRandom;
  readonly say: (text: string) => void;
}

/** Faults done to a fresh place; one scenario may answer for several promises. */
export interface Scenario {
  readonly ids: readonly string[];
  readonly workers?: number;
  run(options: ChaosOptions): Promise<ChaosResult[]>;
}

// Beside the whole suite everything takes several times as long; what hangs takes longer still.
const shortFormPatience = 5;

/** Whether something took as little as was promised: to be judged on a machine that does nothing else, as for full forms. */
export function isTimely(form: ChaosOptions['form'], tookMs: number, promisedMs: number): boolean {
  return tookMs <= promisedMs * (form === 'full' ? 1 : shortFormPatience);
}

/** A result out of single facts: it holds when each of them does, and the failed ones stand first. */
export function resultOf(
  about: Pick<ChaosResult, 'id' | 'fault' | 'expected'>,
  facts: readonly { readonly text: string; readonly holds: boolean }[],
): ChaosResult {
  const failed = facts.filter(({ holds }) => !holds).map(({ text }) => `NOT: ${text}`);
  const held = facts.filter(({ holds }) => holds).map(({ text }) => text);
  return { ...about, seen: [...failed, ...held].join('; '), ok: failed.length === 0 };
}
