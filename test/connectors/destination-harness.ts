// Owns what a kind of destination brings to the contract, and writing one batch to it. Holds no tests.
import type { BatchAnswer, DeliveryTarget, Destination, OutgoingBatch } from '../../connectors/destination';
import { type RowOutcome, rowOutcome } from '../../domain/row-outcome';
import type { SyncMode } from '../../domain/sync';

const never = new AbortController().signal;

/** One row as the other side holds it. */
export type HeldRow = Readonly<Record<string, string | null>>;

/**
 * An empty object in the other side that takes rows of three text fields. Shape `single`: key `id`, then `name`
 * (nullable) and `email`; `composite`: key `region`, `id`, then `name`. A row whose `email` has no `@` is refused.
 */
export interface ContractObject {
  readonly destination: Destination;
  target(mode: SyncMode): DeliveryTarget;
  /** What the other side holds now, in any order. */
  held(): Promise<HeldRow[]>;
  /** Puts rows there behind the destination's back. */
  seed(rows: readonly HeldRow[]): Promise<void>;
  /** A destination like this one whose credentials are refused. */
  withExpiredAuth(): Promise<Destination>;
  /** A destination like this one at an address where nobody listens. */
  withoutServer(): Promise<Destination>;
  /** Makes every write wait until `release` is called. */
  stall(): Promise<{ release(): Promise<void> }>;
  close(): Promise<void>;
}

/** What a kind of destination offers; tests of what it does not offer are not made. */
export interface DestinationHarness {
  readonly kind: string;
  readonly modes: readonly SyncMode[];
  /** Whether it says of each row if it was created or updated; otherwise the plan's word is expected back. */
  readonly tellsCreatedFromUpdated: boolean;
  /** Whether writes stay invisible until `commit`. */
  readonly transactional: boolean;
  /** The message of the refusal of an `email` without `@`. */
  readonly refusal: RegExp;
  open(shape: 'single' | 'composite'): Promise<ContractObject>;
}

/** Writes one batch in a transaction of its own and commits it. */
export async function writeOnce(
  destination: Destination,
  target: DeliveryTarget,
  batch: OutgoingBatch,
): Promise<BatchAnswer> {
  const lane = await destination.openLane(target, never);
  try {
    await lane.begin(never);
    const answer = await lane.write(batch, never);
    await lane.commit(never);
    return answer;
  } finally {
    await lane.close();
  }
}

/** The answer's outcomes as words. */
export function words(answer: BatchAnswer): string[] {
  const names = Object.entries(rowOutcome) as [string, RowOutcome][];
  return Array.from(answer.outcomes, (code) => names.find(([, value]) => value === code)?.[0] ?? `${code}`);
}
