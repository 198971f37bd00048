// Owns the memory one worker's runs have for snapshots and plans: who may take how much, in the order of asking.

/** Gives back what was reserved; a second time it does nothing. */
export type Release = () => void;

// A mebibyte is a snapshot of 27,000 rows, and a worker has twenty runs at most: small syncs need not stand behind large
// ones for what vanishes beside them. With a small limit a share of it.
const neverWaitsBytes = 1024 * 1024;
const neverWaitsShare = 64;

interface Waiting {
  readonly bytes: number;
  readonly grant: () => void;
}

/** Bytes are what a run is about to take by its own reckoning; nothing is measured. */
export class SieveMemory {
  private taken = 0;
  private readonly line: Waiting[] = [];

  constructor(readonly limitBytes: number) {}

  /**
   * Resolves when so many bytes are free and nobody who asked before waits, at once for very few; `onWait` is called once where that is not at
   * once. More than the limit is taken for the limit: the run has all of it for itself. Throws the signal's reason.
   */
  async reserve(bytes: number, signal: AbortSignal, onWait: () => Promise<void>): Promise<Release> {
    signal.throwIfAborted();
    const wanted = Math.min(bytes, this.limitBytes);
    if (bytes <= Math.min(neverWaitsBytes, this.limitBytes / neverWaitsShare)) return () => undefined;
    if (this.line.length > 0 || this.taken + wanted > this.limitBytes) {
      const granted = this.inTurn(wanted, signal);
      // Whoever cannot say that he waits may not hold what he is given meanwhile.
      await Promise.all([granted, onWait()]).catch((error: unknown) => {
        void granted.then(() => this.giveBack(wanted)).catch(() => undefined);
        throw error;
      });
    } else this.taken += wanted;
    let isHeld = true;
    return () => {
      if (isHeld) this.giveBack(wanted);
      isHeld = false;
    };
  }

  private inTurn(bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.line.splice(this.line.indexOf(waiting), 1);
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        leave();
        reject(signal.reason as Error);
        // What stood behind it may fit.
        this.admit();
      };
      const waiting: Waiting = {
        bytes,
        grant: () => {
          leave();
          this.taken += bytes;
          resolve();
        },
      };
      this.line.push(waiting);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  private giveBack(bytes: number): void {
    this.taken -= bytes;
    this.admit();
  }

  private admit(): void {
    for (let next = this.line[0]; next && this.taken + next.bytes <= this.limitBytes; next = this.line[0])
      next.grant();
  }
}
