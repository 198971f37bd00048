// Owns putting load on the API, or on what it is compared with: hands it to a process of its own and has its numbers back.
import type { BenchPlace } from './bench-place';
import type { Callee } from './load/calls';
import type { Load } from './load/main';
import { shareBelow } from './series';

const warmUpSeconds = 2;

/** What is called, in turn, and for how long. */
interface Called {
  readonly callee: Callee;
  readonly paths: readonly string[];
  readonly seconds: number;
}

/** The 99th percentile of the times of calls that come at a fixed pace, milliseconds from when each was due. */
export async function p99AtPace(place: BenchPlace, called: Called, perSecond: number): Promise<number> {
  const { takenMs } = await put(place, { kind: 'open', perSecond, warmUpSeconds, ...called });
  return shareBelow(takenMs as number[], 0.99);
}

/** How many calls a second so many callers make, each with one at a time. */
export async function callsPerSecond(place: BenchPlace, called: Called, atOnce: number): Promise<number> {
  const { perSecond } = await put(place, { kind: 'closed', atOnce, warmUpSeconds, ...called });
  return perSecond as number;
}

function put(place: BenchPlace, load: Load): Promise<Readonly<Record<string, unknown>>> {
  return place.runProgram('load', 'bench/load/main.js', [JSON.stringify(load)]);
}
