// Owns the order of a measurement: every side once a round, so that a machine that is busy for a while slows all of them.
import type { Series } from './series';

/** Runs once and tells how long the part took that counts, in milliseconds, or what else it measures. */
export type Side = (round: number) => Promise<number>;

export interface Turns {
  readonly rounds: number;
  /** Rounds before the first that counts. */
  readonly warmUps: number;
  readonly say: (text: string) => void;
  /** Of what the sides tell; default: ms. */
  readonly unit?: Series['unit'];
  /** Before every side of every round: what must be the same for all of them, and is not timed. */
  readonly before?: (round: number) => Promise<unknown>;
}

/** What every side tells, round by round; warm-ups are left out. */
export async function inTurn<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
  { rounds, warmUps, say, before, unit = 'ms' }: Turns,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(sides) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -warmUps; round < rounds; round += 1) {
    const told: string[] = [];
    for (const name of names) {
      await before?.(round);
      const value = await sides[name](round);
      told.push(`${name} ${value.toFixed(0)} ${unit}`);
      if (round >= 0) taken[name].push(value);
    }
    // Rounds of a moment would be a page of lines.
    if (rounds < 20) say(`${round < 0 ? 'warm-up' : `round ${round + 1}`}: ${told.join(', ')}`);
  }
  return taken;
}

/** Milliseconds `work` took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
