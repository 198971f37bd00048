// Owns doing for many callers at once what costs a round trip each. Knows nothing of what is done.
import { setTimeout as sleep } from 'node:timers/promises';

// Parameters of one statement stay few and small; more than this many lanes rarely meet.
const mostAtOnce = 16;

/**
 * A function that hands its item to `work` at once, or, while a call of `work` is under way, with all others that come
 * meanwhile in the next one; a call after one for several waits `gatherMs` for more. It settles as that call does: when it
 * fails, it fails for all of them.
 */
export function together<Item>(
  work: (items: Item[]) => Promise<void>,
  gatherMs = 0,
): (item: Item) => Promise<void> {
  let waiting: { item: Item; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let isWorking = false;
  let lastCount = 0;

  async function workOff(): Promise<void> {
    isWorking = true;
    while (waiting.length > 0) {
      if (gatherMs > 0 && lastCount > 1 && waiting.length < mostAtOnce) await sleep(gatherMs);
      const taken = waiting.slice(0, mostAtOnce);
      waiting = waiting.slice(mostAtOnce);
      lastCount = taken.length;
      try {
        await work(taken.map(({ item }) => item));
        for (const { resolve } of taken) resolve();
      } catch (error) {
        for (const { reject } of taken) reject(error);
      }
    }
    isWorking = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isWorking) void workOff();
    });
}
