// Owns how many batches of one destination may have calls open at once. Knows nothing of pace or of calls themselves.
import { CallWithheld } from '../../call-withheld';

/** Ends the holding of a slot; a second time it does nothing. */
export type Release = () => void;

export interface CallSlots {
  /**
   * A slot, given in the order of asking. Throws the signal's reason when it is aborted, and CallWithheld when none came
   * free within `mostMs`: a batch is not to grow old between the ledger's `sent` and its call.
   */
  take(signal: AbortSignal, mostMs: number): Promise<Release>;
}

/** So many slots, all of them free. */
export function callSlots(slots: number): CallSlots {
  let free = slots;
  const waiting = new Set<() => void>();

  const held = (): Release => {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      free += 1;
      const [next] = waiting;
      next?.();
    };
  };

  return {
    async take(signal, mostMs) {
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return held();
      }
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.delete(onFree);
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
        };
        const onFree = (): void => {
          leave();
          free -= 1;
          resolve(held());
        };
        const onAbort = (): void => {
          leave();
          reject(signal.reason as Error);
        };
        const timer = setTimeout(() => {
          leave();
          reject(new CallWithheld(`no call ended within ${mostMs} ms`));
        }, mostMs);
        waiting.add(onFree);
        signal.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
}
