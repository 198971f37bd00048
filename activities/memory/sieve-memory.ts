// Owns the memory one worker's runs have for snapshots and plans: who may take how much, in the order of asking.

/** Gives back what was reserved, or all of it but so many bytes; what was given back already stays so. */
export type Release = (butBytes?: number) => void;

/** Thrown where as many wait as may: whoever asked comes again later. */
export class LineFullError extends Error {
  override readonly name = 'LineFullError';
}

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

  constructor(
    readonly limitBytes: number,
    /** Most that wait in line, each in an activity's slot; who comes then is sent away. */
    private readonly mostWaiting = Infinity,
  ) {}

  /**
   * Resolves when so many bytes are free and nobody who asked before waits, at once for very few; `onWait` is called once
   * where that is not at once. More than the limit is taken for the limit: the run has all of it for itself. Throws the
   * signal's reason, what `onWait` throws, and LineFullError.
   */
  async reserve(bytes: number, signal: AbortSignal, onWait: () => Promise<void>): Promise<Release> {
    signal.throwIfAborted();
    const wanted = Math.min(bytes, this.limitBytes);
    if (bytes <= Math.min(neverWaitsBytes, this.limitBytes / neverWaitsShare)) return () => undefined;
    if (this.line.length > 0 || this.taken + wanted > this.limitBytes) {
      if (this.line.length >= this.mostWaiting) {
        await onWait();
        throw new LineFullError(`${this.mostWaiting} runs wait for memory already`);
      }
      await this.waitInLine(wanted, signal, onWait);
    } else this.taken += wanted;
    let held = wanted;
    return (butBytes = 0) => {
      const kept = Math.min(held, butBytes);
      this.giveBack(held - kept);
      held = kept;
    };
  }

  private async waitInLine(bytes: number, signal: AbortSignal, onWait: () => Promise<void>): Promise<void> {
    const silenced = new AbortController();
    const granted = this.inTurn(bytes, AbortSignal.any([signal, silenced.signal]));
    try {
      await Promise.all([granted, onWait()]);
    } catch (error) {
      // Whoever cannot say that he waits leaves the line, and may not hold what he was given meanwhile.
      silenced.abort(error);
      await granted.then(() => this.giveBack(bytes)).catch(() => undefined);
      throw error;
    }
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
