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

// Hashes fill ranges evenly, but not exactly: half of all ranges have more than the mean. Six standard deviations are passed
// by one range in a thousand million; the rows beside them are for means of a few, which spread wider than that.
const deviations = 6;
const besides = 16;

/** Most keys that one of so many ranges has, of `keys` different ones in all. */
export function mostKeysOf(keys: number, ranges: number): number {
  if (ranges === 1) return keys;
  const mean = keys / ranges;
  return Math.min(keys, Math.ceil(mean + deviations * Math.sqrt(mean)) + besides);
}

export function isInRange(k0: number, { first, last }: KeyRange): boolean {
  return k0 >= first && k0 <= last;
}

/** How many ranges of this size all keys are. */
export function rangesLike(range: KeyRange): number {
  return 2 ** sharedBits(range);
}

/** Highest bits that are the same in all hashes of the range. */
export function sharedBits({ first, last }: KeyRange): number {
  return Math.clz32(last - first);
}
