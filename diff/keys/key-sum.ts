// Owns telling whether two readings of a model had lines of the same keys, in whatever order. What follows is the caller's.

/** Adds up key hashes: the same keys, each as often, have the same sum; others have it once in 2^64 cases. */
export class KeySum {
  private low = 0;
  private high = 0;

  /** Adds the key hash at `words[at..at+4)`. */
  add(words: Uint32Array, at: number): void {
    // One of its two halves is enough. Sums and no XOR: a key that comes twice would leave that as it was.
    this.low = (this.low + words[at + 2]!) | 0;
    this.high = (this.high + words[at + 3]!) | 0;
  }

  /** The sum so far, to be compared with others. */
  get text(): string {
    return `${this.high >>> 0}:${this.low >>> 0}`;
  }
}
