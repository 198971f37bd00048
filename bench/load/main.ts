// Owns the load generator, a process of its own: what it has to do costs neither the API nor whoever measures. It does one
// load, tells what it saw, and ends.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Callee, Caller } from './calls';

/** Paths are called in turn, over and over. */
interface AnyLoad {
  readonly callee: Callee;
  readonly paths: readonly string[];
  readonly seconds: number;
  /** Before the first call that counts. */
  readonly warmUpSeconds: number;
}

export interface OpenLoad extends AnyLoad {
  readonly kind: 'open';
  readonly perSecond: number;
}

export interface ClosedLoad extends AnyLoad {
  readonly kind: 'closed';
  readonly atOnce: number;
}

export type Load = OpenLoad | ClosedLoad;

// More than these at once and the API is far behind: the rest waits here, and its time counts.
const mostConnections = 200;

/**
 * Calls come at fixed times, however long the answers take, and each one's time counts from when it was due: an API that
 * stands still for a second is a hundred slow calls and not one.
 */
async function openLoop({ callee, paths, seconds, warmUpSeconds, perSecond }: OpenLoad): Promise<number[]> {
  const caller = new Caller(callee, mostConnections);
  const taken: number[] = [];
  const open: Promise<void>[] = [];
  const beginsMs = performance.now() + 100;
  const warmUps = warmUpSeconds * perSecond;
  for (let number = 0; number < warmUps + seconds * perSecond; number += 1) {
    const dueMs = beginsMs + (number * 1_000) / perSecond;
    const earlyMs = dueMs - performance.now();
    if (earlyMs > 0) await sleep(earlyMs);
    const call = caller.get(paths[number % paths.length] ?? '').then(() => {
      if (number >= warmUps) taken.push(performance.now() - dueMs);
    });
    open.push(call);
  }
  await Promise.all(open);
  await caller.close();
  return taken;
}

/** So many callers, each with its next call as soon as it has the answer: how many calls a second that makes. */
async function closedLoop({ callee, paths, seconds, warmUpSeconds, atOnce }: ClosedLoad): Promise<number> {
  const caller = new Caller(callee, atOnce);
  const beginsMs = performance.now() + warmUpSeconds * 1_000;
  const endsMs = beginsMs + seconds * 1_000;
  let next = 0;
  let answered = 0;
  const call = async (): Promise<void> => {
    while (performance.now() < endsMs) {
      await caller.get(paths[next++ % paths.length] ?? '');
      const nowMs = performance.now();
      if (nowMs >= beginsMs && nowMs < endsMs) answered += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, call));
  await caller.close();
  return answered / seconds;
}

async function main(load: Load): Promise<void> {
  const told =
    load.kind === 'open' ? { takenMs: await openLoop(load) } : { perSecond: await closedLoop(load) };
  process.send?.({ type: 'ready', ...told }, () => process.disconnect());
}

void main(JSON.parse(process.argv[2] ?? '') as Load);
