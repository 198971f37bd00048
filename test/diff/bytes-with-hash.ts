// Finds bytes for a hash, to make hashes that stand for something else. XXH64 itself is domain/xxh64.
import { times, turn, xxhPrimes } from '../../domain/xxh64';

const mask = 2n ** 64n - 1n;
const [p1, p2, p3, p4, p5] = xxhPrimes;

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
