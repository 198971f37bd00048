// Owns how many batches of one destination may have calls open at once. Knows nothing of pace or of calls themselves.
import { CallWithheld } from '../../../call-withheld';

/** Ends the holding of a slot; a second time it does nothing. */
export type Release = () => void;

export interface CallSlots {
  /**
   * A slot, given in the order of asking. Throws the signal's reason when it is aborted, and CallWithheld when none came
   * free within `mostMs`: a batch is not to grow old between the ledger's `sent` and its call.
   */
  take(signal: AbortSignal, mostMs: number): Promise<Release>;
  /** Gives out the slots that were held back; a second time it does nothing. */
  openAll(): void;
}

/** So many slots; those above `atFirst` are held back until `openAll`. */
export function callSlots(slots: number, atFirst = slots): CallSlots {
  let free = Math.min(slots, atFirst);
  let heldBack = slots - free;
  const waiting = new Set<() => void>();

  function giveOut(): void {
    for (const next of waiting) {
      if (free === 0) return;
      next();
    }
  }

  const held = (): Release => {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      free += 1;
      giveOut();
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
    openAll() {
      free += heldBack;
      heldBack = 0;
      giveOut();
    },
  };
}
