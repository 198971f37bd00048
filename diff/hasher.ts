// Owns the one hash behind row keys and row fingerprints; which bytes of a line are the key is the sieve's business.
import { isUtf8 } from 'node:buffer';
import { keySeeds } from '../domain/row-key';
import { reservedFingerprints } from '../domain/row-state';
import type { FieldMapping } from '../domain/sync';
import { createLineKernel } from './kernel/line-kernel';
import type { LineKernel } from './kernel/line-kernel';

/** Name of the hash in a snapshot's identity: another name re-baselines. */
export const hashName = 'xxh64x2/1';
/** Version of the text form rows are fingerprinted in: another one sends every row again. */
export const encoderVersion = 1;

/** Hashes key bytes into four words at `out[at]`; `end` is exclusive. */
export type KeyHash = (
  buffer: Uint8Array,
  start: number,
  end: number,
  out: Uint32Array<ArrayBuffer>,
  at: number,
) => void;

/** Every stored hash comes from here. Bit-equal for ever: test/diff/hash-vectors.json. */
export interface Hasher {
  /** 128 bits of the raw COPY text of the key columns, tabs between. */
  readonly keyHash: KeyHash;
  /** The same after lower-casing, for destinations that compare keys without regard to case. */
  readonly lowerKeyHash: KeyHash;
  /** 63 bits of a line without its newline, as low and high word at `out[at]`; never a reserved value. */
  fingerprint(
    buffer: Uint8Array,
    start: number,
    end: number,
    seed: bigint,
    out: Uint32Array<ArrayBuffer>,
    at: number,
  ): void;
  /**
   * Seed of a sync's fingerprints. `columns` in the order lines carry them: two columns that swap places would
   * otherwise make two different rows look alike.
   */
  fingerprintSeed(columns: readonly FieldMapping[], encoderVersion: number): bigint;
  /** The same hashes of many lines at once; null where it cannot run, and every line is hashed by the calls above. */
  readonly kernel: LineKernel | null;
}

/**
 * Loads the WebAssembly modules; throws on a big-endian machine, where stored words would read differently. `kernel`:
 * another one than this machine's own, or null for none.
 */
export async function createHasher(kernel = createLineKernel()): Promise<Hasher> {
  if (new Uint8Array(Uint32Array.of(1).buffer)[0] !== 1) throw new Error('a little-endian machine is needed');
  // ESM types on a package that also has CommonJS: import() is the form both TypeScript and Node accept.
  const { default: loadXxhash } = await import('xxhash-wasm');
  const xxhash = await loadXxhash();

  // Storing a BigInt through a typed array keeps it in a register; taking it apart with >> and & allocates.
  const wide = new BigUint64Array(2);
  const words = new Uint32Array(wide.buffer);
  let lowered = Buffer.allocUnsafeSlow(256);

  const hashKeyBytes = (key: Uint8Array, out: Uint32Array<ArrayBuffer>, at: number): void => {
    wide[0] = xxhash.h64Raw(key, keySeeds[0]);
    wide[1] = xxhash.h64Raw(key, keySeeds[1]);
    out[at] = words[0]!;
    out[at + 1] = words[1]!;
    out[at + 2] = words[2]!;
    out[at + 3] = words[3]!;
  };

  return {
    kernel,

    keyHash(buffer, start, end, out, at) {
      hashKeyBytes(view(buffer, start, end), out, at);
    },

    lowerKeyHash(buffer, start, end, out, at) {
      const length = end - start;
      if (lowered.length < length) lowered = Buffer.allocUnsafeSlow(length * 2);
      let ascii = true;
      for (let i = 0; i < length; i++) {
        const byte = buffer[start + i]!;
        if (byte >= 0x80) ascii = false;
        lowered[i] = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
      }
      const raw = view(buffer, start, end);
      // Bytes that are no UTF-8 (a SQL_ASCII source) would all decode to U+FFFD and merge keys: A-Z only then.
      if (ascii || !isUtf8(raw)) return hashKeyBytes(lowered.subarray(0, length), out, at);
      hashKeyBytes(Buffer.from(Buffer.from(raw).toString('utf8').toLowerCase(), 'utf8'), out, at);
    },

    fingerprint(buffer, start, end, seed, out, at) {
      wide[0] = xxhash.h64Raw(view(buffer, start, end), seed);
      const low = words[0]!;
      const high = words[1]! & 0x7fffffff;
      out[at] = high === 0 && low < reservedFingerprints ? low + reservedFingerprints : low;
      out[at + 1] = high;
    },

    fingerprintSeed(columns, encoderVersion) {
      return xxhash.h64(
        JSON.stringify([encoderVersion, columns.map(({ column, field }) => [column, field])]),
      );
    },
  };
}

/** A plain view: `Buffer.subarray` costs twice as much. */
function view(buffer: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset + start, end - start);
}
