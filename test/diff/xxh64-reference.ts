// XXH64 written out from its specification, slow and plain, to hold the one that is used to it.
const mask = 2n ** 64n - 1n;
const [p1, p2, p3, p4, p5] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;

const times = (a: bigint, b: bigint): bigint => (a * b) & mask;
const turn = (a: bigint, by: bigint): bigint => ((a << by) | (a >> (64n - by))) & mask;
const round = (lane: bigint, input: bigint): bigint => times(turn((lane + times(input, p2)) & mask, 31n), p1);
const merge = (hash: bigint, lane: bigint): bigint => (times(hash ^ round(0n, lane), p1) + p4) & mask;

export function xxh64(bytes: Buffer, seed: bigint): bigint {
  let at = 0;
  let hash: bigint;
  if (bytes.length >= 32) {
    const lanes = [seed + p1 + p2, seed + p2, seed, seed - p1].map((lane) => lane & mask);
    for (; at + 32 <= bytes.length; at += 32) {
      for (let i = 0; i < 4; i++) lanes[i] = round(lanes[i]!, bytes.readBigUInt64LE(at + 8 * i));
    }
    const turns = [1n, 7n, 12n, 18n];
    hash = lanes.reduce((sum, lane, i) => sum + turn(lane, turns[i]!), 0n) & mask;
    for (const lane of lanes) hash = merge(hash, lane);
  } else {
    hash = (seed + p5) & mask;
  }
  hash = (hash + BigInt(bytes.length)) & mask;
  for (; at + 8 <= bytes.length; at += 8) {
    hash = (times(turn(hash ^ round(0n, bytes.readBigUInt64LE(at)), 27n), p1) + p4) & mask;
  }
  if (at + 4 <= bytes.length) {
    hash = (times(turn(hash ^ times(BigInt(bytes.readUInt32LE(at)), p1), 23n), p2) + p3) & mask;
    at += 4;
  }
  for (; at < bytes.length; at++) hash = times(turn(hash ^ times(BigInt(bytes[at]!), p5), 11n), p1);
  hash = times(hash ^ (hash >> 33n), p2);
  hash = times(hash ^ (hash >> 29n), p3);
  return hash ^ (hash >> 32n);
}

/** Eight bytes whose hash with `seed` is `hash`: every step of a short input can be undone. */
export function bytesWithHash(hash: bigint, seed: bigint): Buffer {
  let state = hash ^ (hash >> 32n);
  state = times(state, inverse(p3));
  state ^= (state >> 29n) ^ (state >> 58n);
  state = times(state, inverse(p2));
  state ^= state >> 33n;
  state = turn(times((state - p4) & mask, inverse(p1)), 37n) ^ ((seed + p5 + 8n) & mask);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(times(turn(times(state, inverse(p1)), 33n), inverse(p2)));
  return bytes;
}

/** Of an odd number, modulo 2^64, by Newton's steps. */
function inverse(odd: bigint): bigint {
  let found = odd;
  for (let i = 0; i < 6; i++) found = times(found, (2n - times(odd, found)) & mask);
  return found;
}
