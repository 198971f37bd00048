// Owns XXH64 written out from its specification, slow and plain: for a key at a time, and to hold the fast one to it.
const mask = 2n ** 64n - 1n;
const [p1, p2, p3, p4, p5] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;

/** Its primes, in the order of the specification. */
export const xxhPrimes = [p1, p2, p3, p4, p5] as const;

/** Product modulo 2^64. */
export const times = (a: bigint, b: bigint): bigint => (a * b) & mask;
/** 64 bits, turned to the left. */
export const turn = (a: bigint, by: bigint): bigint => ((a << by) | (a >> (64n - by))) & mask;
const round = (lane: bigint, input: bigint): bigint => times(turn((lane + times(input, p2)) & mask, 31n), p1);
const merge = (hash: bigint, lane: bigint): bigint => (times(hash ^ round(0n, lane), p1) + p4) & mask;

/** The hash of some bytes: 64 bits. About a microsecond a byte. */
export function xxh64(bytes: Uint8Array, seed: bigint): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let hash: bigint;
  if (bytes.length >= 32) {
    const lanes = [seed + p1 + p2, seed + p2, seed, seed - p1].map((lane) => lane & mask);
    for (; at + 32 <= bytes.length; at += 32) {
      for (let i = 0; i < 4; i++) lanes[i] = round(lanes[i]!, view.getBigUint64(at + 8 * i, true));
    }
    const turns = [1n, 7n, 12n, 18n];
    hash = lanes.reduce((sum, lane, i) => sum + turn(lane, turns[i]!), 0n) & mask;
    for (const lane of lanes) hash = merge(hash, lane);
  } else {
    hash = (seed + p5) & mask;
  }
  hash = (hash + BigInt(bytes.length)) & mask;
  for (; at + 8 <= bytes.length; at += 8) {
    hash = (times(turn(hash ^ round(0n, view.getBigUint64(at, true)), 27n), p1) + p4) & mask;
  }
  if (at + 4 <= bytes.length) {
    hash = (times(turn(hash ^ times(BigInt(view.getUint32(at, true)), p1), 23n), p2) + p3) & mask;
    at += 4;
  }
  for (; at < bytes.length; at++) hash = times(turn(hash ^ times(BigInt(bytes[at]!), p5), 11n), p1);
  hash = times(hash ^ (hash >> 33n), p2);
  hash = times(hash ^ (hash >> 29n), p3);
  return hash ^ (hash >> 32n);
}
