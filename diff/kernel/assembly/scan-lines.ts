// Owns cutting COPY text into lines and hashing them, in AssemblyScript. What a hash is compared with is the sieve's.
// Compiled by `npm run build:kernel`; diff/hasher.ts says what the hashes are, and is the same in TypeScript.

// One line: key hash (two u64) | fingerprint (u64) | start | end | end of the key (u32), from the input's first byte.
export const lineBytes: u32 = 36;
export const mostLines: u32 = 1024;
const lines: usize = 0;

// A key is lower-cased beside the lines; a longer one is left to the caller.
const lowered: usize = 36864;
const longestLowered: usize = 24576;

/** Where the caller puts the bytes, and how many at most; behind them is room for a read past the end. */
export const input: usize = 65536;
export const inputBytes: u32 = 131072;

/** Stands for the key's end in a line that was cut but not hashed: its key is null, cut short, or not ASCII. */
export const notHashed: u32 = 0xffffffff;

/** After a scan: where the line begins that was not taken any more. */
export let next: u32 = 0;

const newline: u8 = 10;
const tab: u8 = 9;
// The bytes \N, as a little-endian word reads them.
const nullText: u16 = 0x4e5c;

// As in diff/hasher.ts.
const keySeedOne: u64 = 0x243f6a8885a308d3;
const keySeedTwo: u64 = 0x13198a2e03707344;
const fingerprintBits: u64 = 0x7fffffffffffffff;
const reservedFingerprints: u64 = 16;

/**
 * Cuts the first `bytes` bytes of the input into lines and hashes them, until the lines or the room for them end.
 * Returns how many there are. A line without a newline stays for the next scan.
 */
export function scan(bytes: u32, keyColumns: u32, lowerKeys: bool, seed: u64): u32 {
  const end = input + bytes;
  let start = input;
  let count: u32 = 0;
  while (count < mostLines) {
    const lineEnd = findNewline(start, end);
    if (lineEnd >= end) break;
    scanLine(lines + count * lineBytes, start, lineEnd, keyColumns, lowerKeys, seed);
    count++;
    start = lineEnd + 1;
  }
  next = <u32>(start - input);
  return count;
}

function scanLine(line: usize, start: usize, end: usize, keyColumns: u32, lowerKeys: bool, seed: u64): void {
  store<u32>(line, <u32>(start - input), 24);
  store<u32>(line, <u32>(end - input), 28);
  const keyEnd = findKeyEnd(start, end, keyColumns);
  const key = keyEnd != 0 && lowerKeys ? lowerKey(start, keyEnd) : start;
  if (keyEnd == 0 || key == 0) {
    store<u32>(line, notHashed, 32);
    return;
  }
  store<u32>(line, <u32>(keyEnd - input), 32);
  const keyBytes = keyEnd - start;
  store<u64>(line, xxh64(key, key + keyBytes, keySeedOne), 0);
  store<u64>(line, xxh64(key, key + keyBytes, keySeedTwo), 8);
  const fingerprint = xxh64(start, end, seed) & fingerprintBits;
  store<u64>(line, fingerprint < reservedFingerprints ? fingerprint + reservedFingerprints : fingerprint, 16);
}

/** The first newline, or `end` or a place behind it. */
function findNewline(at: usize, end: usize): usize {
  const newlines = i8x16.splat(newline);
  for (; at < end; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), newlines));
    if (found != 0) return at + ctz(found);
  }
  return end;
}

/** Where the key columns end; 0 when one of them is null or lacks. */
function findKeyEnd(start: usize, end: usize, keyColumns: u32): usize {
  let fieldStart = start;
  for (let at = start; at <= end; at++) {
    if (at < end && load<u8>(at) != tab) continue;
    if (at - fieldStart == 2 && load<u16>(fieldStart) == nullText) return 0;
    if (--keyColumns == 0) return at;
    fieldStart = at + 1;
  }
  return 0;
}

/** Where the key stands in lower case, or 0 when it is too long or not ASCII: what that reads in lower case is not known here. */
function lowerKey(start: usize, end: usize): usize {
  if (end - start > longestLowered) return 0;
  for (let at = start, to = lowered; at < end; at++, to++) {
    const byte = load<u8>(at);
    if (byte >= 0x80) return 0;
    store<u8>(to, byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);
  }
  return lowered;
}

const prime1: u64 = 0x9e3779b185ebca87;
const prime2: u64 = 0xc2b2ae3d27d4eb4f;
const prime3: u64 = 0x165667b19e3779f9;
const prime4: u64 = 0x85ebca77c2b2ae63;
const prime5: u64 = 0x27d4eb2f165667c5;

/** XXH64 of the bytes from `at` to `end`; the words are those of xxHash's specification (xxhash.com, doc/xxhash_spec.md). */
function xxh64(at: usize, end: usize, seed: u64): u64 {
  const length = end - at;
  let hash = seed + prime5;
  if (length >= 32) {
    let one = seed + prime1 + prime2;
    let two = seed + prime2;
    let three = seed;
    let four = seed - prime1;
    for (const lastStripe = end - 32; at <= lastStripe; at += 32) {
      one = round(one, load<u64>(at, 0));
      two = round(two, load<u64>(at, 8));
      three = round(three, load<u64>(at, 16));
      four = round(four, load<u64>(at, 24));
    }
    hash = rotl<u64>(one, 1) + rotl<u64>(two, 7) + rotl<u64>(three, 12) + rotl<u64>(four, 18);
    hash = merge(merge(merge(merge(hash, one), two), three), four);
  }
  hash += <u64>length;
  for (; at + 8 <= end; at += 8) hash = rotl<u64>(hash ^ round(0, load<u64>(at)), 27) * prime1 + prime4;
  if (at + 4 <= end) {
    hash = rotl<u64>(hash ^ (<u64>load<u32>(at) * prime1), 23) * prime2 + prime3;
    at += 4;
  }
  for (; at < end; at++) hash = rotl<u64>(hash ^ (<u64>load<u8>(at) * prime5), 11) * prime1;
  hash = (hash ^ (hash >> 33)) * prime2;
  hash = (hash ^ (hash >> 29)) * prime3;
  return hash ^ (hash >> 32);
}

function round(accumulator: u64, lane: u64): u64 {
  return rotl<u64>(accumulator + lane * prime2, 31) * prime1;
}

function merge(hash: u64, accumulator: u64): u64 {
  return (hash ^ round(0, accumulator)) * prime1 + prime4;
}
