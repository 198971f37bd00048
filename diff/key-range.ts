// Owns ranges of row keys by their hash: what is too large for memory at once is worked on range by range.

/** First word of a key hash, both ends included. */
export interface KeyRange {
  readonly first: number;
  readonly last: number;
}

/** Every key, as one range. */
export const everyKey: KeyRange = { first: 0, last: 0xffffffff };

/** More ranges than this are of no use: each costs a read of everything. */
export const mostRanges = 256;

/** Every key as so many ranges of one size, in order; `count` is a power of two. */
export function keyRanges(count: number): KeyRange[] {
  if (!Number.isInteger(Math.log2(count)) || count > mostRanges) throw new Error(`${count} ranges of keys`);
  const size = 2 ** 32 / count;
  return Array.from({ length: count }, (_, at) => ({ first: at * size, last: (at + 1) * size - 1 }));
}

/** How many ranges bring `bytes` for all keys under `limit` for each: a power of two. Hashes fill ranges evenly. */
export function rangesFor(bytes: number, limit: number): number {
  let count = 1;
  while (bytes / count > limit && count < mostRanges) count *= 2;
  return count;
}

export function isInRange(k0: number, { first, last }: KeyRange): boolean {
  return k0 >= first && k0 <= last;
}

/** Highest bits that are the same in all hashes of the range. */
export function sharedBits({ first, last }: KeyRange): number {
  return Math.clz32(last - first);
}
